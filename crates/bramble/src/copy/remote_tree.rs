//! What a node says is at a path there. A node may say anything: what could lead
//! out of the directory that all is put into is refused here. Not in here:
//! asking.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path, PathBuf};

use crate::copy::item::{Item, Kind, Stamp};

/// Why a list is not followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadList {
    #[error("{path} is {what}, which cannot be copied")]
    Special { path: String, what: &'static str },
    #[error("{0:?} has a line break in its name, which cannot be copied; rename it")]
    LineBreak(PathBuf),
    #[error("the node names {0:?}, which leads elsewhere; do not trust this node")]
    Elsewhere(PathBuf),
    #[error("the node's list of what is there cannot be understood: {0}")]
    Unclear(String),
}

/// What is at a path on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tree {
    pub(crate) items: Vec<Item>,
    /// The files that the kernel makes when they are read: their sizes say nothing.
    pub(crate) made: BTreeSet<PathBuf>,
}

/// Understands the answer of `list.sh`: parents before what is in them, and every
/// path below one of the directories in the list.
pub(crate) fn parse(answer: &[u8]) -> Result<Tree, BadList> {
    let words: Vec<&[u8]> = answer
        .strip_suffix(b"\0")
        .map(|answer| answer.split(|&byte| byte == 0).collect())
        .unwrap_or_default();
    let mut items = words
        .chunks(2)
        .map(|pair| item(pair[0], pair.get(1).copied().unwrap_or_default()))
        .collect::<Result<Vec<_>, _>>()?;
    let is_made = words.chunks(2).map(|pair| pair[0].starts_with(MADE));
    let made = items.iter().zip(is_made);
    let made: BTreeSet<_> = made
        .filter(|(_, is_made)| *is_made)
        .map(|(item, _)| item.path.clone())
        .collect();
    items.sort_by(|a, b| a.path.cmp(&b.path));
    let mut directories: BTreeSet<&Path> = [Path::new("")].into();
    let mut last = None;
    for item in &items {
        let parent = item.path.parent().unwrap_or(Path::new(""));
        if last == Some(&item.path) || !directories.contains(parent) {
            return Err(BadList::Elsewhere(item.path.clone()));
        }
        last = Some(&item.path);
        if item.kind == Kind::Directory {
            directories.insert(&item.path);
        }
    }
    Ok(Tree { items, made })
}

/// The kind of a file that is made when it is read, as it begins a line.
const MADE: &[u8] = b"u ";

fn item(line: &[u8], target: &[u8]) -> Result<Item, BadList> {
    let unclear = || BadList::Unclear(String::from_utf8_lossy(line).into_owned());
    let words: Vec<&[u8]> = line.splitn(5, |&byte| byte == b' ').collect();
    let [kind, mode, size, stamp, path] = words[..] else {
        return Err(unclear());
    };
    let text = |word| std::str::from_utf8(word).ok();
    let from = plain(path)?;
    let kind = match kind {
        b"f" | b"u" => Kind::File {
            size: text(size)
                .and_then(|size| size.parse().ok())
                .ok_or_else(unclear)?,
            from: from.clone(),
        },
        b"d" => Kind::Directory,
        b"l" => Kind::Link {
            target: PathBuf::from(OsStr::from_bytes(target)),
        },
        other => return Err(special(&from, other)),
    };
    let mode = text(mode).and_then(|mode| u32::from_str_radix(mode, 8).ok());
    Ok(Item {
        path: from,
        kind,
        mode: mode.ok_or_else(unclear)? & 0o777,
        stamp: text(stamp).and_then(Stamp::parse).ok_or_else(unclear)?,
    })
}

/// A path of plain names only.
fn plain(path: &[u8]) -> Result<PathBuf, BadList> {
    let path = path.strip_prefix(b"./").unwrap_or(path);
    let path = PathBuf::from(OsStr::from_bytes(path));
    let is_name = |part| matches!(part, Component::Normal(_));
    let whole: PathBuf = path.components().collect();
    // The first takes nothing away; else `a/./b` would pass for `a/b`.
    if whole.as_os_str() != path.as_os_str()
        || path.as_os_str().is_empty()
        || !path.components().all(is_name)
    {
        return Err(BadList::Elsewhere(path));
    }
    if path.as_os_str().as_bytes().contains(&b'\n') {
        return Err(BadList::LineBreak(path));
    }
    Ok(path)
}

fn special(path: &Path, kind: &[u8]) -> BadList {
    BadList::Special {
        path: path.display().to_string(),
        what: match kind {
            b"p" => "a pipe",
            b"s" => "a socket",
            b"b" | b"c" => "a device",
            _ => "of a kind that is not known",
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list(paths: &[(&str, &str)]) -> Vec<u8> {
        let line = |(kind, path): &(&str, &str)| format!("{kind} 644 5 17.0000000000 {path}\0\0");
        paths.iter().map(line).collect::<String>().into_bytes()
    }

    #[test]
    fn a_tree_is_understood_parents_first() {
        let items = parse(&list(&[("d", "./a"), ("f", "./a/b c"), ("l", "./a-")]))
            .unwrap()
            .items;
        let paths: Vec<_> = items
            .iter()
            .map(|item| item.path.to_str().unwrap())
            .collect();
        assert_eq!(paths, ["a", "a/b c", "a-"]);
        assert_eq!(items[1].size(), 5);
        assert_eq!(items[1].stamp.seconds, 17);
    }

    #[test]
    fn a_file_that_is_made_when_it_is_read_is_known_as_such() {
        let tree = parse(&list(&[("d", "./a"), ("f", "./a/b"), ("u", "./a/a")])).unwrap();
        assert_eq!(tree.made, [PathBuf::from("a/a")].into());
        assert!(matches!(tree.items[1].kind, Kind::File { .. }));
    }

    #[test]
    fn what_leads_elsewhere_is_refused() {
        for path in [
            "/etc/passwd",
            "../x",
            "./a/../../x",
            ".",
            "./",
            "./.",
            "a//b",
            "./a/./b",
            "./a/",
            "..",
        ] {
            let refused = parse(&list(&[("d", "./a"), ("f", path)]));
            assert!(matches!(refused, Err(BadList::Elsewhere(_))), "{path}");
        }
    }

    #[test]
    fn nothing_is_put_behind_a_link_or_a_file_or_twice() {
        for paths in [
            &[("l", "./a"), ("f", "./a/b")][..],
            &[("f", "./a"), ("f", "./a/b")],
            &[("f", "./a/b")],
            &[("l", "./a"), ("d", "./a")],
        ] {
            let refused = parse(&list(paths));
            assert!(matches!(refused, Err(BadList::Elsewhere(_))), "{paths:?}");
        }
    }

    #[test]
    fn what_is_no_file_directory_or_link_is_refused_by_name() {
        let refused = parse(&list(&[("s", "./a")])).unwrap_err();
        assert_eq!(refused.to_string(), "a is a socket, which cannot be copied");
    }

    proptest! {
        #[test]
        fn whatever_a_node_says_stays_below(answer in "(([fdl] [0-7]{1,3} [0-9]{1,4} 1\\.000000000 [./ab]{0,9})\\x00[./ab]{0,4}\\x00){0,5}") {
            if let Ok(tree) = parse(answer.as_bytes()) {
                for item in tree.items {
                    prop_assert!(item.path.components().all(|part| matches!(part, Component::Normal(_))));
                }
            }
        }
    }
}
