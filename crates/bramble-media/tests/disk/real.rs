//! Devices of this machine: loop devices on files of the tests' own, and plain files.
//! Loop devices need root; without it these tests say so, and fail on CI. Not in here:
//! disks of the machine itself, which nothing touches.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bramble_media::aligned::{Aligned, BLOCK};
use bramble_media::disk::{
    Bus, Card, Disk, DiskError, Reason, Use, Wish, World, disks, find, lies_on, refusal,
};
use bramble_media::medium::Medium as _;
use tempfile::TempDir;

/// A size that no block divides, as of a card with sectors of 512 bytes.
const SIZE: u64 = (8 << 20) + 512;

/// Says why a test does not test anything here.
#[expect(clippy::print_stdout, reason = "a test that is skipped must say so")]
fn skipped(reason: &str) {
    println!("skipped: {reason}");
}

/// A loop device on a file of its own. It is detached while it is open here, so that the
/// kernel takes it away when this process ends, however that happens.
struct Loop {
    folder: TempDir,
    node: PathBuf,
    held: File,
}

impl Loop {
    /// `None`, and a line that says why, where this cannot be done.
    fn attach(options: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("card.img");
        File::create(&file).unwrap().set_len(SIZE).unwrap();
        let mut losetup = Command::new("losetup");
        losetup.args(["--find", "--show"]).args(options).arg(&file);
        match losetup.output() {
            Ok(output) if output.status.success() => {
                let node = String::from_utf8(output.stdout).unwrap();
                let node = PathBuf::from(node.trim());
                let held = hold(&node);
                Some(Self { folder, node, held })
            }
            problem => {
                skipped(&format!("no loop device can be had: {problem:?}"));
                assert!(std::env::var_os("CI").is_none(), "this must run on CI");
                None
            }
        }
    }

    /// Another file in the same device, unless somebody else was faster to take it.
    fn change(mut self, file: &Path) -> Option<Self> {
        let size = World::real().sys.join("class/block");
        let size = size.join(self.node.file_name().unwrap()).join("size");
        self.held = File::open("/dev/null").unwrap();
        while fs::read_to_string(&size).unwrap() != "0\n" {
            std::thread::sleep(Duration::from_millis(10));
        }
        let mut losetup = Command::new("losetup");
        let status = losetup.arg(&self.node).arg(file).status().unwrap();
        if !status.success() {
            return None;
        }
        self.held = hold(&self.node);
        Some(self)
    }

    /// As it is when nobody else tries any more to get this very loop device: of two
    /// that look for a free one at the same time, one opens it in vain.
    fn found(&self) -> Disk {
        loop {
            let disk = find(&World::real(), &self.node).unwrap();
            let tried = disk.uses.iter().any(|found| match found {
                Use::OpenBy { program, .. } => program == "losetup",
                _ => false,
            });
            if !tried {
                return disk;
            }
        }
    }

    fn refused(&self) -> Option<Reason> {
        let disk = self.found();
        let wish = Wish {
            disk: &disk,
            given: &self.node,
            needs: SIZE,
            source: None,
            yes: true,
        };
        refusal(&wish).map(|refusal| refusal.reason)
    }
}

fn hold(node: &Path) -> File {
    let held = File::open(node).unwrap();
    run("losetup", &["--detach", node.to_str().unwrap()]);
    held
}

fn run(program: &str, arguments: &[&str]) {
    let status = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "{program} {arguments:?}"
    );
}

/// A process with a mount namespace of its own, in which the device is mounted.
struct Elsewhere(Child);

impl Elsewhere {
    fn mount(device: &Path, at: &Path) -> Self {
        let script = r#"mount "$1" "$2" && echo mounted && read -r _; umount "$2""#;
        let mut process = Command::new("unshare")
            .args(["--mount", "sh", "-c", script, "sh"])
            .args([device, at])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let running = Self(process);
        assert_eq!(line, "mounted\n");
        running
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        // The end of its input is what it waits for.
        drop(self.0.stdin.take());
        self.0.wait().unwrap();
    }
}

#[test]
fn a_free_loop_device_is_opened_for_nobody_else() {
    let Some(device) = Loop::attach(&[]) else {
        return;
    };
    let disk = device.found();
    assert_eq!((disk.size, disk.uses.as_slice()), (SIZE, &[][..]));
    let backing = Some(device.folder.path().join("card.img"));
    assert_eq!(disk.bus, Bus::Loop { backing });
    assert!(
        disks(&World::real())
            .unwrap()
            .iter()
            .any(|one| one.number == disk.number)
    );
    assert_eq!(lies_on(&device.node).unwrap(), disk.number);
    assert_eq!(device.refused(), None);

    let card = Card::open(&disk).unwrap();
    assert!(card.is_direct());
    assert_eq!(card.length(), SIZE);
    let second = Card::open(&disk).unwrap_err();
    assert!(matches!(second, DiskError::Busy { .. }), "{second}");
    match &device.found().uses[..] {
        [Use::OpenBy { process, .. }] => assert_eq!(*process, std::process::id()),
        other => panic!("{other:?}"),
    }
    drop(card);
    assert!(device.found().uses.is_empty());
}

/// Bytes of which no two blocks are alike.
fn pattern(length: usize) -> Aligned {
    let mut bytes = Aligned::new(length);
    for (block, bytes) in bytes.chunks_mut(8).enumerate() {
        bytes.copy_from_slice(
            &(block as u64)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .to_le_bytes()[..bytes.len()],
        );
    }
    bytes
}

/// Writes all of `card`, aligned and not, and reads it back both ways.
fn write_and_read_back(card: &mut Card) {
    let length = usize::try_from(card.length()).unwrap();
    let bytes = pattern(length);
    let tail = length - length % BLOCK;
    card.write_at(0, &bytes[..tail]).unwrap();
    card.write_at(tail as u64, &bytes[tail..]).unwrap();
    card.write_at(BLOCK as u64 - 3, b"across").unwrap();
    card.write_at(0, &bytes[..BLOCK]).unwrap();
    card.sync().unwrap();

    let mut expected = bytes.to_vec();
    expected[BLOCK..BLOCK + 3].copy_from_slice(b"oss");
    let mut found = Aligned::new(length);
    let (blocks, rest) = found.split_at_mut(tail);
    card.read_at(0, blocks).unwrap();
    card.read_at(tail as u64, rest).unwrap();
    assert!(*found == *expected);
    let mut unaligned = vec![0; length - 1];
    card.read_at(1, &mut unaligned).unwrap();
    assert!(unaligned == expected[1..]);
    let past = card.read_at(card.length() - 1, &mut [0; 2]).unwrap_err();
    assert_eq!(past.kind(), io::ErrorKind::UnexpectedEof);
    assert!(card.write_at(card.length(), &bytes[..BLOCK]).is_err());
}

#[test]
fn what_is_written_directly_and_through_memory_is_read_back_alike() {
    let Some(device) = Loop::attach(&[]) else {
        return;
    };
    let mut card = Card::open(&device.found()).unwrap();
    write_and_read_back(&mut card);
    drop(card);
    let file = fs::read(device.folder.path().join("card.img")).unwrap();
    assert!(file[BLOCK + 3..] == pattern(file.len())[BLOCK + 3..]);
}

#[test]
fn a_mounted_device_is_refused_wherever_it_is_mounted_and_cannot_be_opened() {
    let Some(device) = Loop::attach(&[]) else {
        return;
    };
    let node = device.node.to_str().unwrap();
    run("mkfs.ext4", &["-q", "-L", "own card", node]);
    let at = device.folder.path().join("mounted here");
    fs::create_dir(&at).unwrap();
    let looked_at = device.found();
    assert_eq!(looked_at.content.kind.as_deref(), Some("ext4"));
    assert_eq!(looked_at.content.label.as_deref(), Some("own card"));

    let elsewhere = Elsewhere::mount(&device.node, &at);
    match device.refused() {
        Some(Reason::Mounted { at: places }) => {
            assert!(
                matches!(&places[..], [(place, Some(_))] if *place == at),
                "{places:?}"
            );
        }
        other => panic!("{other:?}"),
    }
    let error = Card::open(&looked_at).unwrap_err();
    assert!(matches!(error, DiskError::Busy { .. }), "{error}");
    let mut reader = Card::open_to_read(&device.node).unwrap();
    let mut magic = [0; 2];
    reader.read_at(1080, &mut magic).unwrap();
    assert_eq!(magic, *b"\x53\xef");
    assert!(reader.write_at(0, &magic).is_err());
    drop(elsewhere);
    assert_eq!(device.refused(), None);
}

#[test]
fn a_locked_device_is_refused() {
    let Some(device) = Loop::attach(&["--read-only"]) else {
        return;
    };
    assert_eq!(device.refused(), Some(Reason::ReadOnly));
}

#[test]
fn a_card_that_was_changed_since_it_was_looked_at_is_not_opened() {
    let Some(device) = Loop::attach(&[]) else {
        return;
    };
    let disk = device.found();
    let other = Disk {
        number: (disk.number.0, disk.number.1 + 1),
        ..disk.clone()
    };
    let smaller = Disk {
        size: disk.size - 512,
        ..disk.clone()
    };
    let told = disk.sequence.clone().map(|(path, seen)| (path, seen + 1));
    let mut changed = vec![other, smaller];
    changed.extend(told.map(|told| Disk {
        sequence: Some(told),
        ..disk.clone()
    }));
    for disk in changed {
        let error = Card::open(&disk).unwrap_err();
        assert!(matches!(error, DiskError::Changed { .. }), "{error}");
    }
    Card::open(&disk).unwrap();
}

#[test]
fn a_second_file_in_the_same_loop_device_is_another_card() {
    let Some(device) = Loop::attach(&[]) else {
        return;
    };
    let disk = device.found();
    if disk.sequence.is_none() {
        skipped("this kernel does not count media");
        return;
    }
    let file = device.folder.path().join("second.img");
    File::create(&file).unwrap().set_len(SIZE).unwrap();
    let Some(device) = device.change(&file) else {
        skipped("another program has taken the loop device");
        return;
    };
    let error = Card::open(&disk).unwrap_err();
    assert!(matches!(error, DiskError::Changed { .. }), "{error}");
    Card::open(&device.found()).unwrap();
}

#[test]
fn a_plain_file_is_not_opened_in_place_of_a_disk() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sda");
    fs::write(&file, "kept").unwrap();
    let tree = crate::tree::Tree::new();
    tree.disk(crate::tree::USB, "sda", "8:0", 4096);
    let error = Card::open(&tree.found("sda")).unwrap_err();
    assert!(matches!(error, DiskError::NotADevice { .. }), "{error}");
    let error = find(&World::real(), &file).unwrap_err();
    assert!(matches!(error, DiskError::NotADevice { .. }), "{error}");
}

#[test]
fn a_file_in_place_of_a_card_is_sparse_and_its_owners() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("node1.img");
    fs::write(&path, vec![7; 100_000]).unwrap();
    let mut card = Card::create_file(&path, SIZE).unwrap();
    let metadata = fs::metadata(&path).unwrap();
    assert_eq!(
        (card.length(), metadata.len(), metadata.blocks()),
        (SIZE, SIZE, 0)
    );
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    let mut zeros = vec![1; 100_000];
    card.read_at(0, &mut zeros).unwrap();
    assert!(zeros.iter().all(|byte| *byte == 0));
    let second = Card::create_file(&path, SIZE).unwrap_err();
    assert!(matches!(second, DiskError::Busy { .. }), "{second}");
}

#[test]
fn a_file_is_written_and_read_back_as_a_card_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("node1.img");
    let mut card = Card::create_file(&path, SIZE).unwrap();
    let length = usize::try_from(SIZE).unwrap();
    let bytes = pattern(length);
    card.write_at(0, &bytes).unwrap();
    card.sync().unwrap();
    card.discard_cache().unwrap();
    let mut reader = Card::open_to_read(&path).unwrap();
    let mut found = Aligned::new(length);
    reader.read_at(0, &mut found).unwrap();
    assert!(*found == *bytes);
    assert_eq!(reader.length(), SIZE);
}

#[test]
fn a_device_a_folder_and_a_pipe_are_no_files_in_place_of_a_card() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    run("mkfifo", &[pipe.to_str().unwrap()]);
    for path in [Path::new("/dev/null"), &pipe] {
        let error = Card::create_file(path, 4096).unwrap_err();
        assert!(matches!(error, DiskError::NotAFile { .. }), "{error}");
        let error = Card::open_to_read(path).unwrap_err();
        assert!(matches!(error, DiskError::NotADevice { .. }), "{error}");
    }
    assert!(Card::create_file(folder.path(), 4096).is_err());
    assert!(Card::create_file(&folder.path().join("no/folder"), 4096).is_err());
}

/// The kind and label that `blkid` finds in a file.
fn judged(file: &Path) -> (Option<String>, Option<String>) {
    let mut blkid = Command::new("blkid");
    let output = blkid.args(["-p", "-o", "export"]).arg(file).output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    let value = |key: &str| {
        let mut pairs = text.lines().filter_map(|line| line.split_once('='));
        Some(pairs.find(|(found, _)| *found == key)?.1.to_owned())
    };
    (value("TYPE"), value("LABEL"))
}

#[test]
fn what_is_read_from_a_disk_is_what_blkid_finds() {
    for (program, options) in [
        ("mkfs.ext2", &["-q", "-L", "two"][..]),
        ("mkfs.ext3", &["-q", "-L", "three"]),
        ("mkfs.ext4", &["-q"]),
        ("mkfs.vfat", &["-F", "32", "-n", "BOOTFS"]),
        ("mkfs.vfat", &["-F", "16"]),
        ("mkswap", &["-L", "swapped"]),
    ] {
        let tree = crate::tree::Tree::new();
        tree.disk(crate::tree::USB, "sda", "8:0", 64 << 20);
        let node = tree.node("sda");
        let device = File::options().write(true).open(&node).unwrap();
        device.set_len(64 << 20).unwrap();
        let mut make = Command::new(program);
        let made = make.args(options).arg(&node).output();
        if !made.is_ok_and(|made| made.status.success()) {
            skipped(&format!("{program} is not installed"));
            assert!(std::env::var_os("CI").is_none(), "this must run on CI");
            continue;
        }
        let content = tree.found("sda").content;
        assert_eq!((content.kind, content.label), judged(&node), "{program}");
    }
}
