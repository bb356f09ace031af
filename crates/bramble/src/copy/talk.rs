//! Asking nodes by the scripts of this folder. Not in here: what they are asked.

use std::sync::Arc;

use crate::copy::listing::Refusal;
use bramble_cluster::{NodeName, Secret};
use bramble_converge::Unreachable;
use bramble_converge::script::quote;
use bramble_fleet::{Command, Errand, Fleet, Input, News, Pace, Part, Stream, Task, What};

/// What a node said.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) status: u32,
    pub(crate) output: Vec<u8>,
    pub(crate) complaint: Vec<u8>,
}

/// Why nothing was copied to or from a node.
#[derive(Debug, Clone)]
pub(crate) enum Trouble {
    Unreachable(Unreachable),
    Refused(Refusal),
    Failed(String),
}

impl From<Unreachable> for Trouble {
    fn from(reason: Unreachable) -> Self {
        match reason {
            // The node is well.
            Unreachable::NoInput(reason) => Self::Failed(reason),
            reason => Self::Unreachable(reason),
        }
    }
}

impl Said {
    /// The last line of the complaint, and what to do about it.
    pub(crate) fn trouble(&self) -> Trouble {
        let complaint = String::from_utf8_lossy(&self.complaint);
        match complaint.lines().rfind(tells) {
            Some(line) => Trouble::Failed(with_remedy(line)),
            None => Trouble::Failed(format!("the copy ended with status {}", self.status)),
        }
    }
}

/// Whether a part of what tools said says anything: tar ends by saying that it ends.
fn tells(part: &&str) -> bool {
    !part.trim().is_empty() && !part.contains("Exiting with failure status")
}

/// What tools on the node said, with what can be done about it.
pub(crate) fn with_remedy(said: &str) -> String {
    let said: Vec<_> = said.split(';').map(str::trim).filter(tells).collect();
    let said = without_our_own(&said.join("; "));
    // What tar says of a file of which a part still fits.
    let remedy = if said.contains("No space left") || said.contains("Wrote only") {
        "; what was there is untouched; make room there"
    } else if said.contains("Permission denied") || said.contains("not permitted") {
        "; with `--sudo` root does it"
    } else if said.contains("Read-only file system") {
        "; see in the node's kernel log why it is (`dmesg`)"
    } else {
        ""
    };
    format!("{said}{remedy}")
}

/// How directories begin that hold what is not yet in its place, and how many characters
/// follow.
const BESIDE: (&str, usize) = (".bramble-cp.", 6);

/// What was said without names that only the scripts know: of directories beside, and
/// the beginning that keeps a name from being an option.
fn without_our_own(said: &str) -> String {
    let (begin, more) = BESIDE;
    let mut parts = said.split(begin);
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let folder = told.trim_end_matches('/').len();
        // Of the root itself a slash is left.
        let root = told[..folder].ends_with(['\'', ' ']);
        told.truncate(folder + usize::from(root));
        let rest = part
            .char_indices()
            .nth(more)
            .map_or("", |(at, _)| &part[at..]);
        told.push_str(rest);
    }
    told.replace(
        "mktemp: failed to create directory via template",
        "cannot write into",
    )
    .replace("//.'", "/'")
    .replace("/.'", "/'")
    .replace("'./", "'")
}

/// A task that runs `script`, as root if `root`.
pub(crate) fn task(script: &str, root: bool, parts: Vec<Part>) -> Arc<Task> {
    let sudo = if root { "sudo -n " } else { "" };
    Arc::new(Task {
        what: What::Command(Command {
            line: format!("exec {sudo}/bin/sh -c {}", quote(script)),
            input: Input {
                parts,
                shared: false,
            },
            root,
        }),
        limit: None,
    })
}

/// Puts each node its task, and tells what it said when it has ended.
pub(crate) fn exchange(
    fleet: &Fleet,
    tasks: impl IntoIterator<Item = (NodeName, Arc<Task>)>,
    pace: Pace,
    heard: &mut dyn FnMut(&NodeName, Result<Said, Trouble>),
) {
    let errands: Vec<_> = tasks
        .into_iter()
        .map(|(node, task)| Errand { node, task })
        .collect();
    let mut saying: Vec<Said> = errands.iter().map(|_| Said::default()).collect();
    fleet.carry_out(&errands, None, pace, &mut |errand, news| {
        let said = &mut saying[errand];
        match news {
            News::Begun => {}
            News::Wrote(Stream::Output, bytes) => said.output.extend_from_slice(&bytes),
            News::Wrote(Stream::Complaint, bytes) => said.complaint.extend_from_slice(&bytes),
            News::Ended(outcome) => {
                let said = std::mem::take(said);
                let said = outcome.map(|status| Said { status, ..said });
                heard(&errands[errand].node, said.map_err(Trouble::from));
            }
        }
    });
}

/// Bytes as a part of the input.
pub(crate) fn bytes(bytes: impl Into<Vec<u8>>) -> Part {
    Part::Bytes(Secret::new(bytes.into().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_only_the_scripts_know_are_not_told() {
        for (said, told) in [
            (
                "mktemp: failed to create directory via template '//.bramble-cp.XXXXXX': \
                 Permission denied",
                "cannot write into '/': Permission denied; with `--sudo` root does it",
            ),
            (
                "mktemp: failed to create directory via template './a/.bramble-cp.XXXXXX': Odd",
                "cannot write into 'a': Odd",
            ),
            (
                "mv: cannot move '/srv/.bramble-cp.a1B2c3/new/f' to 'f': Odd",
                "mv: cannot move '/srv/new/f' to 'f': Odd",
            ),
            ("find: './a b': Odd", "find: 'a b': Odd"),
            (
                "stat: cannot statx '/root//.': Odd",
                "stat: cannot statx '/root/': Odd",
            ),
            (
                "stat: cannot statx '/.': Odd",
                "stat: cannot statx '/': Odd",
            ),
            ("cut /a/.bramble-cp.a", "cut /a"),
        ] {
            assert_eq!(with_remedy(said), told);
        }
    }

    #[test]
    fn what_a_tool_says_before_its_last_words_is_the_reason() {
        let complaint = "tar: ./shadow: Cannot open: Permission denied\n\
                         tar: Exiting with failure status due to previous errors\n";
        let said = Said {
            complaint: complaint.into(),
            status: 2,
            ..Said::default()
        };
        let Trouble::Failed(reason) = said.trouble() else {
            panic!("not a failure");
        };
        let expected = "tar: ./shadow: Cannot open: Permission denied; with `--sudo` root does it";
        assert_eq!(reason, expected);
    }
}
