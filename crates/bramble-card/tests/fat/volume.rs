//! A FAT volume in a file, made by `mkfs.fat`, edited by us and by mtools, and judged by
//! `fsck.fat`.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the judges are programs, and they want files"
)]

use std::cell::Cell;
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;

use bramble_card::ReadAt;
use bramble_card::fat::{Fat, FatError, Modified};
use bramble_testkit::skipped;
use tempfile::TempDir;

/// Options of `mkfs.fat` and sizes in KiB: all kinds, small and large clusters and
/// sectors.
pub(crate) const LAYOUTS: &[(&str, u64)] = &[
    ("-F 12 -n CIDATA", 2048),
    ("-F 16 -s 1 -n BOOT", 16 << 10),
    ("-F 16 -s 8", 64 << 10),
    ("-F 16 -S 4096 -s 1", 64 << 10),
    ("-F 32 -s 1 -n bootfs", 40 << 10),
    ("-F 32 -s 2", 68 << 10),
    ("-F 32 -S 4096 -s 1", 260 << 10),
    ("-F 32 -s 1 -f 1", 40 << 10),
];

pub(crate) struct Volume {
    folder: TempDir,
    file: PathBuf,
}

/// The file of a volume, and how many bytes of it were read.
#[derive(Debug, Clone)]
pub(crate) struct OnDisk {
    file: Rc<File>,
    pub(crate) read: Rc<Cell<u64>>,
}

impl ReadAt for OnDisk {
    fn length(&self) -> u64 {
        self.file.metadata().unwrap().len()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.read.set(self.read.get() + into.len() as u64);
        self.file.read_exact_at(into, offset)
    }
}

impl Volume {
    /// A new volume; none if this machine cannot make one.
    pub(crate) fn make(options: &str, kib: u64) -> Option<Self> {
        let there = |path: &str| Path::new(path).exists();
        if !there("/usr/sbin/mkfs.fat") || !there("/usr/bin/mcopy") {
            assert!(
                std::env::var_os("CI").is_none(),
                "dosfstools and mtools must be installed"
            );
            skipped("dosfstools and mtools are not installed");
            return None;
        }
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("volume");
        File::create(&file).unwrap().set_len(kib * 1024).unwrap();
        let mut mkfs = Command::new("/usr/sbin/mkfs.fat");
        run(mkfs.args(options.split(' ')).arg(&file));
        Some(Self { folder, file })
    }

    /// One of every layout.
    pub(crate) fn every() -> impl Iterator<Item = Self> {
        LAYOUTS
            .iter()
            .filter_map(|(options, kib)| Self::make(options, *kib))
    }

    /// One of every kind, all of them small.
    pub(crate) fn small() -> impl Iterator<Item = Self> {
        let small = LAYOUTS.iter().filter(|(_, kib)| *kib <= 40 << 10);
        small.filter_map(|(options, kib)| Self::make(options, *kib))
    }

    pub(crate) fn on_disk(&self) -> OnDisk {
        OnDisk {
            file: Rc::new(File::open(&self.file).unwrap()),
            read: Rc::default(),
        }
    }

    pub(crate) fn fat(&self) -> Fat<OnDisk> {
        Fat::open(self.on_disk()).unwrap()
    }

    /// Makes an edit, applies what it changed, and asks `fsck.fat`.
    pub(crate) fn edit<T>(
        &self,
        edit: impl FnOnce(&mut Fat<OnDisk>) -> Result<T, FatError>,
    ) -> Result<T, FatError> {
        let mut fat = self.fat();
        let made = edit(&mut fat);
        self.apply(&fat);
        self.check();
        made
    }

    pub(crate) fn apply(&self, fat: &Fat<OnDisk>) {
        for (offset, bytes) in fat.changes() {
            self.poke(offset, bytes);
        }
    }

    pub(crate) fn write(&self, path: &str, content: &[u8]) {
        self.edit(|fat| fat.write(path, content, stamp(fat)))
            .unwrap();
    }

    /// What `fsck.fat` says. It must find nothing.
    pub(crate) fn check(&self) {
        run(Command::new("/usr/sbin/fsck.fat").arg("-n").arg(&self.file));
    }

    /// Runs one of the mtools with this volume.
    pub(crate) fn mtools(&self, program: &str, words: &[&str]) -> Vec<u8> {
        let mut command = Command::new(program);
        command.arg("-i").arg(&self.file).args(words);
        // Names are read and shown as the locale has them; volumes that no disk drive has
        // are refused otherwise.
        command
            .env("LC_ALL", "C.UTF-8")
            .env("MTOOLS_SKIP_CHECK", "1");
        run(&mut command)
    }

    /// Puts a file there by `mcopy`.
    pub(crate) fn mcopy(&self, path: &str, content: &[u8]) {
        let source = self.folder.path().join("source");
        fs::write(&source, content).unwrap();
        let to = format!("::{path}");
        self.mtools("mcopy", &["-o", source.to_str().unwrap(), &to]);
    }

    /// The content of a file as mtools reads it.
    pub(crate) fn mread(&self, path: &str) -> Vec<u8> {
        let target = self.folder.path().join("target");
        let from = format!("::{path}");
        self.mtools("mcopy", &["-n", &from, target.to_str().unwrap()]);
        fs::read(target).unwrap()
    }

    /// The names in a directory as mtools shows them, sorted.
    pub(crate) fn mnames(&self, directory: &str) -> Vec<String> {
        let shown = self.mtools("mdir", &["-b", "-a", &format!("::{directory}/")]);
        let shown = String::from_utf8(shown).unwrap();
        let last = |line: &str| {
            line.trim_end_matches('/')
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned()
        };
        let mut names: Vec<_> = shown.lines().map(last).collect();
        names.sort_unstable();
        names
    }

    pub(crate) fn bytes(&self, offset: u64, length: usize) -> Vec<u8> {
        self.on_disk().bytes_at(offset, length).unwrap()
    }

    /// Writes to the file itself.
    pub(crate) fn poke(&self, offset: u64, bytes: &[u8]) {
        let file = File::options().write(true).open(&self.file).unwrap();
        file.write_all_at(bytes, offset).unwrap();
    }

    /// Where the first of `bytes` is. They lie in one sector, as all that is looked for.
    pub(crate) fn find(&self, bytes: &[u8]) -> u64 {
        let disk = self.on_disk();
        let starts = (0..disk.length()).step_by(512);
        let mut sectors = starts.map(|start| (start, disk.bytes_at(start, 512).unwrap()));
        let within = |sector: &[u8]| sector.windows(bytes.len()).position(|part| part == bytes);
        let found = sectors.find_map(|(start, sector)| Some(start + within(&sector)? as u64));
        found.unwrap()
    }
}

/// What a program says. It must succeed.
fn run(command: &mut Command) -> Vec<u8> {
    let ran = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout) + String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{command:?}: {said}");
    ran.stdout
}

pub(crate) fn stamp(fat: &Fat<OnDisk>) -> Modified {
    fat.newest()
}

/// `size` bytes that repeat at no multiple of a sector.
pub(crate) fn content(size: usize) -> Vec<u8> {
    (0..251).cycle().take(size).collect()
}

/// What is in a directory, by name, sorted.
pub(crate) fn names(fat: &Fat<OnDisk>, directory: &str) -> Vec<String> {
    let entries = fat.list(directory).unwrap();
    let mut names: Vec<_> = entries.into_iter().map(|entry| entry.name).collect();
    names.sort_unstable();
    names
}

/// The byte at `at`, as a range.
pub(crate) fn one(at: u64) -> [Range<u64>; 1] {
    std::array::from_fn(|_| at..at + 1)
}
