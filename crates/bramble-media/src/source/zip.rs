//! `.zip` files with one image in them. Not in here: what is in the image.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use zip::read::{ZipReadOptions, read_zipfile_from_stream, read_zipfile_from_stream_with_options};
use zip::result::ZipError;

use super::fault::fault;
use super::file_reader::FileReader;
use super::input::Counted;
use super::outlet::{Outlet, Stop};
use super::{Packing, RawImage, SourceError};

/// How much of a file is read at most to know what is in it. An entry has about a
/// hundred bytes there.
const DIRECTORY: u64 = 16 << 20;

/// What has less, in bytes, and is not called like an image, is no image.
const SMALL: u64 = 1 << 20;

/// How many names an error tells, and how much of each.
const NAMED: usize = 5;
const OF_NAME: usize = 80;

/// What images are called.
const IMAGES: &[&str] = &[
    ".img",
    ".raw",
    ".iso",
    ".bin",
    ".wic",
    ".sdimg",
    ".rpi-sdimg",
    ".dd",
    ".hddimg",
    ".dsk",
];

/// What goes with images and may be large.
const BESIDE: &[&str] = &[
    ".txt",
    ".md",
    ".pdf",
    ".htm",
    ".html",
    ".json",
    ".xml",
    ".bmap",
    ".csv",
    ".log",
    ".info",
    ".manifest",
    ".jpg",
    ".png",
    ".exe",
    ".dmg",
    ".sig",
    ".asc",
    ".rtf",
    ".docx",
];

/// The one image in a file.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where its local header is.
    pub(super) at: u64,
    /// The length of what it unpacks to, in bytes.
    pub(super) length: u64,
    packed: u64,
    crc: u32,
}

/// Finds the image in a file that can be read at any place.
pub(super) fn find(name: &str, file: &RawImage) -> Result<Entry, SourceError> {
    let broken = |error: ZipError| SourceError::Broken {
        name: name.to_owned(),
        packing: Packing::Zip,
        at: file.size(),
        reason: error.to_string(),
    };
    let reader = Bounded {
        inner: file.reader(),
        left: DIRECTORY,
    };
    let archive = zip::ZipArchive::new(BufReader::new(reader)).map_err(broken)?;
    let mut images = Vec::new();
    let mut others = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(broken)?;
        let called = shown(entry.name_raw());
        let place = Entry {
            at: entry.header_start(),
            length: entry.size(),
            packed: entry.compressed_size(),
            crc: entry.crc32(),
        };
        if is_image(&called, entry.size()) {
            images.push((called, place));
        } else {
            others.push(called);
        }
    }
    only(images, &others).map_err(|reason| unsupported(name, reason))
}

/// The one image there is; otherwise what is wrong with that.
fn only(mut images: Vec<(String, Entry)>, others: &[String]) -> Result<Entry, String> {
    match (images.pop(), images.is_empty()) {
        (Some((_, image)), true) => Ok(image),
        (None, _) => Err(format!("it holds no image; {}", list(others.iter()))),
        (Some(last), false) => {
            images.push(last);
            let names = list(images.iter().map(|(called, _)| called));
            Err(format!("it holds more than one image; {names}"))
        }
    }
}

fn list<'a>(names: impl ExactSizeIterator<Item = &'a String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let named: Vec<_> = names.take(NAMED).map(String::as_str).collect();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    match named.join(", ") {
        none if none.is_empty() => "nothing is in it".to_owned(),
        named => format!("in it: {named}{more}; unpack the one that is meant"),
    }
}

/// Whether an entry is an image, by what it is called and its length.
fn is_image(called: &str, length: u64) -> bool {
    let called = called.to_lowercase();
    let last = called.rsplit('/').next().unwrap_or_default();
    // The first is a directory. The others are what macOS adds.
    if last.is_empty() || called.starts_with("__macosx/") || last.starts_with('.') {
        return false;
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| last.ends_with(ending));
    ends(IMAGES) || (length >= SMALL && !ends(BESIDE))
}

/// A name as it can be shown: it may be anything, and of any length.
fn shown(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    let harmless = |c: char| if c.is_control() { '?' } else { c };
    name.chars().take(OF_NAME).map(harmless).collect()
}

fn unsupported(name: &str, reason: String) -> SourceError {
    let name = name.to_owned();
    SourceError::Unsupported { name, reason }
}

/// Unpacks the image of which `reader` begins at the local header.
pub(super) fn unpack_entry<R: Read>(
    reader: &mut Counted<R>,
    entry: &Entry,
    outlet: &mut Outlet,
) -> Result<(), Stop> {
    // The directory at the end is what tells; local headers may leave these out.
    let options = ZipReadOptions::default()
        .override_compressed_size(entry.packed)
        .override_uncompressed_size(entry.length)
        .override_crc(entry.crc);
    let outcome = match read_zipfile_from_stream_with_options(&mut *reader, options) {
        Ok(Some(mut file)) => outlet.give_all(&mut file)?,
        Ok(None) => Err(io::ErrorKind::UnexpectedEof.into()),
        Err(error) => Err(of_zip(error, &outlet.name)?),
    };
    outcome.map_err(|error| fault(outlet, reader.at(), error).into())
}

/// Unpacks the one image in what comes by, as the headers before each entry tell. A
/// second image is noticed only after the first.
pub(super) fn unpack_in_order<R: Read>(
    reader: &mut Counted<R>,
    outlet: &mut Outlet,
) -> Result<(), Stop> {
    let mut images: Vec<String> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    loop {
        let outcome = match read_zipfile_from_stream(&mut *reader) {
            Ok(None) => break,
            Ok(Some(mut file)) => {
                let called = shown(file.name_raw());
                if !is_image(&called, file.size()) {
                    // Dropping the entry goes past it.
                    others.truncate(NAMED);
                    others.push(called);
                    Ok(())
                } else if images.is_empty() {
                    images.push(called);
                    outlet.give_all(&mut file)?
                } else {
                    images.push(called);
                    let names = list(images.iter());
                    let reason = format!("it holds more than one image; {names}");
                    return Err(unsupported(&outlet.name, reason).into());
                }
            }
            Err(error) => Err(of_zip(error, &outlet.name)?),
        };
        outcome.map_err(|error| fault(outlet, reader.at(), error))?;
    }
    if images.is_empty() {
        let reason = format!("it holds no image; {}", list(others.iter()));
        return Err(unsupported(&outlet.name, reason).into());
    }
    Ok(())
}

/// An error of the library as one of reading, unless it says that something cannot be
/// done at all.
fn of_zip(error: ZipError, name: &str) -> Result<io::Error, SourceError> {
    match error {
        ZipError::Io(error) => Ok(error),
        // What has no length before its data was itself made for a pipe.
        ZipError::UnsupportedArchive(reason) if reason.contains("length") => Err(unsupported(
            name,
            "it tells the length of its image only at its end; save it to a file first".to_owned(),
        )),
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            let reason = format!("{error}; unpack it first");
            Err(unsupported(name, reason))
        }
        other => Ok(io::Error::new(
            io::ErrorKind::InvalidData,
            other.to_string(),
        )),
    }
}

/// A reader that refuses to read for ever.
struct Bounded {
    inner: FileReader,
    left: u64,
}

impl Read for Bounded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        let left = self.left.checked_sub(read as u64);
        self.left = left.ok_or_else(|| io::Error::other("its list of entries is too long"))?;
        Ok(read)
    }
}

impl Seek for Bounded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
