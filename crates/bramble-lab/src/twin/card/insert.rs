//! A card put into a virtual node: its root is mounted, its boot partition read here,
//! since not every kernel knows FAT. The file itself stays as it is. Not in here: nodes
//! without such a card, and whose card it is.

use std::fs::{self, File};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use bramble_card::fat::Fat;
use bramble_card::partition::Partition;
use bramble_card::{ReadAt, Seed, Stretch};
use bramble_cluster::NodeName;

use super::{WrittenCard, first_boot, written};
use crate::error::{CardError, at};
use crate::layout::VirtualNode;
use crate::program::Program;
use crate::twin::group::Group;
use crate::twin::names::Names;
use crate::twin::secret_file::write_secret;
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

/// Mounts the card's root and writes its boot partition's files into `firmware`.
/// Returns where the root is; nobody may write there.
pub(in crate::twin) fn insert(
    names: &Names,
    node: &NodeName,
    card: &WrittenCard,
    firmware: &Path,
    wiring: &Group,
) -> Result<PathBuf, LabError> {
    let wrong = |what: String| CardError::Unfit {
        node: node.clone(),
        image: card.image.clone(),
        what,
    };
    let file = written::open(&card.image)?;
    let point = names.node_state(node).join("card");
    fs::create_dir_all(&point).map_err(at("create", &point))?;
    mount(&card.image, &card.root, &point, wiring)?;
    let machine = machine_of(&point.join(A_PROGRAM)).map_err(wrong)?;
    is_ours(machine).map_err(wrong)?;
    let boot = Stretch::new(&file, card.boot.start, card.boot.length);
    let fat = Fat::open(boot).map_err(|error| wrong(error.to_string()))?;
    leave_root_alone(&names.node_state(node).join("upper"))?;
    copy(&fat, "", firmware, DEEPEST).map_err(|error| match error {
        CopyError::Card(what) => wrong(what).into(),
        CopyError::Here(error) => error,
    })?;
    Ok(point)
}

/// Gives the node the network of `seed`, the twin's own, where its card's is one that it
/// would not find here. Returns what there is to say about it.
pub(in crate::twin) fn rewire(
    firmware: &Path,
    node: &VirtualNode,
    seed: &Seed,
) -> Result<Option<String>, LabError> {
    let path = firmware.join(first_boot::NETWORK);
    let said = match fs::read(&path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(at("read", &path)(error)),
    };
    let Some(why) = first_boot::not_here(&said, node.uplink.is_some()) else {
        return Ok(None);
    };
    let ours = seed
        .files
        .iter()
        .find(|file| file.name == first_boot::NETWORK);
    let ours = ours.ok_or_else(|| LabError::NoSeed(node.name.clone()))?;
    if path.exists() {
        fs::remove_file(&path).map_err(at("remove", &path))?;
    }
    write_secret(&path, ours.content.expose().as_bytes())?;
    Ok(Some(format!("{}: {why}", node.name)))
}

fn mount(image: &Path, root: &Partition, point: &Path, wiring: &Group) -> Result<(), LabError> {
    Program::new("sh")
        .args(["-s", "--"])
        .args([image])
        .args([root.start.to_string(), root.length.to_string()])
        .args([point])
        .input(include_str!("mount.sh"))
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
    use bramble_card::SeedFile;
    use bramble_cluster::Secret;

    use super::*;
    use crate::layout::tests::behind_a_gateway;

    #[test]
    fn only_the_network_of_a_card_that_looks_for_another_one_is_the_twins() {
        let layout = behind_a_gateway();
        let (head, node1) = (&layout.nodes[0], &layout.nodes[1]);
        let seed = Seed {
            files: vec![SeedFile {
                name: "network-config",
                content: Secret::new("the twin's".to_owned()),
            }],
        };
        let firmware = tempfile::tempdir().unwrap();
        let path = firmware.path().join("network-config");
        let found = || fs::read_to_string(&path).unwrap();
        fs::write(&path, "wifis: the card's").unwrap();

        assert_eq!(rewire(firmware.path(), node1, &seed).unwrap(), None);
        assert_eq!(found(), "wifis: the card's");
        let said = rewire(firmware.path(), head, &seed).unwrap().unwrap();
        assert!(
            said.starts_with("head: its way out is the twin's"),
            "{said}"
        );
        assert_eq!(found(), "the twin's");
        fs::remove_file(&path).unwrap();
        assert!(rewire(firmware.path(), head, &seed).unwrap().is_some());
        assert_eq!(found(), "the twin's");
    }

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
}
