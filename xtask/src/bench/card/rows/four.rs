//! Four cards from one packed image against one, each as slow as cards are. Not in here:
//! slowing them down.

use super::super::desk::{self, Desk};
use super::super::disk::Disk;
use super::super::limit::Limit;
use super::super::measure::{Measured, Tool, rounds};
use super::super::report::Outcome;
use crate::bench::figure::Figure;
use crate::failure::Failure;
use crate::program::command;

/// Bytes a second: what a card reader and a usual card do.
const RATE: u64 = 30_000_000;

/// What four may take of the time of one.
const GOAL: f64 = 1.15;

pub(super) fn measure(desk: &Desk) -> Result<Outcome, Failure> {
    let image = desk.image()?;
    let limit = Limit::new(desk, RATE)?;
    let disks = ["card", "card2", "card3", "card4"].map(|name| desk.disk(name));
    let disks = disks.into_iter().collect::<Result<Vec<Disk>, _>>()?;
    let disks: Vec<_> = disks.iter().collect();
    let names: Vec<_> = disks.iter().map(|disk| disk.name()).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let write = |many: usize| {
        limit.on(
            &disks[..many],
            &desk.ours.write(&image.xz, &names[..many], &[]),
        )
    };
    let unpack = || {
        let mut xz = command("xz");
        xz.args(["--decompress", "--stdout"]).arg(&image.xz);
        xz
    };
    let tools = [
        Tool::new("card write, one card", || write(1)),
        Tool::new("card write, four cards", || write(4)),
        Tool::new("xz -dc alone", unpack),
    ];
    let all = rounds(desk, desk.runs, &tools, &|| desk::warm(&image.xz));
    let mut outcome = Outcome::new("four cards of 30 MB/s from one .xz");
    outcome.times(&all);
    outcome.figures.push(all[1].against(&all[0]).goal(GOAL));
    outcome.figures.extend(all.iter().map(Measured::cpu));
    outcome.figures.push(more(&all));
    outcome.note("processor time of three more cards is that of checking them, not of unpacking");
    Ok(outcome)
}

/// What three more cards take of the processor, by what unpacking once takes: three, if
/// each were unpacked for itself.
fn more(all: &[Measured]) -> Figure {
    let rounds = all[0]
        .samples
        .iter()
        .zip(&all[1].samples)
        .zip(&all[2].samples);
    let parts: Vec<_> = rounds
        .map(|((one, four), unpacking)| (four.cpu - one.cpu) / unpacking.cpu)
        .collect();
    Figure::ratio("processor time of three more cards / of xz -dc", &parts).goal(1.0)
}
