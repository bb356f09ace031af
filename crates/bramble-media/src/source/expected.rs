//! What a source ought to be: digests given, in a file beside the image, or in a list of
//! images; and the block map that belongs to it. Not in here: comparing, and what a block
//! map says.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Packing;
use super::digest::from_hex;

/// The SHA-256 that a source must have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expected {
    /// Of the file as it is.
    pub packed: Option<[u8; 32]>,
    /// Of what it unpacks to.
    pub raw: Option<[u8; 32]>,
}

impl Expected {
    fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// Why a file that tells digests cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// The operating system would not.
    #[error("{} cannot be read: {error}", .path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// The system's answer.
        error: io::Error,
    },
    /// It tells different digests of the same file.
    #[error(
        "two different SHA-256 are told for {name} in {place}: find out which is right, and \
         give it"
    )]
    Contradiction {
        /// Of which file.
        name: String,
        /// Where they are told.
        place: String,
    },
    /// It is no list of images.
    #[error("the list of images is no os_list: {reason}")]
    NotAList {
        /// What the parser says, with its place.
        reason: String,
    },
}

/// How much of a file with digests is read, in bytes. A line has about a hundred.
const SUMS: u64 = 1 << 20;

/// What files that tell digests of several others are called.
const LISTS: &[&str] = &["SHA256SUMS", "SHA256SUM", "sha256sums.txt", "sha256sum.txt"];

/// What files beside an image tell about it: `IMAGE.sha256`, or the line about it in a
/// list. Nothing if there are none.
pub fn beside(path: &Path) -> Result<Option<Expected>, ListError> {
    let Some(name) = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
    else {
        return Ok(None);
    };
    let of_this = [".sha256", ".sha256sum", ".SHA256"].map(|ending| format!("{name}{ending}"));
    let unpacked = without_packing(&name).unwrap_or(&name);
    let of_unpacked = [".sha256", ".sha256sum"].map(|ending| format!("{unpacked}{ending}"));
    let lists = LISTS.iter().map(|list| (*list).to_owned());
    for file in of_this.into_iter().chain(of_unpacked).chain(lists) {
        let place = path.with_file_name(&file);
        let Some(text) = text_of(&place)? else {
            continue;
        };
        // A digest without a name is of the file that it is called after.
        let nameless = [".sha256sum", ".sha256", ".SHA256"]
            .iter()
            .find_map(|ending| file.strip_suffix(ending))
            .unwrap_or_default();
        let found = in_sums(&text, &name, nameless).map_err(|()| ListError::Contradiction {
            name: name.clone(),
            place: place.display().to_string(),
        })?;
        if !found.is_empty() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn text_of(path: &Path) -> Result<Option<String>, ListError> {
    let fault = |error| ListError::Io {
        path: path.to_owned(),
        error,
    };
    // Anything else could be waited for without end.
    if !path.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(fault)?;
    file.take(SUMS).read_to_end(&mut bytes).map_err(fault)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// What lines as `sha256sum` writes them tell about a file of this name and about what
/// it unpacks to, which is called the same but for its ending.
fn in_sums(text: &str, name: &str, nameless: &str) -> Result<Expected, ()> {
    let mut expected = Expected::default();
    for line in text.lines() {
        let Some((digest, of)) = of_line(line.trim()) else {
            continue;
        };
        let of = if of.is_empty() { nameless } else { of };
        let of = of.rsplit('/').next().unwrap_or_default();
        if of == name {
            tell(&mut expected.packed, digest)?;
        } else if Some(of) == without_packing(name) {
            tell(&mut expected.raw, digest)?;
        }
    }
    Ok(expected)
}

fn tell(place: &mut Option<[u8; 32]>, digest: [u8; 32]) -> Result<(), ()> {
    match place.replace(digest) {
        Some(before) if before != digest => Err(()),
        _ => Ok(()),
    }
}

/// A digest and the name that it is of, if there is one: `HASH  name`, `HASH *name`,
/// `SHA256 (name) = HASH`, `HASH`.
fn of_line(line: &str) -> Option<([u8; 32], &str)> {
    if let Some(rest) = line.strip_prefix("SHA256 (") {
        let (name, digest) = rest.rsplit_once(") = ")?;
        return Some((from_hex(digest.trim())?, name));
    }
    let (digest, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let name = rest.trim_start();
    Some((from_hex(digest)?, name.strip_prefix('*').unwrap_or(name)))
}

/// The name of what a file unpacks to.
fn without_packing(name: &str) -> Option<&str> {
    const PACKINGS: [Packing; 5] = [
        Packing::Xz,
        Packing::Zstd,
        Packing::Gzip,
        Packing::Bzip2,
        Packing::Zip,
    ];
    let endings = PACKINGS.map(Packing::ending);
    endings.iter().find_map(|ending| name.strip_suffix(ending))
}

/// An entry of an `os_list`, as far as it matters here. Whatever else is there, and
/// whatever has another form, is left alone: there are several versions.
#[derive(Debug, Deserialize)]
struct Item {
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    extract_sha256: Option<String>,
    #[serde(default)]
    image_download_sha256: Option<String>,
    #[serde(default)]
    subitems: Vec<Self>,
}

#[derive(Debug, Deserialize)]
struct List {
    os_list: Vec<Item>,
}

/// What a list of images as Raspberry Pi Imager reads it tells about the file of this
/// name: it is the last part of an address in it. Nothing if the list does not have it.
pub fn in_os_list(json: &str, name: &str) -> Result<Option<Expected>, ListError> {
    let list: List = serde_json::from_str(json).map_err(|error| ListError::NotAList {
        reason: error.to_string(),
    })?;
    let mut expected = Expected::default();
    let mut left: Vec<&Item> = list.os_list.iter().collect();
    while let Some(item) = left.pop() {
        left.extend(&item.subitems);
        take_item(&mut expected, item, name).map_err(|()| ListError::Contradiction {
            name: name.to_owned(),
            place: "the list of images".to_owned(),
        })?;
    }
    Ok((!expected.is_empty()).then_some(expected))
}

fn take_item(expected: &mut Expected, item: &Item, name: &str) -> Result<(), ()> {
    let url = item.url.as_deref().unwrap_or_default();
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let called = url.rsplit('/').next().unwrap_or_default();
    let digest = |text: &Option<String>| text.as_deref().and_then(from_hex);
    let raw = digest(&item.extract_sha256);
    if called.is_empty() {
        return Ok(());
    }
    if called == name {
        if let Some(packed) = digest(&item.image_download_sha256) {
            tell(&mut expected.packed, packed)?;
        }
        raw.map_or(Ok(()), |raw| tell(&mut expected.raw, raw))
    } else if without_packing(called) == Some(name) {
        // Somebody has unpacked it.
        raw.map_or(Ok(()), |raw| tell(&mut expected.raw, raw))
    } else {
        Ok(())
    }
}

/// The block map beside an image: of `disk.img.xz` the first there is of
/// `disk.img.xz.bmap`, `disk.img.bmap` and `disk.bmap`.
pub fn bmap_beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let unpacked = without_packing(name);
    let stem = unpacked.unwrap_or(name);
    let stem = stem.rsplit_once('.').map(|(stem, _)| stem);
    [Some(name), unpacked, stem]
        .into_iter()
        .flatten()
        .map(|name| path.with_file_name(format!("{name}.bmap")))
        .find(|candidate| candidate.is_file())
}
