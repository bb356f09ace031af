//! Exit codes, documented here and at the end of `bramble --help` alike.

use std::process::ExitCode;

use bramble_converge::{NodeFailure, Unreachable};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done, or nothing to do.
    Done = 0,
    /// A step, command or job failed on at least one node, or a check found an error.
    Failed = 1,
    /// The command line or the cluster file is wrong.
    Usage = 2,
    /// There is something to do, and only looking was asked for.
    Pending = 3,
    /// At least one node could not be reached; what could be done is done.
    Unreachable = 4,
    /// Another bramble is at work on the same cluster.
    Busy = 5,
    /// This machine lacks something: a package, a right, space.
    Host = 6,
    /// Interrupted by Ctrl-C.
    Interrupted = 130,
}

/// The text of `bramble help` about them.
pub(crate) const HELP: &str = "\
Exit codes:
    0  done, or nothing to do
    1  a step, command or job failed on at least one node; or a check found an error
    2  the command line or the cluster file is wrong
    3  there are changes to make (`up --dry-run --exit-code`)
    4  at least one node could not be reached; the others are done
    5  another bramble is at work on the same cluster
    6  this machine lacks something: a package, a right, space
  130  interrupted";

impl Exit {
    /// What a node's failure means for the whole.
    pub(crate) fn of(failure: &NodeFailure) -> Self {
        match failure {
            NodeFailure::Unreachable(Unreachable::Interrupted) => Self::Interrupted,
            NodeFailure::Unreachable(_) => Self::Unreachable,
            _ => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exit_code_is_in_the_help() {
        let codes = [
            Exit::Done,
            Exit::Failed,
            Exit::Usage,
            Exit::Pending,
            Exit::Unreachable,
            Exit::Busy,
            Exit::Host,
            Exit::Interrupted,
        ];
        let told: Vec<u8> = HELP
            .lines()
            .filter_map(|line| line.split_whitespace().next()?.parse().ok())
            .collect();
        assert_eq!(told, codes.map(|code| code as u8));
    }
}
