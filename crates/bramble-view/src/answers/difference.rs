//! An answer held against the one that most nodes gave, line by line. Not in
//! here: which that is.

use std::fmt::Display;

use bramble_cluster::nodeset::NodeSet;
use similar::{ChangeTag, TextDiff};

use crate::safe_text::safe;
use crate::style::Label;

/// Bytes of the longest answer that is compared line by line. Longer ones are no
/// text for people, and comparing them costs memory and time.
pub const LONGEST: u64 = 1 << 20;

/// Lines shown around a change.
const AROUND: usize = 3;

/// How lines of a node are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Nothing in them can act on a terminal.
    pub harmless: bool,
    /// Those that differ are in colour.
    pub coloured: bool,
}

/// What `other`, the answer of `nodes`, has that `usual`, the one of `most`, has
/// not, and the other way round. Styles are there only if they are wanted, since
/// taking them away later would take those of the nodes away as well.
pub fn difference(
    (most, usual): (&NodeSet, &str),
    (nodes, other): (&NodeSet, &str),
    look: Look,
) -> String {
    // Only a line feed ends a line: a carriage return is part of one.
    let lines = |text| str::split_inclusive(text, '\n').collect::<Vec<&str>>();
    let (usual, other) = (lines(usual), lines(other));
    let diff = TextDiff::from_slices(&usual, &other);
    let (mut added, mut removed) = (0, 0);
    let mut body = String::new();
    for hunk in diff.unified_diff().context_radius(AROUND).iter_hunks() {
        body.push_str(&look.paint(Label::Quiet, hunk.header()));
        body.push('\n');
        for change in hunk.iter_changes() {
            added += usize::from(change.tag() == ChangeTag::Insert);
            removed += usize::from(change.tag() == ChangeTag::Delete);
            body.push_str(&look.line(change.tag(), change.value()));
        }
    }
    let size = match (added, removed) {
        (0, 0) => "differs only in bytes that are no text".to_owned(),
        _ => format!("+{added} -{removed}"),
    };
    let heading = look.paint(Label::Heading, format!("{nodes}:"));
    format!("{heading} {size} against {most}\n{body}")
}

impl Look {
    fn line(self, tag: ChangeTag, text: &str) -> String {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = if self.harmless {
            safe(text)
        } else {
            text.into()
        };
        match tag {
            ChangeTag::Equal => format!(" {text}\n"),
            ChangeTag::Insert => format!("{}\n", self.paint(Label::Good, format!("+{text}"))),
            ChangeTag::Delete => format!("{}\n", self.paint(Label::Bad, format!("-{text}"))),
        }
    }

    fn paint(self, label: Label, text: impl Display) -> String {
        if self.coloured {
            label.paint(text)
        } else {
            text.to_string()
        }
    }
}
