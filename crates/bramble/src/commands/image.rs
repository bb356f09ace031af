//! `bramble image build`: an image of Debian for cards.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::str::FromStr;

use bramble_cluster::event::Event;
use bramble_cluster::unit::{Capacity, UnitError};
use bramble_lab::host::{self, HostPackage};
use bramble_lab::image::{self, BuiltImage, Firmware, ImageOrder, PackageName, Suite};
use bramble_lab::{Architecture, LabError};
use clap::{Subcommand, ValueEnum};

use crate::aim::word;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt;

/// Make an operating system image for cards, rolled by yourself
///
/// The image is Debian in the layout of Raspberry Pi OS: a boot partition that takes
/// the seed of the first boot, and a root that grows onto the card. It has all packages
/// that bramble's roles use, so that nodes without internet need install nothing.
/// Needs root.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bramble image build -o debian.img
  bramble image build --arch amd64 --kernel --include htop,tmux -o debian.img
  bramble image build --board rpi -o pi.img")]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Build(Build),
}

/// Make an image from packages of Debian
///
/// For another processor than this machine's, its programs are run by QEMU: that takes
/// about half an hour.
#[derive(Debug, clap::Args)]
struct Build {
    /// For which processors: `arm64` (boards) or `amd64`
    #[arg(long, default_value = "arm64", value_name = "ARCHITECTURE")]
    arch: Architecture,
    /// The release of Debian
    #[arg(long, default_value = "trixie", value_name = "RELEASE")]
    suite: Suite,
    /// How large the image is to be: `3GB`, or `minimum`
    #[arg(long, default_value = "minimum")]
    size: Size,
    /// More packages, with commas between them
    #[arg(long, value_delimiter = ',', value_name = "PACKAGE")]
    include: Vec<PackageName>,
    /// With a kernel also where it is not the default: on `amd64`
    #[arg(long)]
    kernel: bool,
    /// What is to start it: UEFI (emulators are told the kernel), or a Raspberry Pi
    #[arg(long, value_enum, default_value_t, value_name = "BOARD")]
    board: Board,
    /// The disk's id, 8 hexadecimal digits, instead of one by chance
    #[arg(long, value_name = "ID")]
    disk_id: Option<DiskId>,
    /// The file; one that is there is replaced. Its SHA-256 goes into IMAGE.sha256
    #[arg(long, short, value_name = "IMAGE")]
    output: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Board {
    /// A machine with UEFI, or an emulator
    #[default]
    Uefi,
    /// A Raspberry Pi 3, 4, Zero 2 or a compute module of these
    Rpi,
}

/// As large as this, or as it must be.
#[derive(Debug, Clone, Copy)]
struct Size(Option<Capacity>);

impl FromStr for Size {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        match text {
            "minimum" => Ok(Self(None)),
            given => given.parse().map(|size| Self(Some(size))),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct DiskId(u32);

impl FromStr for DiskId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let fits = text.len() == 8 && text.chars().all(|c| c.is_ascii_hexdigit());
        let id = u32::from_str_radix(text, 16).ok().filter(|_| fits);
        // A disk without an id has zeros in its place.
        let id = id.filter(|&id| id != 0);
        id.map(Self)
            .ok_or("write 8 hexadecimal digits that are not all zero")
    }
}

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let Action::Build(build) = &args.action;
    let order = order(build)?;
    image::check_place(&order.output).map_err(misplaced)?;
    host::check_root().map_err(|_| not_root())?;
    refuse_missing(&host::missing_for_image(order.architecture))?;
    let stop = interrupt::flag()?;
    let built = image::build_image(&order, &mut |event| tell(&event, console), &stop)?;
    console.print_json(&built);
    console.print(&told(&built));
    Ok(Exit::Done)
}

/// Where nobody sees a line that goes again, each step gets one that stays: it takes
/// minutes, and half an hour for another processor.
fn tell(event: &Event, console: &mut Console) {
    match event {
        Event::Progress { message } if console.shows_status() => console.status(message),
        Event::Progress { message } => console.say(message),
        other => console.event(other),
    }
}

/// A folder that is not there is a slip of who typed it.
fn misplaced(error: LabError) -> Failure {
    let LabError::File {
        action,
        path,
        source,
    } = error
    else {
        return error.into();
    };
    let failure = Failure::named(action, &path, &source);
    if source.kind() != ErrorKind::NotFound {
        return failure;
    }
    let folder = word(&path.display().to_string());
    failure.hint(format!(
        "if it is meant, make it first: `mkdir -p {folder}`"
    ))
}

fn not_root() -> Failure {
    Failure::new(Exit::Host, "an image can be built by root only")
        .hint("run the same command with sudo")
}

fn order(build: &Build) -> Result<ImageOrder, Failure> {
    let firmware = match build.board {
        Board::Rpi if build.arch != Architecture::Arm64 => {
            let message = "a Raspberry Pi takes no image for amd64";
            return Err(Failure::new(Exit::Usage, message).hint("leave out `--arch amd64`"));
        }
        Board::Rpi => Firmware::RaspberryPi,
        // What has its own kernel in the twin's host needs none.
        Board::Uefi if build.arch == Architecture::Amd64 && !build.kernel => Firmware::None,
        Board::Uefi => Firmware::Uefi,
    };
    Ok(ImageOrder {
        architecture: build.arch,
        suite: build.suite.clone(),
        size: build.size.0,
        include: build.include.clone(),
        firmware,
        disk_id: build.disk_id.map_or_else(some_id, |id| Ok(id.0))?,
        output: build.output.clone(),
    })
}

/// Never zero, which is no id.
fn some_id() -> Result<u32, Failure> {
    let mut bytes = [0; 4];
    rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())
        .map_err(|error| Failure::new(Exit::Host, format!("no random numbers: {error}")))?;
    Ok(u32::from_le_bytes(bytes).max(1))
}

fn refuse_missing(missing: &[&HostPackage]) -> Result<(), Failure> {
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = missing.iter().map(|package| package.name).collect();
    let names = names.join(" ");
    let message = format!("packages are missing on this machine: {names}");
    Err(Failure::new(Exit::Host, message).hint(format!(
        "install them: `apt-get install --no-install-recommends {names}`"
    )))
}

fn told(built: &BuiltImage) -> String {
    format!(
        "{}: Debian for {}, {} MB, of which the system takes {} MB; SHA-256 in {0}.sha256\n\
         make it a node's: `bramble card image NODE --image {0} -o DIR`\n",
        built.path.display(),
        built.architecture,
        built.length / 1_000_000,
        built.content / 1_000_000,
    )
}
