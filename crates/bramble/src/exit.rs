//! Exit codes, documented here and at the end of `bramble --help` alike.

use std::process::ExitCode;

use bramble_converge::{NodeFailure, Unreachable};

/// How a command ended. The later one is the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Done, or nothing to do.
    Done,
    /// A step, command or job failed on at least one node, or a check found an error.
    Failed,
    /// The command line or the cluster file is wrong.
    Usage,
    /// There is something to do, and only looking was asked for.
    Pending,
    /// At least one node could not be reached; what could be done is done.
    Unreachable,
    /// Another bramble is at work on the same cluster.
    Busy,
    /// This machine lacks something: a package, a right, space.
    Host,
    /// As a command on a node ended, where that was asked for.
    Status(u8),
    /// Interrupted by Ctrl-C.
    Interrupted,
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
    /// What whoever started the command is told.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Pending => 3,
            Self::Unreachable => 4,
            Self::Busy => 5,
            Self::Host => 6,
            Self::Status(status) => status,
            Self::Interrupted => 130,
        }
    }

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
        Self::from(exit.code())
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
        assert_eq!(told, codes.map(Exit::code));
    }
}
