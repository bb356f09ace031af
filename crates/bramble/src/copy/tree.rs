//! What is to be copied from this machine, as it stands there now. Not in here:
//! its content, and what the nodes have of it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use crate::copy::item::{Item, Kind, Stamp};

/// All that is to be copied.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    /// Every file, directory and link, parents before what is in them. Paths are
    /// as they are below a directory that all is put into.
    pub(crate) items: Vec<Item>,
    /// How many were named.
    pub(crate) named: usize,
    /// Whether one stands for the content of a directory (`dir/.`).
    pub(crate) content: bool,
}

/// Why something cannot be copied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoSource {
    #[error("cannot read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{} is {what}, which cannot be copied; leave it out", path.display())]
    Special { path: PathBuf, what: &'static str },
    #[error("{path:?} has a line break in its name, which cannot be copied; rename it")]
    LineBreak { path: PathBuf },
    #[error("two sources are called {name:?}, and would be at the same place; copy one at a time")]
    Twice { name: OsString },
    #[error("{} has no name of its own; write `{}/.` for what is in it", path.display(), path.display())]
    Nameless { path: PathBuf },
}

/// Reads `paths` and all that is in them. A link that is named is followed, one
/// within a directory stays a link.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Sources, NoSource> {
    let mut sources = Sources {
        named: paths.len(),
        ..Sources::default()
    };
    for path in paths {
        let found = fs::metadata(path).map_err(|error| unreadable(path, error))?;
        if found.is_dir() && is_content(path) {
            sources.content = true;
            walk(path, Path::new(""), &mut sources.items)?;
            continue;
        }
        let name = path
            .file_name()
            .ok_or_else(|| NoSource::Nameless { path: path.clone() })?;
        take(path, Path::new(name), &found, &mut sources.items)?;
    }
    sources.items.sort_by(|a, b| a.path.cmp(&b.path));
    let twice = sources
        .items
        .windows(2)
        .find(|pair| pair[0].path == pair[1].path);
    match twice {
        Some(pair) => Err(NoSource::Twice {
            name: pair[0].path.clone().into_os_string(),
        }),
        None => Ok(sources),
    }
}

/// `dir/.` and `.`; the standard library's paths do not tell them from `dir`.
fn is_content(path: &Path) -> bool {
    let bytes = path.as_os_str().as_bytes();
    let bytes = bytes
        .iter()
        .rposition(|&byte| byte != b'/')
        .map_or(bytes, |last| &bytes[..=last]);
    bytes == b"." || bytes.ends_with(b"/.")
}

fn walk(folder: &Path, at: &Path, items: &mut Vec<Item>) -> Result<(), NoSource> {
    let fail = |error| unreadable(folder, error);
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let path = entry.path();
        let found = fs::symlink_metadata(&path).map_err(|error| unreadable(&path, error))?;
        take(&path, &at.join(entry.file_name()), &found, items)?;
    }
    Ok(())
}

fn take(path: &Path, at: &Path, found: &Metadata, items: &mut Vec<Item>) -> Result<(), NoSource> {
    if has_line_break(at.as_os_str()) {
        return Err(NoSource::LineBreak {
            path: path.to_owned(),
        });
    }
    let kind = kind(path, found)?;
    let descend = matches!(kind, Kind::Directory);
    items.push(Item {
        path: at.to_owned(),
        kind,
        mode: found.mode() & 0o777,
        stamp: Stamp {
            seconds: found.mtime(),
            nanoseconds: u32::try_from(found.mtime_nsec()).unwrap_or_default(),
        },
    });
    if descend {
        walk(path, at, items)
    } else {
        Ok(())
    }
}

fn has_line_break(name: &OsStr) -> bool {
    name.as_bytes().contains(&b'\n')
}

fn kind(path: &Path, found: &Metadata) -> Result<Kind, NoSource> {
    let special = |what| NoSource::Special {
        path: path.to_owned(),
        what,
    };
    let of = found.file_type();
    if of.is_dir() {
        return Ok(Kind::Directory);
    }
    if of.is_symlink() {
        let target = fs::read_link(path).map_err(|error| unreadable(path, error))?;
        return Ok(Kind::Link { target });
    }
    if of.is_file() {
        let from = std::path::absolute(path).map_err(|error| unreadable(path, error))?;
        let size = found.len();
        return Ok(Kind::File { size, from });
    }
    Err(match of {
        of if of.is_fifo() => special("a pipe"),
        of if of.is_socket() => special("a socket"),
        _ => special("a device"),
    })
}

fn unreadable(path: &Path, error: io::Error) -> NoSource {
    NoSource::Unreadable {
        path: path.to_owned(),
        error,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("tree/sub")).unwrap();
        fs::write(folder.path().join("tree/sub/file"), "content").unwrap();
        symlink("sub/file", folder.path().join("tree/link")).unwrap();
        folder
    }

    fn paths(sources: &Sources) -> Vec<&str> {
        sources
            .items
            .iter()
            .map(|item| item.path.to_str().unwrap())
            .collect()
    }

    #[test]
    fn a_directory_comes_with_all_that_is_in_it_and_links_stay_links() {
        let folder = folder();
        let sources = read(&[folder.path().join("tree/")]).unwrap();
        assert_eq!(
            paths(&sources),
            ["tree", "tree/link", "tree/sub", "tree/sub/file"]
        );
        assert!(
            matches!(&sources.items[1].kind, Kind::Link { target } if target == Path::new("sub/file"))
        );
    }

    #[test]
    fn a_dot_at_the_end_means_the_content() {
        let folder = folder();
        let sources = read(&[folder.path().join("tree/.")]).unwrap();
        assert_eq!(paths(&sources), ["link", "sub", "sub/file"]);
        assert!(sources.content);
    }

    #[test]
    fn a_link_that_is_named_is_followed() {
        let folder = folder();
        let sources = read(&[folder.path().join("tree/link")]).unwrap();
        assert!(matches!(sources.items[0].kind, Kind::File { size: 7, .. }));
    }

    #[test]
    fn what_is_neither_file_directory_nor_link_is_refused_by_name() {
        let folder = folder();
        let _listener = UnixListener::bind(folder.path().join("tree/socket")).unwrap();
        let error = read(&[folder.path().join("tree")]).unwrap_err().to_string();
        assert!(error.contains("tree/socket is a socket"), "{error}");
    }

    #[test]
    fn a_name_with_a_line_break_is_refused_and_so_are_two_equal_names() {
        let folder = folder();
        let odd = folder.path().join("tree/a\nb");
        fs::write(&odd, "").unwrap();
        assert!(matches!(read(&[odd]), Err(NoSource::LineBreak { .. })));
        let file = folder.path().join("tree/sub/file");
        let twice = read(&[file.clone(), file]);
        assert!(matches!(twice, Err(NoSource::Twice { .. })));
    }
}
