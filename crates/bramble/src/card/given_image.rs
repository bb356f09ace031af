//! The image that was named, looked at before anything is written. Not in here: which one
//! it is (`named_image`), and what becomes of it.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use bramble_card::bmap::Bmap;
use bramble_card::customise::BootVolume;
use bramble_fleet::nameless_file;
use bramble_media::disk::{Number, lies_on};
use bramble_media::source::{self, Expected, Source};
use bramble_media::{Image, ImageError, Taking};
use bramble_view::copy::size;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

/// What stands for standard input in place of a path.
const STANDARD_INPUT: &str = "-";

/// Which image, and what is known of it.
#[derive(Debug, clap::Args)]
pub(crate) struct ImageArgs {
    /// The image: raw, .xz, .zst, .gz, .bz2 or .zip; `-` is standard input
    ///
    /// Without it, the path that `image` in `[os]` of the cluster file names.
    #[arg(long, value_name = "FILE")]
    pub(crate) image: Option<PathBuf>,
    /// The SHA-256 of the image as it was downloaded
    ///
    /// A file IMAGE.sha256 or SHA256SUMS beside the image is taken without being asked
    /// for.
    #[arg(long, value_name = "HEX", value_parser = digest)]
    sha256: Option<Digest>,
    /// A list of Raspberry Pi Imager, to take the SHA-256 from
    #[arg(long, value_name = "FILE", conflicts_with = "sha256")]
    os_list: Option<PathBuf>,
    /// The image's block map; without it, IMAGE.bmap if it is there
    #[arg(long, value_name = "FILE", conflicts_with = "no_bmap")]
    bmap: Option<PathBuf>,
    /// Do not take a block map that lies beside the image
    #[arg(long)]
    no_bmap: bool,
    /// Write all of the image, also blocks that nobody uses
    #[arg(long)]
    full: bool,
}

/// A SHA-256.
#[derive(Debug, Clone, Copy)]
struct Digest([u8; 32]);

fn digest(text: &str) -> Result<Digest, String> {
    let digest = source::from_hex(text).map(Digest);
    digest.ok_or_else(|| "wants 64 hexadecimal digits".to_owned())
}

/// An image that can be written, and what people call it.
pub(crate) struct GivenImage {
    pub(crate) image: Image,
    pub(crate) name: String,
    pub(crate) sha256: Option<String>,
    /// The device that it lies on.
    pub(crate) device: Option<Number>,
    /// The files that are read for it.
    files: Vec<Identity>,
}

/// Which file it is, whatever its name: the numbers of its file system and of itself.
type Identity = (u64, u64);

fn identity(path: &Path) -> Option<Identity> {
    let found = fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}

impl ImageArgs {
    /// Whether the image comes by standard input, which nobody can answer at then.
    pub(crate) fn is_standard_input(&self) -> bool {
        self.image
            .as_ref()
            .is_some_and(|image| image.as_os_str() == STANDARD_INPUT)
    }

    /// Opens the image at `path` and looks at what it is made of. Of one that is packed the start
    /// is unpacked.
    pub(crate) fn open(
        &self,
        path: &Path,
        stop: &AtomicBool,
        console: &mut Console,
    ) -> Result<GivenImage, Failure> {
        let file = (!self.is_standard_input()).then_some(path);
        let expected = self.expected(file)?;
        let bmap_file = self.bmap_file(file);
        let bmap = bmap_file.as_deref().map(block_map).transpose()?;
        let name = file.map_or_else(
            || "standard input".to_owned(),
            |file| {
                file.file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned()
            },
        );
        console.status(&format!("looking at {name} ..."));
        let opened = match file {
            Some(file) => Source::open(file, expected),
            None => Source::standard_input(expected),
        };
        let source = opened.map_err(|error| wrong(&name, &ImageError::from(error)))?;
        let keep = nameless_file().map_err(|error| {
            Failure::new(
                Exit::Host,
                format!("no temporary file can be made: {error}"),
            )
        })?;
        let taking = Taking {
            bmap,
            all: self.full,
        };
        let image =
            Image::open(source, taking, keep, stop).map_err(|error| wrong(&name, &error))?;
        if !self.full && !image.survey().is_of_disk() {
            return Err(of_no_disk(&name));
        }
        let place = file.unwrap_or(Path::new("/dev/stdin"));
        let read = [Some(place), bmap_file.as_deref(), self.os_list.as_deref()];
        Ok(GivenImage {
            image,
            name,
            sha256: expected
                .packed
                .or(expected.raw)
                .map(|digest| source::hex(&digest)),
            device: lies_on(place).ok(),
            files: read.into_iter().flatten().filter_map(identity).collect(),
        })
    }

    fn expected(&self, file: Option<&Path>) -> Result<Expected, Failure> {
        if let Some(Digest(packed)) = self.sha256 {
            return Ok(Expected {
                packed: Some(packed),
                raw: None,
            });
        }
        if let Some(list) = &self.os_list {
            let file = file.ok_or_else(nameless)?;
            let text =
                fs::read_to_string(list).map_err(|error| Failure::named("read", list, &error))?;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let found = source::in_os_list(&text, &name).map_err(|error| {
                Failure::new(Exit::Usage, format!("{}: {error}", list.display()))
            })?;
            return found.ok_or_else(|| {
                Failure::new(
                    Exit::Usage,
                    format!("{} has no image called {name}", list.display()),
                )
            });
        }
        let beside = file.map(source::beside).transpose();
        let beside = beside.map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
        Ok(beside.flatten().unwrap_or_default())
    }

    fn bmap_file(&self, file: Option<&Path>) -> Option<PathBuf> {
        match &self.bmap {
            Some(path) => Some(path.clone()),
            None if self.no_bmap => None,
            None => file.and_then(source::bmap_beside),
        }
    }
}

fn block_map(path: &Path) -> Result<Bmap, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::named("read", path, &error))?;
    Bmap::parse(&text).map_err(|error| {
        Failure::new(Exit::Usage, format!("{}: {error}", path.display()))
            .hint("go without it: `--no-bmap`")
    })
}

/// A list tells digests by the names of files.
fn nameless() -> Failure {
    let message = "`--os-list` and `--image -` cannot be used together: the list is searched by \
                   the image's name, and standard input has none";
    Failure::new(Exit::Usage, message).hint("give the image's own digest: `--sha256 HEX`")
}

impl GivenImage {
    /// Whether the file at `path` is read for it, under this or any other name.
    pub(crate) fn is_made_from(&self, path: &Path) -> bool {
        identity(path).is_some_and(|file| self.files.contains(&file))
    }

    /// What is known of it before anything is written.
    pub(crate) fn described(&self, volume: Option<&BootVolume>) -> String {
        let needs = size(self.image.needs());
        let used = self.image.used().map_or_else(String::new, |used| {
            format!(", of which {} are written", size(used))
        });
        let how = match volume {
            Some(volume) => {
                let note = volume.first_boot.note();
                let note = note.map_or_else(String::new, |note| format!("; {note}"));
                format!(
                    "each card gets its own for {}{note}",
                    volume.first_boot.name()
                )
            }
            None => "nothing in it is known to read settings at the first boot: it is written as \
                     it is, and afterwards `bramble adopt` takes the nodes over"
                .to_owned(),
        };
        let checked = if self.sha256.is_some() {
            "its SHA-256 is checked"
        } else {
            "no SHA-256 is known to check it by"
        };
        format!("{}: {needs}{used}; {checked}\n{how}", self.name)
    }
}

/// Text and the like were refused before; this is what could be anything.
fn of_no_disk(name: &str) -> Failure {
    let message = format!(
        "{name} is no disk image: it has neither a partition table nor a file system that is \
         known here"
    );
    Failure::new(Exit::Usage, message)
        .hint("name the image of a system: `--image raspios.img.xz`")
        .hint("if it is meant all the same, every byte of it is written with `--full`")
}

/// What is wrong with an image, and what to do. What is wrong with its source names that.
pub(crate) fn wrong(name: &str, error: &ImageError) -> Failure {
    let exit = match error {
        ImageError::Interrupted => Exit::Interrupted,
        ImageError::Keep(_) => Exit::Host,
        _ => Exit::Usage,
    };
    match error {
        ImageError::Source(error) => Failure::new(exit, error.to_string()),
        _ => Failure::new(exit, format!("{name}: {error}")),
    }
}
