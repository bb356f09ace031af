//! One card against the programs that people use, from the same image to the same device.
//! Not in here: memory for larger images.

use super::super::desk::{self, Desk};
use super::super::measure::{Measured, Tool, rounds};
use super::super::peers;
use super::super::report::Outcome;
use crate::failure::Failure;

/// Ours is not slower, and reads back what it wrote.
const GOAL: f64 = 1.0;

pub(super) fn measure(desk: &Desk) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::new("one card against the programs that people use");
    let image = desk.image()?;
    let disk = desk.disk("card")?;
    let name = disk.name();
    let map = peers::block_map(desk, &image.raw)?;
    let caligula = peers::caligula_program(desk);
    let (raw, xz) = (&image.raw, &image.xz);
    let mut tools = vec![
        Tool::new("card write, .xz", || desk.ours.write(xz, &[&name], &[])),
        Tool::new("bmaptool copy, .xz", || peers::bmaptool(xz, &map, &name)),
        Tool::new("xz -dc | dd", || peers::xz_and_dd(xz, &name)),
        Tool::new("card write, raw", || desk.ours.write(raw, &[&name], &[])),
        Tool::new("bmaptool copy, raw", || peers::bmaptool(raw, &map, &name)),
    ];
    match &caligula {
        Ok(program) => tools.push(Tool::new("caligula burn, .xz", || {
            peers::caligula(program, xz, &name)
        })),
        Err(why) => outcome.note(format!("caligula cannot be had: {why}")),
    }
    let before = || {
        desk::warm(raw)?;
        desk::warm(xz)?;
        desk::forget(&disk.path)
    };
    let all = rounds(desk, desk.runs, &tools, &before);
    outcome.times(&all);
    // What checks nothing is there to compare.
    outcome.figures.push(all[0].against(&all[2]));
    for (ours, peer) in [(0, 1), (3, 4), (0, 5)] {
        if let (Some(ours), Some(peer)) = (all.get(ours), all.get(peer)) {
            outcome.figures.push(ours.against(peer).goal(GOAL));
        }
    }
    outcome.figures.extend(all.iter().map(Measured::cpu));
    outcome.figures.extend(all.iter().map(Measured::memory));
    outcome.note(
        "bramble reads all back that it wrote; caligula all of the image, which it unpacks \
         twice; bmaptool checks the image on its way and reads nothing back; dd checks nothing",
    );
    outcome.note(
        "memory of several processes is that of the largest; caligula does not wait for the \
         process that writes, of which neither memory nor processor time is seen",
    );
    Ok(outcome)
}
