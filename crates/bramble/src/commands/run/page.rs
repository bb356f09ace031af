//! Writing to one of the two outputs: headings of ours in style, answers of nodes
//! as they are, or harmless where a terminal would act on them. Not in here: what
//! is written.

use anstream::adapter::strip_str;
use bramble_fleet::Stream;
use bramble_view::answers;
use bramble_view::safe_text::safe;
use bramble_view::utf8::Utf8;

use super::trouble::Trouble;
use crate::capture::{Captured, Store};
use crate::console::{Console, Look};

/// Bytes that are written at a time.
const FULL: usize = 64 << 10;

/// One of the two outputs.
pub(super) struct Page<'a> {
    console: &'a mut Console,
    stream: Stream,
    look: Look,
    raw: bool,
    waiting: Vec<u8>,
}

impl<'a> Page<'a> {
    /// With `raw` answers pass as they are in any case.
    pub(super) fn new(console: &'a mut Console, stream: Stream, raw: bool) -> Self {
        Self {
            look: console.look(stream),
            console,
            stream,
            raw,
            waiting: Vec::new(),
        }
    }

    /// What is right for text that is partly ours and partly a node's.
    pub(super) fn look(&self) -> answers::Look {
        answers::Look {
            harmless: self.look.terminal && !self.raw,
            coloured: self.look.colour,
        }
    }

    /// Writes text of ours, with its styles where they are wanted.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Trouble> {
        if self.look.colour {
            return self.bytes(text.as_bytes());
        }
        let plain = strip_str(text).to_string();
        self.bytes(plain.as_bytes())
    }

    /// Writes an answer, and a line feed if it does not end with one.
    pub(super) fn answer(&mut self, store: &Store, answer: &Captured) -> Result<(), Trouble> {
        if self.look().harmless {
            let mut utf8 = Utf8::default();
            let mut text = String::new();
            store.read(answer, &mut |bytes| {
                text.clear();
                utf8.push(bytes, &mut text);
                self.bytes(safe(&text).as_bytes())
            })?;
            text.clear();
            utf8.finish(&mut text);
            self.bytes(text.as_bytes())?;
        } else {
            store.read(answer, &mut |bytes| self.bytes(bytes))?;
        }
        if answer.open || answer.length == 0 {
            self.bytes(b"\n")?;
        }
        Ok(())
    }

    /// Writes bytes as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() < FULL {
            return Ok(());
        }
        self.flush()
    }

    /// Writes what waits.
    pub(super) fn flush(&mut self) -> Result<(), Trouble> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.console.pass(self.stream, &self.waiting)?;
        self.waiting.clear();
        Ok(())
    }
}
