//! Images made by the programs that everybody makes them with. Not in here: what is
//! expected of them.

use std::fs;
use std::io::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bramble_testkit::skipped;
use tempfile::TempDir;

pub(crate) const MIB: u64 = 1024 * 1024;

/// Whether these programs are here. They must be where nobody watches.
pub(crate) fn have(programs: &[&str]) -> bool {
    let is_there = |program: &&&str| {
        let folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
        folders
            .iter()
            .any(|folder| Path::new(folder).join(program).exists())
    };
    let missing: Vec<_> = programs
        .iter()
        .filter(|program| !is_there(program))
        .collect();
    if missing.is_empty() {
        return true;
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{missing:?} must be installed"
    );
    skipped(&format!("{missing:?} are not installed"));
    false
}

/// What a program prints; it must succeed.
pub(crate) fn output(program: &str, arguments: &[&str]) -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("PATH", format!("/usr/sbin:/sbin:{path}"));
    command.env("LC_ALL", "C");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {said}{complaint}"
    );
    said
}

/// A folder for images, and in it `tree`, the files that they hold.
pub(crate) struct Workshop {
    folder: TempDir,
}

impl Workshop {
    pub(crate) fn new() -> Self {
        let workshop = Self {
            folder: TempDir::new().unwrap(),
        };
        workshop.write("tree/etc/hostname", b"node1\n");
        workshop.write(
            "tree/etc/fstab",
            b"PARTUUID=1234abcd-02 / ext4 defaults 0 1\n",
        );
        workshop.write("tree/large", &noise(3_000_000, 1));
        workshop.write("tree/gone", &noise(1_500_000, 2));
        for number in 0..150 {
            let path = format!("tree/many/deep/file-{number}");
            workshop.write(&path, &noise(number * 97, number));
        }
        workshop
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// An ext file system with the tree, made with these words of `mke2fs`, of which a
    /// file was deleted again.
    pub(crate) fn ext4(&self, words: &str, mib: u64) -> Vec<u8> {
        let (file, size) = (self.text("ext4"), format!("{mib}M"));
        drop(fs::remove_file(&file));
        let tree = self.text("tree");
        let mut arguments = vec!["-q", "-F"];
        arguments.extend(words.split_whitespace());
        arguments.extend(["-d", &tree, &file, &size]);
        output("mke2fs", &arguments);
        output("debugfs", &["-w", "-R", "rm /gone", &file]);
        output("debugfs", &["-w", "-R", "rm /many/deep/file-100", &file]);
        self.read("ext4")
    }

    /// A FAT file system with the tree, made with these words of `mkfs.fat`, of which a
    /// file was deleted again.
    pub(crate) fn fat(&self, words: &str, mib: u64) -> Vec<u8> {
        let (file, tree) = (self.text("fat"), self.text("tree"));
        self.write("fat", b"");
        fs::File::options()
            .write(true)
            .open(&file)
            .unwrap()
            .set_len(mib * MIB)
            .unwrap();
        let mut arguments: Vec<_> = words.split_whitespace().collect();
        arguments.push(&file);
        output("mkfs.fat", &arguments);
        for name in ["etc", "gone", "large", "many"] {
            output(
                "mcopy",
                &["-s", "-i", &file, &format!("{tree}/{name}"), "::"],
            );
        }
        output("mdel", &["-i", &file, "::gone"]);
        self.read("fat")
    }

    /// A disk of this size with the partitions of a script of `sfdisk`, and with contents
    /// at the places where they belong.
    pub(crate) fn disk(&self, script: &str, mib: u64, contents: &[(u64, &[u8])]) -> Vec<u8> {
        let file = self.text("disk");
        self.write("disk", b"");
        fs::File::options()
            .write(true)
            .open(&file)
            .unwrap()
            .set_len(mib * MIB)
            .unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut sfdisk = Command::new("sfdisk");
        sfdisk
            .args(["-q", "--no-reread", &file])
            .stdin(Stdio::piped());
        sfdisk.env("PATH", format!("/usr/sbin:/sbin:{path}"));
        let mut running = sfdisk.spawn().unwrap();
        running
            .stdin
            .take()
            .unwrap()
            .write_all(script.as_bytes())
            .unwrap();
        assert!(running.wait().unwrap().success(), "{script}");
        let mut disk = self.read("disk");
        for (start, content) in contents {
            let start = usize::try_from(*start).unwrap();
            disk[start..start + content.len()].copy_from_slice(content);
        }
        disk
    }

    /// A card as Raspberry Pi OS has it, in small: FAT32 in sectors, and ext4 after.
    pub(crate) fn card(&self) -> Vec<u8> {
        let fat = self.fat("-n bootfs -F 32 -s 1 -S 512", 40);
        let ext4 = self.ext4("-t ext4 -b 4096 -L rootfs -O ^64bit,^huge_file", 72);
        let script = "label: dos\nlabel-id: 0x1234abcd\n\
                      start=8MiB, size=40MiB, type=c\nstart=48MiB, size=72MiB, type=83\n";
        self.disk(script, 120, &[(8 * MIB, &fat), (48 * MIB, &ext4)])
    }
}

/// The programs that [`Workshop`] needs.
pub(crate) const PROGRAMS: &[&str] = &[
    "mke2fs", "debugfs", "dumpe2fs", "e2fsck", "mkfs.fat", "fsck.fat", "mcopy", "mdel", "sfdisk",
];

/// Bytes that look like nothing, but are always the same.
pub(crate) fn noise(length: usize, seed: usize) -> Vec<u8> {
    let mut state = seed as u64 * 2 + 0x9E37_79B9_7F4A_7C15;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// All of `ranges` as ranges that do not touch.
pub(crate) fn united(mut ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    ranges.sort_by_key(|range| range.start);
    let mut united: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match united.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => united.push(range),
        }
    }
    united
}
