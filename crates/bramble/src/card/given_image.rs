//! The image that was named, looked at before anything is written. Not in here: what
//! becomes of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use bramble_card::bmap::Bmap;
use bramble_card::customise::BootVolume;
use bramble_cluster::{Cluster, NodeName};
use bramble_fleet::nameless_file;
use bramble_media::disk::{Number, lies_on};
use bramble_media::source::{self, Expected, Source};
use bramble_media::{Image, ImageError, Taking};
use bramble_view::copy::size;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

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
    let wanted = || "wants 64 hexadecimal digits".to_owned();
    let mut digest = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return Err(wanted());
    }
    for (byte, digits) in digest.iter_mut().zip(text.as_bytes().chunks(2)) {
        let digits = str::from_utf8(digits).map_err(|_| wanted())?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| wanted())?;
    }
    Ok(Digest(digest))
}

/// An image that can be written, and what people call it.
pub(crate) struct GivenImage {
    pub(crate) image: Image,
    pub(crate) name: String,
    /// Where it lies, unless it comes by standard input.
    pub(crate) path: Option<PathBuf>,
    pub(crate) sha256: Option<String>,
}

impl ImageArgs {
    /// Opens the image and looks at what it is made of. Of one that is packed the start
    /// is unpacked.
    pub(crate) fn open(
        &self,
        cluster: &Cluster,
        nodes: &[NodeName],
        stop: &AtomicBool,
        console: &mut Console,
    ) -> Result<GivenImage, Failure> {
        let path = self.path(cluster, nodes)?;
        let file = (path.as_os_str() != "-").then_some(path.as_path());
        let expected = self.expected(file)?;
        let bmap = self.block_map(file)?;
        let name = file.map_or_else(
            || "standard input".to_owned(),
            |file| file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        );
        console.status(&format!("looking at {name} ..."));
        let opened = match file {
            Some(file) => Source::open(file, expected),
            None => Source::standard_input(expected),
        };
        let source = opened.map_err(|error| wrong(&name, &ImageError::from(error)))?;
        let keep = nameless_file().map_err(|error| {
            Failure::new(Exit::Host, format!("no temporary file can be made: {error}"))
        })?;
        let taking = Taking {
            bmap,
            all: self.full,
        };
        let image =
            Image::open(source, taking, keep, stop).map_err(|error| wrong(&name, &error))?;
        let sha256 = expected.packed.or(expected.raw).map(|digest| hex(&digest));
        Ok(GivenImage {
            image,
            name,
            path: file.map(Path::to_owned),
            sha256,
        })
    }

    /// What was named, or what the cluster file says of all these nodes.
    fn path(&self, cluster: &Cluster, nodes: &[NodeName]) -> Result<PathBuf, Failure> {
        if let Some(path) = &self.image {
            return Ok(path.clone());
        }
        let said = nodes.iter().filter_map(|name| cluster.node(name));
        let said = said.map(|node| node.hardware.image.as_ref()?.file());
        let mut said: Vec<Option<&str>> = said.collect();
        said.dedup();
        if let [Some(file)] = said.as_slice() {
            return Ok(PathBuf::from(file));
        }
        Err(Failure::new(Exit::Usage, "no image is named")
            .hint("name the file that you downloaded: `--image raspios.img.xz`")
            .hint("or take it as it comes: `curl -L URL | bramble card ... --image -`"))
    }

    fn expected(&self, file: Option<&Path>) -> Result<Expected, Failure> {
        if let Some(Digest(packed)) = self.sha256 {
            return Ok(Expected {
                packed: Some(packed),
                raw: None,
            });
        }
        if let (Some(list), Some(file)) = (&self.os_list, file) {
            let text = fs::read_to_string(list)
                .map_err(|error| Failure::named("read", list, &error))?;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let found = source::in_os_list(&text, &name)
                .map_err(|error| Failure::new(Exit::Usage, format!("{}: {error}", list.display())))?;
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

    fn block_map(&self, file: Option<&Path>) -> Result<Option<Bmap>, Failure> {
        let beside = || file.and_then(source::bmap_beside);
        let path = match &self.bmap {
            Some(path) => Some(path.clone()),
            None if self.no_bmap => None,
            None => beside(),
        };
        let Some(path) = path else {
            return Ok(None);
        };
        let text =
            fs::read_to_string(&path).map_err(|error| Failure::named("read", &path, &error))?;
        Bmap::parse(&text).map(Some).map_err(|error| {
            Failure::new(Exit::Usage, format!("{}: {error}", path.display()))
                .hint("go without it: `--no-bmap`")
        })
    }
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl GivenImage {
    /// The device that it lies on.
    pub(crate) fn device(&self) -> Option<Number> {
        lies_on(self.path.as_ref()?).ok()
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
                format!("each card gets its own for {}{note}", volume.first_boot.name())
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

/// What is wrong with an image, and what to do.
pub(crate) fn wrong(name: &str, error: &ImageError) -> Failure {
    let exit = match error {
        ImageError::Interrupted => Exit::Interrupted,
        ImageError::Keep(_) => Exit::Host,
        _ => Exit::Usage,
    };
    Failure::new(exit, format!("{name}: {error}"))
}
