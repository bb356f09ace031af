//! A card as it was written to a file, put into a virtual node: its root is mounted,
//! its boot partition read here, since not every kernel knows FAT. The file itself
//! stays as it is. Not in here: nodes without such a card, and what is on it.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use bramble_card::fat::Fat;
use bramble_card::partition::{Partition, Table};
use bramble_card::{ReadAt, Stretch};
use bramble_cluster::NodeName;

use super::group::Group;
use super::names::Names;
use super::secret_file::write_secret;
use crate::error::at;
use crate::program::Program;
use crate::{Architecture, LabError};

/// The largest file of a boot partition that a node is shown: more than a kernel with
/// its initial file system takes.
const LARGEST: u64 = 256 << 20;

/// Deeper than any firmware looks.
const DEEPEST: usize = 8;

/// What every Debian has for its own processor, and where a program tells which that
/// is: after 18 bytes (`e_machine`).
const A_PROGRAM: &str = "usr/lib/systemd/systemd";
const MACHINE: u64 = 18;

/// The magic number of an ext4 file system, and its place.
const EXT4: [u8; 2] = [0x53, 0xef];
const EXT4_AT: u64 = 1080;

/// The two parts of a card that make a node.
struct Parts {
    boot: Partition,
    root: Partition,
}

/// A file that is read as a card is.
struct CardFile {
    file: File,
    length: u64,
}

impl ReadAt for CardFile {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(into, offset)
    }
}

/// Mounts the root of the card in the file `image` and writes its boot partition's
/// files into `firmware`. Returns where the root is; nobody may write there.
pub(super) fn insert(
    names: &Names,
    node: &NodeName,
    image: &Path,
    firmware: &Path,
    wiring: &Group,
) -> Result<PathBuf, LabError> {
    let wrong = |what: String| LabError::Card {
        node: node.clone(),
        image: image.to_owned(),
        what,
    };
    let card = open(image)?;
    let parts = parts(&card).map_err(wrong)?;
    let point = names.node_state(node).join("card");
    fs::create_dir_all(&point).map_err(at("create", &point))?;
    mount(image, &parts.root, &point, wiring)?;
    let machine = machine_of(&point.join(A_PROGRAM)).map_err(wrong)?;
    is_ours(machine).map_err(wrong)?;
    let boot = Stretch::new(&card, parts.boot.start, parts.boot.length);
    let fat = Fat::open(boot).map_err(|error| wrong(error.to_string()))?;
    leave_root_alone(&names.node_state(node).join("upper"))?;
    copy(&fat, "", firmware, DEEPEST).map_err(|error| match error {
        CopyError::Card(what) => wrong(what),
        CopyError::Here(error) => error,
    })?;
    Ok(point)
}

fn open(image: &Path) -> Result<CardFile, LabError> {
    let file = File::open(image).map_err(at("open", image))?;
    let length = file.metadata().map_err(at("look at", image))?.len();
    Ok(CardFile { file, length })
}

/// The partition with FAT that comes first, and the one with ext4 that comes first.
fn parts(card: &CardFile) -> Result<Parts, String> {
    let table = Table::read(&card)
        .map_err(|error| error.to_string())?
        .ok_or("it has no partition table")?;
    let part = |holds: &dyn Fn(&Partition) -> bool| {
        let whole = |part: &&Partition| part.end() <= card.length;
        let mut parts = table.partitions.iter().filter(whole);
        parts.find(|part| holds(part)).cloned()
    };
    let boot = part(&|part| Fat::open(Stretch::new(card, part.start, part.length)).is_ok());
    let root = part(&|part| {
        let magic = Stretch::new(card, part.start, part.length).bytes_at(EXT4_AT, 2);
        magic.is_ok_and(|magic| magic == EXT4)
    });
    Ok(Parts {
        boot: boot.ok_or("it has no boot partition with FAT")?,
        root: root.ok_or("it has no root partition with ext4")?,
    })
}

fn mount(image: &Path, root: &Partition, point: &Path, wiring: &Group) -> Result<(), LabError> {
    Program::new("sh")
        .args(["-s", "--"])
        .args([image])
        .args([root.start.to_string(), root.length.to_string()])
        .args([point])
        .input(include_str!("card.sh"))
        .within(wiring.directories())
        .remedy("this machine must have loop devices (`modprobe loop`) and know ext4")
        .run()
        .map(drop)
}

/// For which processor a program is.
fn machine_of(program: &Path) -> Result<u16, String> {
    let mut machine = [0; 2];
    File::open(program)
        .and_then(|file| file.read_exact_at(&mut machine, MACHINE))
        .map_err(|_| format!("it has no /{A_PROGRAM}, which a virtual node starts with"))?;
    Ok(u16::from_le_bytes(machine))
}

/// A virtual node has this machine's processor.
fn is_ours(machine: u16) -> Result<(), String> {
    let of = |machine: u16| {
        let known = Architecture::ALL.into_iter();
        known
            .filter(|known| known.elf_machine() == machine)
            .map(Architecture::name)
            .next()
            .unwrap_or("another processor")
    };
    match Architecture::native() {
        Some(ours) if ours.elf_machine() == machine => Ok(()),
        ours => Err(format!(
            "it is for {}, and virtual nodes have this machine's processor ({})",
            of(machine),
            ours.map_or(std::env::consts::ARCH, Architecture::name)
        )),
    }
}

/// The card's `/etc/fstab` names a partition for `/`, which the node's root is not:
/// systemd would fail to give it the options that are written there. Other devices it
/// passes over in a container.
fn leave_root_alone(upper: &Path) -> Result<(), LabError> {
    let mut units = upper.to_owned();
    for part in ["etc", "systemd", "system"] {
        units.push(part);
        fs::create_dir(&units).map_err(at("create", &units))?;
        // The card's folder shows through, with the mode that this one has.
        fs::set_permissions(&units, fs::Permissions::from_mode(0o755))
            .map_err(at("set the mode of", &units))?;
    }
    let unit = units.join("systemd-remount-fs.service");
    symlink("/dev/null", &unit).map_err(at("create", &unit))
}

/// Whether the card or this machine is to blame.
enum CopyError {
    Card(String),
    Here(LabError),
}

/// Copies a folder of the boot partition: for root alone, since there are keys in it.
fn copy(fat: &Fat<impl ReadAt>, from: &str, into: &Path, deepest: usize) -> Result<(), CopyError> {
    let wrong = |error: bramble_card::fat::FatError| CopyError::Card(error.to_string());
    for entry in fat.list(from).map_err(wrong)? {
        let (inner, path) = (format!("{from}/{}", entry.name), into.join(&entry.name));
        if [".", ".."].contains(&entry.name.as_str()) {
            continue;
        }
        if entry.is_directory {
            if deepest == 0 {
                return Err(CopyError::Card(format!("{inner} lies too deep")));
            }
            let made = fs::DirBuilder::new().mode(0o700).create(&path);
            made.map_err(|error| CopyError::Here(at("create", &path)(error)))?;
            copy(fat, &inner, &path, deepest - 1)?;
        } else if let Some(content) = fat.read(&inner, LARGEST).map_err(wrong)? {
            write_secret(&path, &content).map_err(CopyError::Here)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_for_another_processor_is_refused_with_both_names() {
        let (arm, amd) = (Architecture::Arm64, Architecture::Amd64);
        let other = if arm.is_native() { amd } else { arm };
        let said = is_ours(other.elf_machine()).unwrap_err();
        assert!(said.contains(&format!("it is for {other}")), "{said}");
        if let Some(ours) = Architecture::native() {
            assert!(said.contains(ours.name()), "{said}");
            assert_eq!(is_ours(ours.elf_machine()), Ok(()));
        }
        assert!(is_ours(0).unwrap_err().contains("another processor"));
    }

    #[test]
    fn a_file_that_is_no_card_says_what_it_lacks() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(1 << 20).unwrap();
        let said = parts(&open(file.path()).unwrap()).err().unwrap();
        assert_eq!(said, "it has no partition table");
    }
}
