//! What writing a card takes of memory, whatever the image's size. Not in here: time.

use std::fs::File;

use super::super::desk::Desk;
use super::super::measure::{Tool, rounds};
use super::super::report::Outcome;
use crate::failure::Failure;

/// Megabytes.
const GOAL: f64 = 64.0;

pub(super) fn measure(desk: &Desk) -> Result<Outcome, Failure> {
    let (usual, large) = (desk.image()?, desk.large_image()?);
    let card = desk.path("large-card");
    let made = File::create(&card).and_then(|file| file.set_len(large.length));
    made.map_err(|error| Failure::file("make", &card, &error))?;
    let name = card.display().to_string();
    let images = [
        ("raw, 1 GiB", &usual.raw),
        (".xz, 1 GiB", &usual.xz),
        ("raw, 8 GiB", &large.raw),
        (".xz, 8 GiB", &large.xz),
    ];
    let tools = images.map(|(what, image)| {
        let name = &name;
        Tool::new(format!("card write, {what}"), move || {
            desk.ours.write(image, &[name], &[])
        })
    });
    let all = rounds(desk, desk.runs, &tools, &|| Ok(()));
    let mut outcome = Outcome::new("memory of writing a card");
    outcome.times(&all);
    let memory = all.iter().map(|it| it.memory().goal(GOAL));
    outcome.figures.extend(memory);
    outcome.note(large.described());
    outcome.note("less than this program's own 30 MB cannot be seen");
    Ok(outcome)
}
