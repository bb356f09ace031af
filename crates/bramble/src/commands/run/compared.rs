//! Answers held against the one that most nodes gave. Not in here: comparing.

use bramble_cluster::nodeset::NodeSet;
use bramble_fleet::Stream;
use bramble_view::answers::{LONGEST, difference, grouped, majority};
use bramble_view::utf8::Utf8;

use super::folded::{print_group, print_stream};
use super::gathered::Shown;
use super::page::Page;
use super::trouble::Trouble;
use crate::capture::Captured;
use crate::console::Console;

/// The answer of most nodes, then how each other differs; standard error folded.
pub(super) fn print(shown: &Shown<'_>, console: &mut Console) -> Result<(), Trouble> {
    let printed = print_outputs(shown, console);
    print_stream(shown, Stream::Complaint, console)?;
    printed
}

fn print_outputs(shown: &Shown<'_>, console: &mut Console) -> Result<(), Trouble> {
    let answers = shown.comparable();
    let groups = grouped(answers.map(|(place, answer)| (place, &answer.key)));
    let Some(most) = majority(&groups) else {
        return Ok(());
    };
    let mut page = Page::new(console, Stream::Output, shown.raw);
    print_group(shown, &groups[most], Stream::Output, &mut page)?;
    let usual = Usual {
        nodes: shown.course.names(&groups[most]),
        text: text(shown, groups[most][0])?,
    };
    for other in (0..groups.len()).filter(|&at| at != most) {
        print_other(shown, &usual, &groups[other], &mut page)?;
    }
    page.flush()
}

/// The answer of most nodes.
struct Usual {
    nodes: NodeSet,
    text: Option<String>,
}

/// What is too long to be compared is printed whole.
fn print_other(
    shown: &Shown<'_>,
    usual: &Usual,
    others: &[usize],
    page: &mut Page<'_>,
) -> Result<(), Trouble> {
    let (Some(usual_text), Some(other)) = (&usual.text, text(shown, others[0])?) else {
        return print_group(shown, others, Stream::Output, page);
    };
    let others = shown.course.names(others);
    let look = page.look();
    let text = difference((&usual.nodes, usual_text), (&others, &other), look);
    page.bytes(text.as_bytes())
}

/// The answer as text, each line with its end; nothing if it is too long.
fn text(shown: &Shown<'_>, place: usize) -> Result<Option<String>, Trouble> {
    let within = |answer: &&Captured| answer.length <= LONGEST;
    let Some(answer) = shown.answers.of(place, Stream::Output).filter(within) else {
        return Ok(None);
    };
    let (mut utf8, mut text) = (Utf8::default(), String::new());
    shown.store.read(answer, &mut |bytes| {
        utf8.push(bytes, &mut text);
        Ok::<(), Trouble>(())
    })?;
    utf8.finish(&mut text);
    if answer.open {
        text.push('\n');
    }
    Ok(Some(text))
}
