//! Answers under the nodes that gave them: equal ones once, or each by itself.
//! Not in here: which are equal.

use bramble_fleet::Stream;
use bramble_view::answers::{Shape, grouped, opening};

use super::gathered::{Shown, shape};
use super::page::Page;
use super::trouble::Trouble;
use crate::console::Console;

/// Equal answers once, standard error after standard output, also if nobody reads
/// that any more.
pub(super) fn print(shown: &Shown<'_>, console: &mut Console) -> Result<(), Trouble> {
    let printed = print_stream(shown, Stream::Output, console);
    print_stream(shown, Stream::Complaint, console)?;
    printed
}

/// The same for one of the two outputs.
pub(super) fn print_stream(
    shown: &Shown<'_>,
    stream: Stream,
    console: &mut Console,
) -> Result<(), Trouble> {
    let mut page = Page::new(console, stream, shown.raw);
    let keys = shown
        .heard(stream)
        .map(|(place, answer)| (place, &answer.key));
    for group in grouped(keys) {
        print_group(shown, &group, stream, &mut page)?;
    }
    page.flush()
}

/// One answer under all nodes that gave it.
pub(super) fn print_group(
    shown: &Shown<'_>,
    group: &[usize],
    stream: Stream,
    page: &mut Page<'_>,
) -> Result<(), Trouble> {
    let Some(answer) = shown.answers.of(group[0], stream) else {
        return Ok(());
    };
    page.text(&opening(&shown.course.names(group), shape(answer)))?;
    page.answer(shown.store, answer)
}

/// Each answer by itself, in the order of the nodes.
pub(super) fn print_each(shown: &Shown<'_>, console: &mut Console) -> Result<(), Trouble> {
    for place in 0..shown.course.len() {
        for stream in [Stream::Output, Stream::Complaint] {
            let Some(answer) = shown.heard_at(place, stream) else {
                continue;
            };
            let mut page = Page::new(console, stream, shown.raw);
            let below = match shape(answer) {
                Shape::Nothing => Shape::Nothing,
                Shape::Line | Shape::Lines => Shape::Lines,
            };
            page.text(&opening(&shown.course.names(&[place]), below))?;
            page.answer(shown.store, answer)?;
            page.flush()?;
        }
    }
    Ok(())
}
