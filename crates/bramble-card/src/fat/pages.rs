//! The bytes of a volume, with what was changed laid over them. Not in here: what the
//! bytes mean.
//!
//! A draft takes what one edit writes. It is kept as a whole or forgotten as a whole, so
//! that an edit which fails leaves nothing behind.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;

use crate::ReadAt;

/// The unit in which bytes are kept.
const PAGE: u64 = 4096;

/// How many pages of the allocation table are remembered: 256 KiB.
const RECENT: u64 = 64;

/// What a volume holds, and what it will.
#[derive(Debug, Clone)]
pub(super) struct Pages<R> {
    volume: R,
    kept: BTreeMap<u64, Page>,
    draft: BTreeMap<u64, Page>,
    /// The pages last looked at in small pieces, each in the place of its number modulo
    /// [`RECENT`], as they are with all changes.
    recent: RefCell<Vec<Remembered>>,
}

/// A page and its number.
type Remembered = Option<(u64, Vec<u8>)>;

/// A changed page, shorter than [`PAGE`] if the volume ends in it.
#[derive(Debug, Clone)]
struct Page {
    was: Vec<u8>,
    is: Vec<u8>,
}

impl Page {
    fn of(was: Vec<u8>) -> Self {
        let is = was.clone();
        Self { was, is }
    }
}

impl<R: ReadAt> Pages<R> {
    pub(super) fn over(volume: R) -> Self {
        Self {
            volume,
            kept: BTreeMap::new(),
            draft: BTreeMap::new(),
            recent: RefCell::new(vec![None; RECENT as usize]),
        }
    }

    /// Fills `into` with what is at `offset` now.
    pub(super) fn read(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.volume.read_at(offset, into)?;
        let end = offset + into.len() as u64;
        let pages = offset / PAGE..end.div_ceil(PAGE);
        for written in [&self.kept, &self.draft] {
            for (number, page) in written.range(pages.clone()) {
                let start = number * PAGE;
                let from = start.max(offset);
                let to = (start + page.is.len() as u64).min(end);
                let source = &page.is[(from - start) as usize..(to - start) as usize];
                into[(from - offset) as usize..(to - offset) as usize].copy_from_slice(source);
            }
        }
        Ok(())
    }

    /// The four bytes at `offset`, from a page that is remembered for the next ones.
    pub(super) fn four(&self, offset: u64) -> io::Result<[u8; 4]> {
        let (number, from) = (offset / PAGE, (offset % PAGE) as usize);
        let mut four = [0; 4];
        if from as u64 + 4 > PAGE {
            self.read(offset, &mut four)?;
            return Ok(four);
        }
        let mut recent = self.recent.borrow_mut();
        let place = &mut recent[(number % RECENT) as usize];
        let page = match place {
            Some((known, page)) if *known == number => page,
            _ => &mut place.insert((number, self.page(number)?)).1,
        };
        let found = page.get(from..from + 4);
        four.copy_from_slice(found.ok_or_else(crate::bytes::past_the_end)?);
        Ok(four)
    }

    /// Writes to the draft.
    pub(super) fn put(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut done = 0;
        while done < bytes.len() {
            let at = offset + done as u64;
            let number = at / PAGE;
            let from = (at % PAGE) as usize;
            let page = self.drafted(number)?;
            let count = page.is.len().saturating_sub(from).min(bytes.len() - done);
            if count == 0 {
                return Err(crate::bytes::past_the_end());
            }
            let piece = &bytes[done..done + count];
            page.is[from..from + count].copy_from_slice(piece);
            self.remember(number, from, piece);
            done += count;
        }
        Ok(())
    }

    /// Makes what is in the draft the state of things.
    pub(super) fn keep(&mut self) {
        self.kept.append(&mut self.draft);
    }

    /// Throws the draft away.
    pub(super) fn forget(&mut self) {
        self.draft.clear();
        self.recent.borrow_mut().fill(None);
    }

    /// What differs from the volume, in pieces of 512 bytes at most.
    pub(super) fn changes(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.kept.iter().flat_map(|(number, page)| {
            let pieces = page.was.chunks(512).zip(page.is.chunks(512));
            let placed = (number * PAGE..).step_by(512).zip(pieces);
            let differing = placed.filter(|(_, (was, is))| was != is);
            differing.map(|(at, (_, is))| (at, is))
        })
    }

    /// A whole page as it is now.
    fn page(&self, number: u64) -> io::Result<Vec<u8>> {
        let written = self.draft.get(&number).or_else(|| self.kept.get(&number));
        match written {
            Some(page) => Ok(page.is.clone()),
            None => self.original(number),
        }
    }

    fn original(&self, number: u64) -> io::Result<Vec<u8>> {
        let start = number * PAGE;
        let length = self.volume.length().saturating_sub(start).min(PAGE);
        self.volume.bytes_at(start, length as usize)
    }

    fn drafted(&mut self, number: u64) -> io::Result<&mut Page> {
        if !self.draft.contains_key(&number) {
            let page = match self.kept.get(&number).cloned() {
                Some(page) => page,
                None => Page::of(self.original(number)?),
            };
            self.draft.insert(number, page);
        }
        self.draft
            .get_mut(&number)
            .ok_or_else(crate::bytes::past_the_end)
    }

    /// Keeps a remembered page equal to what was put in it.
    fn remember(&mut self, number: u64, from: usize, piece: &[u8]) {
        let place = &mut self.recent.get_mut()[(number % RECENT) as usize];
        if let Some((known, page)) = place
            && *known == number
        {
            page[from..from + piece.len()].copy_from_slice(piece);
        }
    }
}
