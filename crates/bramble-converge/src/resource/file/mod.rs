//! A regular file with its content, mode and owner.

use std::collections::BTreeSet;

use bramble_cluster::Secret;
use sha2::{Digest as _, Sha256};
use similar::{ChangeTag, TextDiff};

use super::{Difference, Key, Kind, Line, Resource, Verdict};
use crate::record::{Record, decode, encode, hex};

/// Unchanged lines shown on each side of a change.
const CONTEXT: usize = 2;

/// Files.
pub const KIND: Kind = Kind {
    name: "file",
    observe: include_str!("observe.sh"),
    apply: include_str!("apply.sh"),
};

/// A regular file.
#[derive(Debug, Clone)]
pub struct File {
    path: String,
    content: Content,
    mode: u32,
    owner: String,
}

#[derive(Debug, Clone)]
enum Content {
    Shown(String),
    Hidden(Secret<Vec<u8>>),
}

impl File {
    /// A file that root owns and all may read.
    pub fn new(path: impl Into<String>, content: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            content: Content::Shown(content.into()),
            mode: 0o644,
            owner: "root:root".to_owned(),
        }
    }

    /// A file that only its owner may read and no plan shows.
    pub fn secret(path: impl Into<String>, content: Secret<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            content: Content::Hidden(content),
            mode: 0o600,
            owner: "root:root".to_owned(),
        }
    }

    /// The same with another mode.
    #[must_use]
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = mode;
        self
    }

    /// The same with another owner, as `user:group`.
    #[must_use]
    pub fn owner(mut self, owner: impl Into<String>) -> Self {
        self.owner = owner.into();
        self
    }

    fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Shown(text) => text.as_bytes(),
            Content::Hidden(secret) => secret.expose(),
        }
    }

    /// The SHA-256 of the content in hexadecimal, as `sha256sum` writes it.
    fn digest(&self) -> String {
        hex(&Sha256::digest(self.bytes()))
    }

    /// What a node that has the file answers.
    fn fact(&self) -> Record {
        let mode = format!("{:o}", self.mode);
        Record::new([&self.path, "regular file", &mode, &self.owner, "same", ""])
    }

    /// A file that is made shows mode and owner where they are not the usual.
    fn lines(&self, seen: Option<&Record>) -> Vec<Line> {
        let usual = Record::new([&self.path, "", "644", "root:root", "other", ""]);
        let old = seen.unwrap_or(&usual);
        let mut lines = Vec::new();
        let mode = format!("{:o}", self.mode);
        for (word, field, new) in [("mode", MODE, &mode), ("owner", OWNER, &self.owner)] {
            if old.field(field) != new {
                let gone = seen.map(|seen| Line::Removed(format!("{word} {}", seen.field(field))));
                lines.extend(gone);
                lines.push(Line::Added(format!("{word} {new}")));
            }
        }
        if old.field(STATE) != "same" {
            lines.extend(self.content_lines(old.field(CONTENT)));
        }
        lines
    }

    fn content_lines(&self, seen: &str) -> Vec<Line> {
        match &self.content {
            Content::Hidden(_) => vec![Line::Added("(secret)".to_owned())],
            Content::Shown(wanted) => {
                let old = decode(seen).unwrap_or_default();
                diff_lines(&String::from_utf8_lossy(&old), wanted)
            }
        }
    }
}

/// Fields of the fact.
const TYPE: usize = 1;
const MODE: usize = 2;
const OWNER: usize = 3;
const STATE: usize = 4;
const CONTENT: usize = 5;

impl Resource for File {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn id(&self) -> String {
        self.path.clone()
    }

    fn question(&self) -> Record {
        let reveal = match self.content {
            Content::Shown(_) => "reveal",
            Content::Hidden(_) => "hide",
        };
        Record::new([&self.path, self.digest().as_str(), reveal])
    }

    fn differ(&self, seen: Option<&Record>, _: &BTreeSet<Key>) -> Verdict {
        let expect = self.fact();
        if seen == Some(&expect) {
            return Verdict::Same;
        }
        let file_type = seen.map_or("", |seen| seen.field(TYPE));
        if !matches!(
            file_type,
            "" | "regular file" | "regular empty file" | "symbolic link"
        ) {
            return Verdict::Conflict {
                found: format!("{} is a {file_type}, not a file", self.path),
                remedy: "move it away, then run `bramble up` again".to_owned(),
            };
        }
        let action = if seen.is_some() { "replace" } else { "create" };
        let mode = format!("{:04o}", self.mode);
        let step = Record::new([&self.path, &mode, &self.owner, &encode(self.bytes())]);
        let mut difference = Difference::new(action, step, Some(expect));
        difference.lines = self.lines(seen);
        difference.verdict()
    }
}

/// The difference of two texts with a little context around each change.
fn diff_lines(old: &str, new: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(old, new);
    let mut lines = Vec::new();
    let mut shown = 0;
    for group in diff.grouped_ops(CONTEXT) {
        let start = group.first().map_or(0, |op| op.old_range().start);
        if start > shown {
            lines.push(Line::Gap(start - shown));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = change.value().trim_end_matches('\n').to_owned();
            lines.push(match change.tag() {
                ChangeTag::Equal => Line::Context(text),
                ChangeTag::Insert => Line::Added(text),
                ChangeTag::Delete => Line::Removed(text),
            });
        }
        shown = group.last().map_or(shown, |op| op.old_range().end);
    }
    lines
}
