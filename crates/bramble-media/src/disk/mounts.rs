//! What is mounted, as the kernel lists it for a process. Not in here: on which disks
//! that lies.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use super::blocks::{self, Number};

/// One line of `mountinfo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mount {
    /// Of the file system. Some (btrfs, overlay) have a number that no device has.
    pub(super) number: Number,
    pub(super) point: PathBuf,
    pub(super) kind: String,
    /// What was mounted, as whoever mounted it said.
    pub(super) source: PathBuf,
    /// Options of the file system, comma-separated.
    pub(super) options: OsString,
}

impl Mount {
    /// The devices that whoever mounted it named: bcachefs has several in one word.
    pub(super) fn sources(&self) -> Vec<PathBuf> {
        match self.source.to_str() {
            Some(source) if self.kind == "bcachefs" => {
                source.split(':').map(PathBuf::from).collect()
            }
            _ => vec![self.source.clone()],
        }
    }

    /// The folders of the machine that an overlay shows, if it is one.
    pub(super) fn layers(&self) -> Vec<PathBuf> {
        if self.kind != "overlay" {
            return Vec::new();
        }
        let options = self.options.to_string_lossy();
        let layers = options.split(',').filter_map(|option| {
            let (key, value) = option.split_once('=')?;
            matches!(key, "lowerdir" | "lowerdir+" | "datadir+" | "upperdir").then_some(value)
        });
        let folders = layers.flat_map(|value| value.split(':'));
        folders
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from)
            .collect()
    }
}

/// The mounts of a `mountinfo`, in the order in which they were made.
pub(super) fn parse(text: &[u8]) -> Vec<Mount> {
    text.split(|byte| *byte == b'\n').filter_map(line).collect()
}

fn line(line: &[u8]) -> Option<Mount> {
    let mut fields = line.split(|byte| *byte == b' ');
    let number = str::from_utf8(fields.nth(2)?)
        .ok()
        .and_then(blocks::number)?;
    let point = PathBuf::from(unescape(fields.nth(1)?));
    // Between the options of the mount and a lone `-` lie any number of fields.
    let mut fields = fields.skip_while(|field| *field != b"-").skip(1);
    Some(Mount {
        number,
        point,
        kind: String::from_utf8_lossy(fields.next()?).into_owned(),
        source: PathBuf::from(unescape(fields.next()?)),
        options: unescape(fields.next().unwrap_or_default()),
    })
}

/// The mount that `path` lies in: of those at the longest path the latest, which hides
/// the others.
pub(super) fn holding<'a>(mounts: &'a [Mount], path: &Path) -> Option<&'a Mount> {
    let over = mounts.iter().filter(|mount| path.starts_with(&mount.point));
    over.max_by_key(|mount| mount.point.components().count())
}

/// The swap areas of a `/proc/swaps`: devices and files.
pub(super) fn swaps(text: &[u8]) -> Vec<PathBuf> {
    let lines = text.split(|byte| *byte == b'\n').skip(1);
    let names = lines.filter_map(|line| line.split(u8::is_ascii_whitespace).next());
    names
        .filter(|name| !name.is_empty())
        .map(|name| unescape(name).into())
        .collect()
}

/// The kernel writes a space as `\040`, and other bytes that would break a line likewise.
fn unescape(text: &[u8]) -> OsString {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..3).filter(|_| first == b'\\');
        let code = code.and_then(|digits| str::from_utf8(digits).ok());
        if let Some(byte) = code.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            bytes.push(byte);
            rest = &after[3..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    OsString::from_vec(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_has_its_place_kind_and_source_whatever_stands_in_between() {
        let text = b"36 35 98:0 /mnt1 /mnt/my\\040card rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n\
                     nonsense\n\
                     37 35 0:45 / /home rw - btrfs /dev/sda2 rw,subvol=/@home\n";
        let mounts = parse(text);
        assert_eq!(mounts.len(), 2);
        assert_eq!(mounts[0].number, (98, 0));
        assert_eq!(mounts[0].point, Path::new("/mnt/my card"));
        assert_eq!(mounts[0].source, Path::new("/dev/root"));
        assert_eq!(mounts[1].kind, "btrfs");
        assert_eq!(mounts[1].source, Path::new("/dev/sda2"));
    }

    #[test]
    fn an_overlay_names_its_layers() {
        let text = b"1 0 0:39 / / rw - overlay overlay rw,lowerdir=/a:/b::/data,upperdir=/up,workdir=/work";
        let layers = parse(text)[0].layers();
        assert_eq!(layers, ["/a", "/b", "/data", "/up"].map(PathBuf::from));
        let other = b"1 0 8:1 / / rw - ext4 /dev/sda1 rw,lowerdir=/a";
        assert_eq!(parse(other)[0].layers(), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_path_lies_in_the_longest_and_latest_mount() {
        let text = b"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n\
                     2 1 8:2 / /mnt rw - ext4 /dev/sda2 rw\n\
                     3 1 8:3 / /mnt rw - ext4 /dev/sda3 rw\n";
        let mounts = parse(text);
        let number = |path: &str| holding(&mounts, Path::new(path)).unwrap().number;
        assert_eq!(number("/mnt/x"), (8, 3));
        assert_eq!(number("/mntx"), (8, 1));
        assert!(holding(&mounts, Path::new("relative")).is_none());
    }

    #[test]
    fn swaps_are_devices_and_files() {
        let text = b"Filename\t\t\tType\t\tSize\tUsed\tPriority\n\
                     /dev/zram0                              partition\t4194300\t0\t100\n\
                     /swap\\040file                           file\t1024\t0\t-2\n";
        let found = swaps(text);
        assert_eq!(found, ["/dev/zram0", "/swap file"].map(PathBuf::from));
        assert!(swaps(b"").is_empty());
    }
}
