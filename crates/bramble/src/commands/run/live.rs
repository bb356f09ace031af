//! Lines as they come, each behind its node's name. Not in here: when they come.

use bramble_cluster::nodeset::NodeSet;
use bramble_fleet::{Lines, Stream};
use bramble_view::answers::Prefixes;
use bramble_view::safe_text::safe;

use super::course::Course;
use super::sink::{Piece, Sink};
use super::trouble::Trouble;
use crate::console::Console;

/// Prints lines at once.
pub(super) struct Live {
    /// Of each node its two outputs.
    lines: Vec<[Lines; 2]>,
    output: Style,
    complaint: Style,
}

/// How lines look on one of the two outputs.
struct Style {
    stream: Stream,
    prefixes: Prefixes,
    harmless: bool,
}

impl Live {
    pub(super) fn new(nodes: &NodeSet, raw: bool, console: &Console) -> Self {
        let style = |stream| {
            let look = console.look(stream);
            Style {
                stream,
                prefixes: if look.terminal {
                    Prefixes::aligned(nodes, look.colour)
                } else {
                    Prefixes::plain(nodes)
                },
                harmless: look.terminal && !raw,
            }
        };
        Self {
            lines: (0..nodes.len()).map(|_| Default::default()).collect(),
            output: style(Stream::Output),
            complaint: style(Stream::Complaint),
        }
    }
}

impl Style {
    fn set(&self, place: usize, line: &[u8], page: &mut Vec<u8>) {
        page.extend_from_slice(self.prefixes.of(place).as_bytes());
        if self.harmless {
            let line = String::from_utf8_lossy(line);
            page.extend_from_slice(safe(&line).as_bytes());
        } else {
            page.extend_from_slice(line);
        }
        page.push(b'\n');
    }
}

impl Sink for Live {
    fn take(&mut self, piece: Piece<'_>, console: &mut Console) -> Result<(), Trouble> {
        let (style, at) = match piece.stream {
            Stream::Output => (&self.output, 0),
            Stream::Complaint => (&self.complaint, 1),
        };
        let mut page = Vec::new();
        self.lines[piece.place][at].push(piece.bytes, &mut |line| {
            style.set(piece.place, line, &mut page);
        });
        pass(&page, style.stream, console)
    }

    fn end(&mut self, place: usize, _whole: bool, console: &mut Console) -> Result<(), Trouble> {
        for (lines, style) in self.lines[place]
            .iter_mut()
            .zip([&self.output, &self.complaint])
        {
            let mut page = Vec::new();
            lines.finish(&mut |line| style.set(place, line, &mut page));
            pass(&page, style.stream, console)?;
        }
        Ok(())
    }

    fn finish(&mut self, _course: &Course, _console: &mut Console) -> Result<(), Trouble> {
        Ok(())
    }
}

fn pass(page: &[u8], stream: Stream, console: &mut Console) -> Result<(), Trouble> {
    if page.is_empty() {
        return Ok(());
    }
    Ok(console.pass(stream, page)?)
}
