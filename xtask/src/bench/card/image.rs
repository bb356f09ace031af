//! An image in the layout of Raspberry Pi OS, the same on every run: partition table,
//! FAT32, ext4, and 62 % of its blocks in use. Made without root. Not in here: what is
//! measured with it.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use super::desk::{self, Desk};
use crate::failure::Failure;
use crate::program::{self, command};

const MIB: u64 = 1 << 20;

/// How long images are, in bytes.
pub(super) const USUAL: u64 = 1024 * MIB;
pub(super) const LARGE: u64 = 8192 * MIB;

/// Where the partitions begin. Raspberry Pi OS' boot partition is twice as long, and its
/// image more than twice.
const BOOT: u64 = 8 * MIB;
const ROOT: u64 = BOOT + 256 * MIB;

/// What lies in the partitions, so that 62 % of the usual image are in use.
const IN_BOOT: usize = 70 << 20;
const IN_ROOT: usize = 530 << 20;

/// After so many bytes content repeats itself: further than the packing looks back.
const PERIOD: usize = 24 << 20;

/// The longest file, in blocks.
const LONGEST: usize = 1024;
const BLOCK: usize = 4096;

#[derive(Debug)]
pub(super) struct Image {
    pub(super) raw: PathBuf,
    pub(super) xz: PathBuf,
    /// Of the raw image, in bytes.
    pub(super) length: u64,
}

impl Image {
    /// What one must know of it to read the figures.
    pub(super) fn described(&self) -> String {
        let size = |path: &Path, part: fn(&fs::Metadata) -> u64| {
            fs::metadata(path).map_or(0, |found| part(&found)) / MIB
        };
        let (used, packed) = (
            size(&self.raw, |found| found.blocks() * 512),
            size(&self.xz, fs::Metadata::len),
        );
        let all = self.length / MIB;
        format!("the image: {all} MiB, of which {used} MiB are not holes; as .xz {packed} MiB")
    }
}

/// Makes the image and packs it.
pub(super) fn make(desk: &Desk, name: &str, length: u64) -> Result<Image, Failure> {
    println!("making an image of {} MiB", length / MIB);
    let image = Image {
        raw: desk.path(&format!("{name}.img")),
        xz: desk.path(&format!("{name}.img.xz")),
        length,
    };
    let made = File::create(&image.raw).and_then(|file| {
        file.set_len(length)?;
        file.write_all_at(&table(length), 446)
    });
    made.map_err(|error| Failure::file("make", &image.raw, &error))?;
    let content = content();
    boot(desk, &image.raw, &content)?;
    root(desk, &image.raw, &content, length)?;
    pack(&image)?;
    Ok(image)
}

/// The partition table from its first entry on.
fn table(length: u64) -> Vec<u8> {
    let entry = |kind: u8, start: u64, end: u64| {
        // Proof: 8 GiB are 2^24 sectors.
        let sectors = |bytes: u64| u32::try_from(bytes / 512).unwrap_or(u32::MAX);
        let sectors = |bytes: u64| sectors(bytes).to_le_bytes();
        let head = [0, 0, 0, 0, kind, 0, 0, 0];
        [&head[..], &sectors(start), &sectors(end - start)].concat()
    };
    let entries = [entry(0x0c, BOOT, ROOT), entry(0x83, ROOT, length)];
    [&entries.concat()[..], &[0; 32], &[0x55, 0xaa]].concat()
}

fn boot(desk: &Desk, image: &Path, content: &[u8]) -> Result<(), Failure> {
    let folder = desk.path("boot");
    fill(&folder, IN_BOOT, content)?;
    let texts = [
        (
            "cmdline.txt",
            "console=tty1 root=PARTUUID=1234abcd-02 rootwait resize\n",
        ),
        ("config.txt", "dtparam=audio=on\n"),
        ("meta-data", "instance_id: rpios-image\n"),
        ("user-data", "#cloud-config\n"),
        ("network-config", "# nothing yet\n"),
    ];
    for (name, text) in texts {
        desk::write(&folder.join(name), text)?;
    }
    let mut format = tool("mkfs.fat");
    format.args(["--invariant", "-F", "32", "-s", "1", "-n", "bootfs"]);
    format.args(["--offset", &(BOOT / 512).to_string()]);
    // It counts in KiB.
    format.arg(image).arg(((ROOT - BOOT) / 1024).to_string());
    program::output(&mut format)?;
    let mut copy = tool("mcopy");
    copy.args(["-s", "-i", &format!("{}@@{BOOT}", image.display())]);
    copy.args(entries(&folder)?).arg("::/");
    program::output(&mut copy)?;
    remove(&folder)
}

fn root(desk: &Desk, image: &Path, content: &[u8], length: u64) -> Result<(), Failure> {
    let folder = desk.path("root");
    fill(&folder, IN_ROOT, content)?;
    let seed = "4b3f2d1c-0000-4000-8000-627261626c65";
    let mut format = tool("mke2fs");
    format.args(["-q", "-F", "-t", "ext4", "-b", "4096", "-L", "rootfs"]);
    format.args(["-U", seed, "-d"]).arg(&folder);
    format.args(["-E", &format!("offset={ROOT},hash_seed={seed}")]);
    format.env("E2FSPROGS_FAKE_TIME", "1");
    // Its suffix is KiB.
    format
        .arg(image)
        .arg(format!("{}k", (length - ROOT) / 1024));
    program::output(&mut format)?;
    remove(&folder)
}

/// As images are packed that can be unpacked by several cores; less thoroughly, which
/// only makes it sooner done.
fn pack(image: &Image) -> Result<(), Failure> {
    let mut xz = tool("xz");
    xz.args(["--keep", "--threads=0", "--block-size=24MiB"]);
    xz.arg("--lzma2=preset=1,dict=8MiB");
    program::output(xz.arg(&image.raw)).map(drop)
}

/// Files of many lengths with `length` bytes together.
fn fill(folder: &Path, length: usize, content: &[u8]) -> Result<(), Failure> {
    desk::make_folder(folder)?;
    let (mut left, mut number) = (length, 0);
    while left > 0 {
        let size = ((number * 7919 % LONGEST + 1) * BLOCK).min(left);
        let start = number * 1_000_003 % PERIOD;
        let first = &content[start..content.len().min(start + size)];
        let rest = &content[..size - first.len()];
        let path = folder.join(format!("file{number:04}"));
        let written = File::create(&path).and_then(|mut file| {
            file.write_all(first)?;
            file.write_all(rest)?;
            file.set_modified(SystemTime::UNIX_EPOCH)
        });
        written.map_err(|error| Failure::file("write", &path, &error))?;
        left -= size;
        number += 1;
    }
    Ok(())
}

/// Words of which some are frequent, as in programs and texts, and in between pages that
/// cannot be packed. What `xz` makes of it is about a quarter.
fn content() -> Vec<u8> {
    const WORDS: usize = 4096;
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let word = |random: &mut Random| -> Vec<u8> {
        let length = 3 + random.below(8);
        (0..length)
            .map(|_| random.next().to_le_bytes()[0])
            .collect()
    };
    let words: Vec<_> = (0..WORDS).map(|_| word(&mut random)).collect();
    let mut content = Vec::with_capacity(PERIOD + BLOCK);
    while content.len() < PERIOD {
        let end = content.len() + BLOCK;
        let packable = random.below(100) >= 13;
        while content.len() < end {
            if packable {
                let chosen = random.below(WORDS) * random.below(WORDS) / WORDS;
                content.extend(&words[chosen]);
            } else {
                content.extend(random.next().to_le_bytes());
            }
        }
    }
    content
}

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        // Proof: half of it fits where pointers have half the bits.
        usize::try_from(self.next() >> 33).unwrap_or(0) % limit
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let read = fs::read_dir(folder).and_then(|entries| {
        let paths = entries.map(|entry| Ok(entry?.path()));
        paths.collect::<std::io::Result<Vec<_>>>()
    });
    let mut paths = read.map_err(|error| Failure::file("read", folder, &error))?;
    paths.sort();
    Ok(paths)
}

fn remove(folder: &Path) -> Result<(), Failure> {
    fs::remove_dir_all(folder).map_err(|error| Failure::file("remove", folder, &error))
}

/// A program that may lie where only root looks for it.
pub(super) fn tool(program: &str) -> Command {
    let mut tool = command(program);
    let path = std::env::var("PATH").unwrap_or_default();
    tool.env("PATH", format!("{path}:/usr/sbin:/sbin"));
    tool
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_partition_table_ends_where_the_first_sector_does() {
        let table = table(USUAL);
        assert_eq!(table.len(), 512 - 446);
        assert_eq!(table[4], 0x0c);
        assert_eq!(table[8..12], 16384_u32.to_le_bytes());
        assert_eq!(table[20], 0x83);
    }

    #[test]
    fn content_is_the_same_each_time_and_of_its_period_at_least() {
        let once = content();
        assert!(once.len() >= PERIOD);
        assert_eq!(once[..4096], content()[..4096]);
    }
}
