//! Block maps as bmaptool makes them: which blocks of an image were written to, and
//! their check values. Not in here: finding one, and what a file system knows better.

use std::ops::Range;
use std::sync::Arc;

use roxmltree::{Document, Node, ParsingOptions};
use sha2::{Digest as _, Sha256};

use crate::bytes::place;

/// A map that is longer than this, in bytes, is not read: it has place for about 80,000
/// ranges, and maps of boards' images have a few thousand.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A block map. It is cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bmap {
    /// How long the image is, in bytes.
    pub image_size: u64,
    /// The size of its blocks, in bytes.
    pub block_size: u64,
    /// What of the image is mapped, in order.
    pub ranges: Arc<[Mapped]>,
    /// The kind of the ranges' check values, if it is one that is not computed here.
    pub unchecked: Option<String>,
}

/// A range of an image that is mapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// In bytes, and inside the image.
    pub bytes: Range<u64>,
    /// The SHA-256 of these bytes, if the map has it.
    pub sha256: Option<[u8; 32]>,
}

/// Why a map cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BmapError {
    /// It is too long.
    #[error("the block map has more than {MOST_BYTES} bytes")]
    TooLong,
    /// It is not XML.
    #[error("the block map is not what bmaptool makes: {0}")]
    Xml(String),
    /// It is of a version that is not known.
    #[error("the block map has version `{0}`; 1 and 2 are known")]
    Version(String),
    /// A field is absent, or has a value that cannot be.
    #[error("the block map has no valid `{field}`{place}")]
    Field {
        /// Its name.
        field: &'static str,
        /// The line, or nothing.
        place: Line,
    },
    /// Somebody changed it.
    #[error("the block map was changed after it was made: its own check value is another")]
    Changed,
}

/// A line of a map, if it is known, as messages name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line(pub Option<u32>);

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.map_or(Ok(()), |line| write!(f, " in line {line}"))
    }
}

impl Bmap {
    /// Reads the text of a map.
    pub fn parse(text: &str) -> Result<Self, BmapError> {
        if text.len() > MOST_BYTES {
            return Err(BmapError::TooLong);
        }
        // Without a document type there are no entities.
        let document = Document::parse_with_options(text, ParsingOptions::default());
        let document = document.map_err(|error| BmapError::Xml(error.to_string()))?;
        let map = Map::of(&document)?;
        map.check_version()?;
        map.check_own_value(text)?;
        map.read()
    }

    /// What of `window` is inside the image and not mapped.
    pub fn unmapped(&self, window: &Range<u64>) -> Vec<Range<u64>> {
        let end = window.end.min(self.image_size);
        let first = self
            .ranges
            .partition_point(|range| range.bytes.end <= window.start);
        let mut unmapped = Vec::new();
        let mut at = window.start;
        for mapped in &self.ranges[first..] {
            if mapped.bytes.start >= end {
                break;
            }
            if at < mapped.bytes.start {
                unmapped.push(at..mapped.bytes.start);
            }
            at = mapped.bytes.end;
        }
        if at < end {
            unmapped.push(at..end);
        }
        unmapped
    }

    /// How many bytes are mapped.
    pub fn mapped_bytes(&self) -> u64 {
        let lengths = self
            .ranges
            .iter()
            .map(|range| range.bytes.end - range.bytes.start);
        lengths.sum()
    }
}

/// The elements of a map.
struct Map<'a> {
    root: Node<'a, 'a>,
}

impl<'a> Map<'a> {
    fn of(document: &'a Document<'_>) -> Result<Self, BmapError> {
        let root = document.root_element();
        if root.has_tag_name("bmap") {
            return Ok(Self { root });
        }
        Err(BmapError::Xml(format!(
            "it is a `{}`",
            root.tag_name().name()
        )))
    }

    fn check_version(&self) -> Result<(), BmapError> {
        let version = self.root.attribute("version").unwrap_or_default();
        match version.split('.').next() {
            Some("1" | "2") => Ok(()),
            _ => Err(BmapError::Version(version.to_owned())),
        }
    }

    /// Its own check value is that of the text with zeros in its place.
    fn check_own_value(&self, text: &str) -> Result<(), BmapError> {
        let Some(element) = self.element("BmapFileChecksum") else {
            return Ok(());
        };
        if !self.is_sha256() {
            return Ok(());
        }
        let invalid = || field(&element, "BmapFileChecksum");
        let written = text_of(element);
        let expected = digest(written).ok_or_else(invalid)?;
        let inside = text.get(element.range()).unwrap_or_default();
        let at = inside.find(written).ok_or_else(invalid)? + element.range().start;
        let (before, after) = (&text[..at], &text[at + written.len()..]);
        let mut sum = Sha256::new();
        sum.update(before);
        sum.update([b'0'].repeat(written.len()));
        sum.update(after);
        if sum.finalize()[..] == expected {
            Ok(())
        } else {
            Err(BmapError::Changed)
        }
    }

    fn read(&self) -> Result<Bmap, BmapError> {
        let image_size = self.number("ImageSize")?;
        let block_size = self.number("BlockSize")?;
        let blocks = self.number("BlocksCount")?;
        if block_size == 0 || image_size.div_ceil(block_size) != blocks {
            let field = "BlocksCount";
            return Err(BmapError::Field {
                field,
                place: Line(None),
            });
        }
        let sizes = Sizes {
            image_size,
            block_size,
            blocks,
        };
        let ranges = self.ranges(&sizes)?;
        Ok(Bmap {
            image_size,
            block_size,
            ranges: ranges.into(),
            unchecked: self.unchecked(),
        })
    }

    fn ranges(&self, sizes: &Sizes) -> Result<Vec<Mapped>, BmapError> {
        let map = self.element("BlockMap");
        let nothing = BmapError::Field {
            field: "BlockMap",
            place: Line(None),
        };
        let elements = map
            .ok_or(nothing)?
            .children()
            .filter(|node| node.has_tag_name("Range"));
        let mut ranges: Vec<Mapped> = Vec::new();
        for element in elements {
            let invalid = || field(&element, "Range");
            let bytes = sizes.range(text_of(element)).ok_or_else(invalid)?;
            let before = ranges.last().map_or(0, |last| last.bytes.end);
            if bytes.start < before {
                return Err(invalid());
            }
            let sha256 = self.check_value(&element)?;
            ranges.push(Mapped { bytes, sha256 });
        }
        Ok(ranges)
    }

    fn check_value(&self, range: &Node<'_, '_>) -> Result<Option<[u8; 32]>, BmapError> {
        let value = range.attribute("chksum").filter(|_| self.is_sha256());
        let digest = |value| digest(value).ok_or_else(|| field(range, "chksum"));
        value.map(digest).transpose()
    }

    fn is_sha256(&self) -> bool {
        self.element("ChecksumType")
            .is_some_and(|kind| text_of(kind) == "sha256")
    }

    /// Version 1.3 had SHA-1 only, under a name of its own.
    fn unchecked(&self) -> Option<String> {
        if self.element("BmapFileSHA1").is_some() {
            return Some("sha1".to_owned());
        }
        let kind = self.element("ChecksumType").map(text_of);
        kind.filter(|kind| *kind != "sha256").map(str::to_owned)
    }

    fn element(&self, name: &str) -> Option<Node<'a, 'a>> {
        self.root.children().find(|node| node.has_tag_name(name))
    }

    fn number(&self, name: &'static str) -> Result<u64, BmapError> {
        let element = self.element(name);
        let number = element.and_then(|element| text_of(element).parse().ok());
        let place = element.map_or(Line(None), |element| line(&element));
        number.ok_or(BmapError::Field { field: name, place })
    }
}

struct Sizes {
    image_size: u64,
    block_size: u64,
    blocks: u64,
}

impl Sizes {
    /// The bytes of a range of blocks, as `3` or `3-5`.
    fn range(&self, text: &str) -> Option<Range<u64>> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        if first > last || last >= self.blocks {
            return None;
        }
        let end = last.checked_add(1)?.checked_mul(self.block_size)?;
        Some(first.checked_mul(self.block_size)?..end.min(self.image_size))
    }
}

fn text_of<'a>(node: Node<'a, 'a>) -> &'a str {
    node.text().unwrap_or_default().trim()
}

fn digest(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, at) in digest.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(digest)
}

fn line(node: &Node<'_, '_>) -> Line {
    let position = node.document().text_pos_at(node.range().start);
    Line(Some(position.row))
}

fn field(node: &Node<'_, '_>, field: &'static str) -> BmapError {
    let place = line(node);
    BmapError::Field { field, place }
}

/// Holds the bytes of an image, as they go by, against its map.
#[derive(Debug, Clone)]
pub struct BmapCheck {
    bmap: Bmap,
    /// The range that is gone through now, or comes next.
    range: usize,
    at: u64,
    sum: Sha256,
}

/// What an image has is not what its map was made of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BmapMismatch {
    /// A range has another check value.
    #[error("the image differs from its block map between byte {start} and byte {end}")]
    Range {
        /// The first byte of the range.
        start: u64,
        /// The byte after the range.
        end: u64,
    },
    /// The image has another length.
    #[error("the image has {found} bytes, and its block map is for one of {expected}")]
    Length {
        /// In bytes.
        found: u64,
        /// In bytes.
        expected: u64,
    },
}

impl BmapCheck {
    /// Of an image from its first byte on.
    pub fn new(bmap: Bmap) -> Self {
        Self {
            bmap,
            range: 0,
            at: 0,
            sum: Sha256::new(),
        }
    }

    /// Takes the bytes that come next. Says of the first range that differs, and after
    /// that of the next one.
    pub fn see(&mut self, bytes: &[u8]) -> Result<(), BmapMismatch> {
        let start = self.at;
        let end = start.saturating_add(bytes.len() as u64);
        self.at = end;
        let mut first = Ok(());
        while let Some(mapped) = self.bmap.ranges.get(self.range) {
            let from = mapped.bytes.start.max(start);
            let to = mapped.bytes.end.min(end);
            if from < to && mapped.sha256.is_some() {
                // Proof: both lie in `bytes`.
                self.sum
                    .update(&bytes[place(from - start)..place(to - start)]);
            }
            if mapped.bytes.end > end {
                break;
            }
            let ended = self.range_ended();
            first = first.and(ended);
        }
        first
    }

    /// The image has ended.
    pub fn finish(self) -> Result<(), BmapMismatch> {
        let (found, expected) = (self.at, self.bmap.image_size);
        if found == expected {
            Ok(())
        } else {
            Err(BmapMismatch::Length { found, expected })
        }
    }

    fn range_ended(&mut self) -> Result<(), BmapMismatch> {
        let found = std::mem::take(&mut self.sum).finalize();
        let Some(Mapped { bytes, sha256 }) = self.bmap.ranges.get(self.range) else {
            return Ok(());
        };
        self.range += 1;
        let Range { start, end } = *bytes;
        match sha256 {
            Some(expected) if found[..] != *expected => Err(BmapMismatch::Range { start, end }),
            _ => Ok(()),
        }
    }
}
