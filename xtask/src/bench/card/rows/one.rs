//! One card against `dd`: all of the image, and without what nobody uses. Not in here:
//! images that are packed.

use super::super::desk::{self, Desk};
use super::super::measure::{Tool, rounds};
use super::super::peers;
use super::super::report::Outcome;
use crate::failure::Failure;
use crate::program;

/// What ours may take of the peer's time.
const WRITE: f64 = 1.05;
const VERIFY: f64 = 1.1;
const FREE: f64 = 0.67;

pub(super) fn whole(desk: &Desk) -> Result<Outcome, Failure> {
    let image = desk.image()?;
    let disk = desk.disk("card")?;
    let name = disk.name();
    let ours = |words: &'static [&str]| {
        let name = &name;
        move || desk.ours.write(&image.raw, &[name], words)
    };
    let tools = [
        Tool::new("dd", || peers::dd(&image.raw, &name)),
        Tool::new(
            "card write --full --no-verify",
            ours(&["--full", "--no-verify"]),
        ),
        Tool::new("dd, and reading once", || {
            peers::dd_and_read(&image.raw, &name)
        }),
        Tool::new("card write --full", ours(&["--full"])),
    ];
    let all = rounds(desk, desk.often(), &tools, &|| desk::warm(&image.raw));
    let mut outcome = Outcome::new("one card, all of the image");
    outcome.times(&all);
    outcome.figures.push(all[1].against(&all[0]).goal(WRITE));
    outcome.figures.push(all[3].against(&all[2]).goal(VERIFY));
    outcome.figures.push(all[3].cpu());
    outcome.note(image.described());
    Ok(outcome)
}

pub(super) fn free(desk: &Desk) -> Result<Outcome, Failure> {
    let image = desk.image()?;
    let disk = desk.disk("card")?;
    let name = disk.name();
    let tools = [
        Tool::new("dd", || peers::dd(&image.raw, &name)),
        Tool::new("card write --no-verify", || {
            desk.ours.write(&image.raw, &[&name], &["--no-verify"])
        }),
    ];
    let all = rounds(desk, desk.often(), &tools, &|| desk::warm(&image.raw));
    let right = program::output(&mut desk.ours.verify(&image.raw, &[&name]))?;
    let mut outcome = Outcome::new("one card, free blocks left out");
    outcome.times(&all);
    outcome.figures.push(all[1].against(&all[0]).goal(FREE));
    outcome.note(image.described());
    outcome.note(right.trim());
    Ok(outcome)
}
