//! What was typed as a source or a destination: a path here, or nodes and a path
//! there. Not in here: whether anything is at it.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

/// Where something is, or shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// On this machine.
    Here(PathBuf),
    /// On nodes.
    There {
        /// Which: an expression, not yet understood.
        nodes: String,
        /// The path on each of them.
        path: Remote,
    },
}

/// A path on a node; a relative one begins at the account's home directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remote {
    path: String,
}

/// Why a path on a node cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WrongPlace {
    #[error("{0:?} is not UTF-8, which node names and paths there have to be")]
    NotText(OsString),
    #[error("{0:?} is in another account's home directory; write that path in full")]
    OthersHome(OsString),
    #[error("{0:?} has a line break in it, which no path on a node may have")]
    LineBreak(OsString),
}

impl Place {
    /// Understands an argument as `scp` does: a colon before the first slash ends
    /// the nodes, so that `./a:b` is a path here.
    pub(crate) fn parse(text: &OsStr) -> Result<Self, WrongPlace> {
        let Some(at) = colon(text.as_bytes()) else {
            return Ok(Self::Here(PathBuf::from(text)));
        };
        let whole = text
            .to_str()
            .ok_or_else(|| WrongPlace::NotText(text.to_owned()))?;
        if whole.contains('\n') {
            return Err(WrongPlace::LineBreak(text.to_owned()));
        }
        let rest = whole[at + 1..].strip_prefix('~');
        if rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')) {
            return Err(WrongPlace::OthersHome(text.to_owned()));
        }
        Ok(Self::There {
            nodes: whole[..at].to_owned(),
            path: Remote::of(&whole[at + 1..]),
        })
    }
}

/// Where the colon between nodes and path is. A group may have a colon of its own
/// (`@board:rpi5`): in a term that begins with `@`, one with another behind it.
fn colon(text: &[u8]) -> Option<usize> {
    let end = text
        .iter()
        .position(|&byte| byte == b'/')
        .unwrap_or(text.len());
    let head = &text[..end];
    let colons: Vec<usize> = (0..end).filter(|&at| head[at] == b':').collect();
    let mut term = None;
    for (nth, &at) in colons.iter().enumerate() {
        let begin = head[..at]
            .iter()
            .rposition(|byte| b",!&^".contains(byte))
            .map_or(0, |operator| operator + 1);
        let first_in_group = head[begin..].starts_with(b"@") && term != Some(begin);
        let value_follows = colons.get(nth + 1).is_some_and(|&next| next > at + 1);
        if !(first_in_group && value_follows) {
            return Some(at);
        }
        term = Some(begin);
    }
    None
}

/// A path without the beginning that keeps programs from taking it for an option.
pub(crate) fn plain(path: &str) -> &str {
    path.strip_prefix("./")
        .filter(|rest| !rest.is_empty())
        .unwrap_or(path)
}

impl Remote {
    fn of(typed: &str) -> Self {
        let path = typed
            .strip_prefix("~/")
            .or_else(|| typed.strip_prefix('~').filter(|rest| rest.is_empty()))
            .unwrap_or(typed);
        let path = match path {
            "" => ".".to_owned(),
            // What begins with a dash or the like is then no option of anything.
            path if !path.starts_with('/') => format!("./{path}"),
            path => path.to_owned(),
        };
        Self { path }
    }

    /// The path as it is given to programs there.
    pub(crate) fn as_str(&self) -> &str {
        &self.path
    }

    /// The path as people write it: relative to the home directory, or whole.
    pub(crate) fn shown(&self) -> &str {
        plain(&self.path)
    }

    /// Whether it can only be a directory: it ends in `/`, `.` or `..`.
    pub(crate) fn is_directory(&self) -> bool {
        self.path.ends_with('/') || matches!(self.last(), "." | "..")
    }

    /// Whether the content of a directory is meant, and not the directory: it ends in
    /// `/.`, or has no name to keep, as the home directory, `/` and `..`.
    pub(crate) fn is_content(&self) -> bool {
        matches!(self.last(), "" | "." | "..")
    }

    fn trimmed(&self) -> &str {
        match self.path.trim_end_matches('/') {
            "" => "/",
            path => path,
        }
    }

    fn last(&self) -> &str {
        let path = self.path.trim_end_matches('/');
        path.rsplit('/').next().unwrap_or_default()
    }

    /// The name within its directory.
    pub(crate) fn name(&self) -> &str {
        self.last()
    }

    /// The directory that it is in.
    pub(crate) fn parent(&self) -> &str {
        match self.trimmed().rsplit_once('/') {
            Some(("", _)) => "/",
            Some((parent, _)) => parent,
            None => ".",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nodes and path; nothing for a path here.
    fn place(text: &str) -> Option<(String, String)> {
        match Place::parse(OsStr::new(text)).unwrap() {
            Place::Here(_) => None,
            Place::There { nodes, path } => Some((nodes, path.as_str().to_owned())),
        }
    }

    #[track_caller]
    fn is(text: &str, nodes: &str, path: &str) {
        assert_eq!(place(text), Some((nodes.to_owned(), path.to_owned())));
    }

    #[test]
    fn a_colon_before_the_first_slash_ends_the_nodes() {
        is("node1:/etc/motd", "node1", "/etc/motd");
        is("node[1-3]:a:b", "node[1-3]", "./a:b");
        is("@all:/srv/a:b", "@all", "/srv/a:b");
        for here in ["./a:b", "/srv/a:b", "plain", "dir/a:b"] {
            assert_eq!(place(here), None, "{here}");
        }
    }

    #[test]
    fn a_group_may_have_a_colon_of_its_own() {
        is("@board:rpi5:/etc", "@board:rpi5", "/etc");
        is("@all!@board:rpi5:x", "@all!@board:rpi5", "./x");
        is("@board:rpi5:", "@board:rpi5", ".");
        is("@worker:x", "@worker", "./x");
        is("@board:a:b:c", "@board:a", "./b:c");
    }

    #[test]
    fn a_path_that_is_not_absolute_begins_at_home() {
        is("node1:", "node1", ".");
        is("node1:~", "node1", ".");
        is("node1:~/a", "node1", "./a");
        is("node1:-rf", "node1", "./-rf");
        is("node1:./~other/a", "node1", "././~other/a");
    }

    #[test]
    fn the_home_of_another_is_no_directory_of_that_name() {
        let refused = Place::parse(OsStr::new("@worker:~other/x")).unwrap_err();
        assert!(matches!(refused, WrongPlace::OthersHome(_)));
        assert!(refused.to_string().contains("write that path in full"));
    }

    #[test]
    fn the_parent_and_the_name_of_a_path_are_known() {
        for (path, parent, name) in [
            ("/etc/motd", "/etc", "motd"),
            ("/etc", "/", "etc"),
            ("/", "/", ""),
            ("a", ".", "a"),
            ("a/b/", "./a", "b"),
        ] {
            let remote = Remote::of(path);
            assert_eq!((remote.parent(), remote.name()), (parent, name), "{path}");
        }
    }

    #[test]
    fn a_path_says_when_it_can_only_be_a_directory() {
        for path in ["/", "", "a/", ".", "a/.", ".."] {
            assert!(Remote::of(path).is_directory(), "{path}");
        }
        assert!(!Remote::of("/etc/motd").is_directory());
        for path in ["a/.", "", "/", "a/.."] {
            assert!(Remote::of(path).is_content(), "{path}");
        }
        assert!(!Remote::of("a/").is_content());
    }

    #[test]
    fn a_line_break_is_refused_before_any_node_sees_it() {
        let place = Place::parse(OsStr::new("node1:/a\nb"));
        assert!(matches!(place, Err(WrongPlace::LineBreak(_))));
    }
}
