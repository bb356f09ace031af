//! The mounts of this machine as the kernel lists them. Not in here: whose they are.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;

/// One line of `/proc/self/mountinfo`, as far as the twin wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mount {
    pub(super) point: PathBuf,
    pub(super) kind: String,
    /// Options of the file system, comma-separated; of a control group file
    /// system of version 1 the controllers.
    pub(super) options: String,
}

/// In the order in which they were mounted.
pub(super) fn all() -> Vec<Mount> {
    parse(&fs::read_to_string("/proc/self/mountinfo").unwrap_or_default())
}

fn parse(text: &str) -> Vec<Mount> {
    text.lines().filter_map(parse_line).collect()
}

fn parse_line(line: &str) -> Option<Mount> {
    let (place, system) = line.split_once(" - ")?;
    let point = place.split(' ').nth(4)?;
    let mut system = system.split(' ');
    let kind = system.next()?.to_owned();
    let options = system.nth(1).unwrap_or_default().to_owned();
    Some(Mount {
        point: PathBuf::from(unescape(point)),
        kind,
        options,
    })
}

/// The kernel writes a space as `\040`, and other bytes that would break the
/// line likewise.
fn unescape(text: &str) -> OsString {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..3).filter(|_| first == b'\\');
        let code = code.and_then(|digits| std::str::from_utf8(digits).ok());
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
    fn a_mount_is_its_place_its_kind_and_its_options() {
        let text = "31 25 0:27 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory\n\
                    99 25 0:50 / /var/my\\040twin\\134 rw - overlay overlay rw,volatile\n";
        let mounts = parse(text);
        assert_eq!(mounts[0].kind, "cgroup");
        assert_eq!(mounts[0].options, "rw,memory");
        assert_eq!(mounts[1].point, PathBuf::from("/var/my twin\\"));
    }
}
