//! An image as it is found: packed or not, in a file or coming through a pipe.
//!
//! Not in here: what the image holds (`bramble-card`), and whom it is written to.

mod digest;
mod error;
mod expected;
mod fault;
mod file_reader;
mod gzip;
mod input;
mod kind;
mod outlet;
mod packing;
mod piece;
mod raw;
mod stream;
mod unpack;
mod xz;
mod zip;
mod zstandard;

use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::os::unix::fs::{FileExt as _, FileTypeExt as _};
use std::path::Path;
use std::sync::Arc;

pub use digest::{Digests, Wanted, from_hex, hex};
pub use error::SourceError;
pub use expected::{Expected, ListError, beside, bmap_beside, in_os_list};
pub use packing::Packing;
pub use raw::RawImage;
pub use stream::Stream;

use input::Input;

/// How many bytes are looked at to tell what a file is: the last of the marks, that of
/// a tar archive, ends at byte 262.
const HEAD: usize = 512;

/// An image that has been opened and looked at. Only what tells its packing and length
/// has been read.
#[derive(Debug)]
pub struct Source {
    name: String,
    input: Input,
    packing: Packing,
    raw: Option<RawImage>,
    plan: Plan,
    length: Option<u64>,
    expected: Expected,
    wanted: Wanted,
}

/// What was learnt from a packed file about how to unpack it.
#[derive(Debug)]
enum Plan {
    /// From its first byte to its last.
    InOrder,
    /// The blocks of an `.xz` file, which can be unpacked side by side.
    Blocks(xz::Layout),
    /// The place of the image in a `.zip` file.
    Entry(zip::Entry),
}

impl Source {
    /// Opens the image at `path`.
    pub fn open(path: &Path, expected: Expected) -> Result<Self, SourceError> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(SourceError::io(&name, "be opened"))?;
        Self::of(name, file, expected)
    }

    /// What comes by standard input, which may well be a file.
    pub fn standard_input(expected: Expected) -> Result<Self, SourceError> {
        let name = "standard input".to_owned();
        let file = rustix::io::dup(io::stdin())
            .map_err(|error| SourceError::io(&name, "be opened")(error.into()))?;
        Self::of(name, file.into(), expected)
    }

    fn of(name: String, file: File, expected: Expected) -> Result<Self, SourceError> {
        let fault = SourceError::io(&name, "be read");
        let (input, head) = look(&name, file)?;
        if head.is_empty() {
            return Err(SourceError::Empty { name });
        }
        let packing = Packing::of(&head);
        if let Some(kind) = kind::other_than_image(&head) {
            return Err(SourceError::NotAnImage { name, kind });
        }
        let mut source = Self {
            name,
            packing,
            raw: None,
            plan: Plan::InOrder,
            length: None,
            expected,
            wanted: Wanted::default(),
            input,
        };
        if let Input::File(file, length) = &source.input {
            let file = RawImage::new(Arc::clone(file), *length);
            source.learn(file).map_err(|error| match error {
                Learning::Io(error) => fault(error),
                Learning::Zip(error) => error,
            })?;
        }
        Ok(source)
    }

    /// Finds out what only a file tells that can be read at any place.
    fn learn(&mut self, file: RawImage) -> Result<(), Learning> {
        match self.packing {
            Packing::Raw => {
                self.length = Some(file.size());
                self.raw = Some(file);
            }
            Packing::Xz => {
                if let Some(layout) = xz::layout(&file)? {
                    self.length = Some(layout.length);
                    self.plan = Plan::Blocks(layout);
                }
            }
            Packing::Zstd => self.length = zstandard::length(&file)?,
            Packing::Zip => {
                let entry = zip::find(&self.name, &file).map_err(Learning::Zip)?;
                self.length = Some(entry.length);
                self.plan = Plan::Entry(entry);
            }
            Packing::Gzip | Packing::Bzip2 => {}
        }
        Ok(())
    }

    /// The path that it was opened by, or that it is standard input.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it is packed, as its content tells.
    pub fn packing(&self) -> Packing {
        self.packing
    }

    /// The image itself, if it is not packed and can be read at any place.
    pub fn raw(&self) -> Option<&RawImage> {
        self.raw.as_ref()
    }

    /// The length of the raw image in bytes, if that can be known before all of it is
    /// unpacked.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The length of the file as it is in bytes, if it is a file.
    pub fn packed_length(&self) -> Option<u64> {
        match &self.input {
            Input::File(_, length) => Some(*length),
            Input::Pipe(..) => None,
        }
    }

    /// Whether its digest is expected or wanted, for which all of it has to be read.
    pub fn is_checked(&self) -> bool {
        let Expected { packed, raw } = self.expected;
        packed.is_some() || raw.is_some() || self.wanted.packed || self.wanted.raw
    }

    /// The same source, which will tell these digests also when none are expected.
    #[must_use]
    pub fn with_digests(self, wanted: Wanted) -> Self {
        Self { wanted, ..self }
    }

    /// Begins to read and unpack, on threads of its own.
    pub fn stream(self) -> Result<Stream, SourceError> {
        Stream::start(self)
    }
}

/// Why nothing could be learnt.
enum Learning {
    Io(io::Error),
    Zip(SourceError),
}

impl From<io::Error> for Learning {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Tells a file from a pipe, and reads the first bytes of either.
fn look(name: &str, mut file: File) -> Result<(Input, Vec<u8>), SourceError> {
    let fault = SourceError::io(name, "be read");
    let about = file.metadata().map_err(&fault)?;
    let kind = about.file_type();
    if kind.is_dir() {
        let name = name.to_owned();
        return Err(SourceError::Directory { name });
    }
    if kind.is_char_device() {
        let name = name.to_owned();
        return Err(SourceError::Device { name });
    }
    let mut head = Vec::new();
    // Input that somebody has read from already goes on from where it is.
    let at_start = matches!(file.stream_position(), Ok(0));
    if at_start && (kind.is_file() || kind.is_block_device()) {
        // What is known of a device by its entry is no length.
        let length = if kind.is_file() {
            about.len()
        } else {
            file.seek(io::SeekFrom::End(0)).map_err(&fault)?
        };
        let count = usize::try_from(length).map_or(HEAD, |length| length.min(HEAD));
        head.resize(count, 0);
        file.read_exact_at(&mut head, 0).map_err(&fault)?;
        return Ok((Input::File(Arc::new(file), length), head));
    }
    let count = HEAD as u64;
    (&file).take(count).read_to_end(&mut head).map_err(&fault)?;
    Ok((Input::Pipe(head.clone(), file), head))
}
