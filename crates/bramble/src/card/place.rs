//! Where a card is: a disk of this machine, or a file in place of one. Not in here: which
//! disks may be written (`bramble_media::disk`).

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use bramble_cluster::NodeName;
use bramble_media::CardError;
use bramble_media::disk::{self, Bus, Card, Disk, DiskPart, Use, Wish, World};
use bramble_view::copy::size;
use serde::Serialize;

use super::given_image::GivenImage;
use crate::exit::Exit;
use crate::failure::Failure;

/// How long a program may have a disk open that only probes it, as desktops, partitioning
/// tools and `losetup` do with one that has just appeared.
const PROBE: Duration = Duration::from_secs(3);

/// How soon it is looked again whether it has ended.
const LOOK: Duration = Duration::from_millis(50);

/// A card that can be written or read.
#[derive(Debug)]
pub(crate) enum Place {
    /// A disk.
    Disk(Box<Disk>),
    /// A plain file that stands for one, of this many bytes.
    File(PathBuf, u64),
}

/// What people and programs are told of a card.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct About {
    pub(crate) path: PathBuf,
    /// In bytes.
    pub(crate) size: u64,
    pub(crate) model: Option<String>,
    pub(crate) serial: Option<String>,
    /// File systems and labels, a word or two each.
    pub(crate) holds: Vec<String>,
    /// The names that stay when it is plugged in elsewhere.
    pub(crate) by_id: Vec<PathBuf>,
}

impl Place {
    /// What is at `given`.
    pub(crate) fn find(given: &Path) -> Result<Self, Failure> {
        match fs::metadata(given) {
            Ok(found) if found.is_file() => Ok(Self::File(given.to_owned(), found.len())),
            Err(error) if error.kind() == ErrorKind::NotFound && !is_of_devices(given) => {
                let message = format!("{} is not there", given.display());
                Err(Failure::new(Exit::Usage, message))
            }
            _ => disk::find(&World::real(), given)
                .map(|disk| Self::Disk(Box::new(disk)))
                .map_err(|error| Failure::new(Exit::Usage, error.to_string())),
        }
    }

    /// What is at `given`, to be written.
    pub(crate) fn find_to_write(given: &Path) -> Result<Self, Failure> {
        let is_open = |place: &Self| matches!(place, Self::Disk(disk) if is_open(disk));
        let found = settled(|| Self::find(given), is_open);
        found.map_err(|failure| {
            if is_of_devices(given) || given.exists() {
                return failure;
            }
            let file = given.display();
            failure.hint(format!(
                "a file that stands for a card is made first: `truncate -s 4G {file}`"
            ))
        })
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Disk(disk) => &disk.path,
            Self::File(path, _) => path,
        }
    }

    /// How it is called in a line with others: `sdb`.
    pub(crate) fn short(&self) -> String {
        short(self.path())
    }

    /// Whether both are one and the same.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Disk(one), Self::Disk(other)) => one.number == other.number,
            (Self::File(one, _), Self::File(other, _)) => {
                one.canonicalize().ok() == other.canonicalize().ok()
            }
            _ => false,
        }
    }

    pub(crate) fn about(&self) -> About {
        match self {
            Self::Disk(disk) => about(disk),
            Self::File(path, size) => About {
                path: path.clone(),
                size: *size,
                model: None,
                serial: None,
                holds: vec!["a file".to_owned()],
                by_id: Vec::new(),
            },
        }
    }

    /// Why it may not be written, before the first byte.
    pub(crate) fn refusal(&self, wish: &Wanted<'_>) -> Option<Failure> {
        let needs = wish.image.map_or(0, |given| given.image.needs());
        let is_read_from = |file: &&Path| wish.image.is_some_and(|given| given.is_made_from(file));
        if let Some(file) = self.file().filter(is_read_from) {
            return Some(is_read(file));
        }
        let refused = match self {
            Self::Disk(disk) => disk::refusal(&Wish {
                disk,
                given: wish.given,
                needs,
                source: wish.source,
                yes: wish.yes,
            }),
            Self::File(path, holds) if *holds < needs => {
                let (path, holds, needs) = (path.display(), size(*holds), size(needs));
                let message = format!("{path} has {holds}, and the image needs {needs}");
                return Some(
                    Failure::new(Exit::Usage, message)
                        .hint("make it larger: `truncate -s 4G FILE`"),
                );
            }
            Self::File(..) => None,
        }?;
        let failure = Failure::new(Exit::Usage, refused.to_string());
        let hinted = |failure: Failure, hint: &String| failure.hint(hint);
        Some(refused.hints.iter().fold(failure, hinted))
    }

    /// The file that what is written ends up in, if it is in a file.
    fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path, _) => Some(path),
            Self::Disk(disk) => match &disk.bus {
                Bus::Loop { backing } => backing.as_deref(),
                _ => None,
            },
        }
    }

    /// Opens it to be written.
    pub(crate) fn open(&self) -> Result<Card, Failure> {
        let opened = match self {
            Self::Disk(disk) => Card::open(disk),
            Self::File(path, _) => Card::open_file(path),
        };
        opened.map_err(|error| Failure::new(Exit::Host, error.to_string()))
    }

    /// Opens it to be read.
    pub(crate) fn open_to_read(&self) -> Result<Card, Failure> {
        Card::open_to_read(self.path()).map_err(|error| Failure::new(Exit::Host, error.to_string()))
    }
}

/// What would be written over is what is to be written.
pub(crate) fn is_read(file: &Path) -> Failure {
    let message = format!("{} is what is read for the image", file.display());
    Failure::new(Exit::Usage, message).hint("name another file to write to")
}

/// What somebody wants to write to a place.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// How the place was named.
    pub(crate) given: &'a Path,
    /// The image, once it was opened.
    pub(crate) image: Option<&'a GivenImage>,
    /// The device that the image lies on.
    pub(crate) source: Option<disk::Number>,
    /// Whether nobody is asked.
    pub(crate) yes: bool,
}

/// Whether a path means a device, also one that is not there.
fn is_of_devices(path: &Path) -> bool {
    path.starts_with("/dev")
}

/// The last part of a path.
pub(crate) fn short(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The disks that cards can be in.
pub(crate) fn disks(all: bool) -> Result<Vec<Disk>, Failure> {
    let disks =
        disk::disks(&World::real()).map_err(|error| Failure::new(Exit::Host, error.to_string()))?;
    let is_card = |disk: &Disk| disk.removable || matches!(disk.bus, Bus::Usb | Bus::Mmc { .. });
    let shown = |disk: &Disk| all || (is_card(disk) && !disk.is_loop());
    Ok(disks.into_iter().filter(shown).collect())
}

/// The removable disks, to be written.
pub(crate) fn disks_to_write() -> Result<Vec<Disk>, Failure> {
    settled(|| disks(false), |disks| disks.iter().any(is_open))
}

/// What is found once nobody probes it any more, so that only who stays is seen to use it.
fn settled<T>(
    look: impl Fn() -> Result<T, Failure>,
    is_open: impl Fn(&T) -> bool,
) -> Result<T, Failure> {
    let started = Instant::now();
    loop {
        let found = look()?;
        if !is_open(&found) || started.elapsed() > PROBE {
            return Ok(found);
        }
        thread::sleep(LOOK);
    }
}

fn is_open(disk: &Disk) -> bool {
    let mut uses = disk.uses.iter();
    uses.any(|one| matches!(one, Use::OpenBy { .. }))
}

pub(crate) fn about(disk: &Disk) -> About {
    let unread = disk.content.unread && disk.parts.is_empty();
    let whole = words(&disk.content).or_else(|| unread.then(|| "not known".to_owned()));
    let parts = disk.parts.iter().map(part);
    About {
        path: disk.path.clone(),
        size: disk.size,
        model: disk.model.clone(),
        serial: disk.serial.clone(),
        holds: whole.into_iter().chain(parts).collect(),
        by_id: disk.by_id.clone(),
    }
}

fn part(part: &DiskPart) -> String {
    words(&part.content).unwrap_or_else(|| part.name.clone())
}

/// `ext4 rootfs`.
fn words(content: &disk::Content) -> Option<String> {
    let words = [content.kind.as_deref(), content.label.as_deref()];
    let words: Vec<_> = words.into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

impl About {
    /// `vfat bootfs, ext4 rootfs`.
    pub(crate) fn content(&self) -> String {
        if self.holds.is_empty() {
            return "nothing".to_owned();
        }
        self.holds.join(", ")
    }

    /// `/dev/sdb, Generic SD, serial 1234`: to find the card by.
    pub(crate) fn to_find(&self) -> String {
        let serial = self
            .serial
            .as_ref()
            .map(|serial| format!("serial {serial}"));
        let words = [
            Some(self.path.display().to_string()),
            self.model.clone(),
            serial,
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// A node's card.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) node: NodeName,
    pub(crate) place: Place,
    /// How the place was named.
    pub(crate) given: PathBuf,
}

impl Slot {
    /// Whether it is a file for which there was no room. A device that says so is at fault
    /// itself.
    pub(crate) fn is_full<T>(&self, done: &Result<T, CardError>) -> bool {
        let is_file = matches!(self.place, Place::File(..));
        is_file && done.as_ref().is_err_and(CardError::is_full)
    }
}
