//! Image files of six nodes against as many copies, on this file system and on one that
//! shares blocks between files. Not in here: cards.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Command;

use super::super::desk::{self, Desk};
use super::super::measure::{Tool, rounds};
use super::super::mounted::Mounted;
use super::super::peers;
use super::super::report::Outcome;
use crate::bench::figure::Figure;
use crate::failure::Failure;
use crate::program;

/// What ours may take of the time and room that copies take: the disk bounds both.
const GOAL: f64 = 1.1;

/// What six files that share their blocks may take of the room of six that do not: what
/// each has of its own is less than a megabyte.
const SHARED: f64 = 0.02;

const NODES: &str = "node[1-6]";

pub(super) fn measure(desk: &Desk) -> Result<Outcome, Failure> {
    let image = desk.image()?;
    let mut outcome = Outcome::new("image files of six nodes");
    let (copied, made) = (desk.path("copied"), desk.path("made"));
    let tools = [
        Tool::new("cp --sparse=always, six times", || {
            peers::copies(&image.raw, &copied)
        }),
        Tool::new("card image", || ours(desk, &image.raw, &made)),
    ];
    let before = || {
        empty(&copied)?;
        empty(&made)?;
        desk::warm(&image.raw)
    };
    let all = rounds(desk, desk.runs, &tools, &before);
    outcome.times(&all);
    outcome.figures.push(all[1].against(&all[0]).goal(GOAL));
    let own = room(&made)?;
    tools[0].once(desk)?;
    let peer = room(&copied)?;
    let part = Figure::ratio("card image / cp: room on the disk", &[own / peer]);
    outcome.figures.push(part.goal(GOAL));
    empty(&copied)?;
    empty(&made)?;
    if let Err(why) = shared(desk, peer, &mut outcome) {
        outcome.note(format!("where files can share blocks: not measured: {why}"));
    }
    Ok(outcome)
}

/// On a file system where files can share their blocks.
fn shared(desk: &Desk, copied: f64, outcome: &mut Outcome) -> Result<(), Failure> {
    let image = desk.image()?;
    let there = Mounted::new(desk, 12 << 30)?;
    let (source, made) = (there.folder.join("system.img"), there.folder.join("made"));
    let mut copy = program::command("cp");
    program::output(&mut there.inside(copy.arg(&image.raw).arg(&source)))?;
    let mut clear = program::command("rm");
    clear.arg("-rf").arg(&made);
    let before = || program::output(&mut there.inside(&clear)).map(drop);
    let tool = Tool::new("card image, where files can share blocks", || {
        there.inside(&ours(desk, &source, &made))
    });
    before()?;
    let empty = there.used()?;
    let all = rounds(desk, desk.runs, &[tool], &before);
    let room = there.used()? - empty;
    outcome.times(&all);
    let part = Figure::ratio("the same, room / that of six copies", &[room / copied]);
    outcome.figures.push(part.goal(SHARED));
    Ok(())
}

fn ours(desk: &Desk, image: &Path, to: &Path) -> Command {
    let mut make = desk.ours.card(&["image", NODES, "--no-bmap"]);
    make.arg("--image").arg(image).arg("--out").arg(to);
    make
}

fn empty(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| Failure::file("empty", folder, &error))?;
    }
    desk::make_folder(folder)
}

/// What the files in `folder` take of their disk, in bytes.
fn room(folder: &Path) -> Result<f64, Failure> {
    let blocks = fs::read_dir(folder).and_then(|files| {
        let blocks = files.map(|file| Ok(file?.metadata()?.blocks()));
        blocks.sum::<std::io::Result<u64>>()
    });
    let blocks = blocks.map_err(|error| Failure::file("read", folder, &error))?;
    // Proof: fewer than 2^32 of these blocks are 2 TiB.
    Ok(f64::from(u32::try_from(blocks).unwrap_or(u32::MAX)) * 512.0)
}
