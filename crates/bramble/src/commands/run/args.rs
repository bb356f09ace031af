//! What can be typed after `bramble run`. Not in here: what is done with it.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use bramble_fleet::Pace;

use super::line::Variable;
use super::script;
use crate::typed::at_least_one;

/// Run a command on nodes at the same time
///
/// Equal answers are shown once, under the set of nodes that gave them, when all
/// nodes have ended. What the command reads on standard input is what this one
/// gets there, unless that is a terminal. Ctrl-C ends the command on the nodes, too.
///
/// Several words arrive as they were typed, each with its bounds; a single one is a line
/// for the shell there, where `;`, `|`, `$` and wildcards mean something. With `bramble
/// ssh`, which is for one node and a person, that shell reads all words, as with `ssh`.
///
/// A node has ended when its outputs are closed. What is left running in the background
/// holds them open, as with `ssh`: send what it prints elsewhere (`job >log 2>&1 &`).
#[derive(Debug, clap::Args)]
#[command(
    after_help = "On a terminal, control characters in what nodes print are made visible, so that no
node can disturb it; elsewhere every byte passes as it is.

With `--json`, each node has a record with `node`, `seconds`, `output`, `complaint` and
one of `status`, `timed_out`, `unreachable`, `interrupted`, `not_fed`.

Examples:
  bramble run @worker -- uptime
  bramble run 'node[1-3]' -- cat /etc/hosts
  bramble run @all -- 'uname -r; nproc'
  bramble run @all --diff -- dpkg-query -W
  bramble run @worker --live --timeout 60 -- apt-cache policy
  bramble run @all --sudo -- journalctl -b -p err
  bramble run @all --out logs -- cat /var/log/dpkg.log
  bramble run @all --script setup.sh -- --verbose
  bramble run @all -S -- systemctl is-active slurmd
  tar -c code | bramble run @worker -- tar -x"
)]
pub(crate) struct Args {
    /// Which nodes: `node[1-3]`, `@worker`, `@all!node2`
    pub(super) nodes: String,
    /// The command with its arguments; one argument alone is a line for the shell
    #[arg(required_unless_present = "script", last = true)]
    pub(super) command: Vec<String>,
    #[command(flatten)]
    pub(super) show: Show,
    #[command(flatten)]
    pub(super) way: Way,
    #[command(flatten)]
    pub(super) limits: Limits,
    /// Exit with the largest exit status of all nodes
    ///
    /// A node that gave none counts as 255: one that was not reached, was lost, or took
    /// longer than `--timeout`.
    #[arg(long, short = 'S')]
    pub(super) status: bool,
}

/// How answers are shown.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that can be typed"
)]
pub(super) struct Show {
    /// Print each line as it comes, behind its node's name
    #[arg(long, short, group = "how")]
    pub(super) live: bool,
    /// Print the answer of most nodes, and how the others differ from it
    #[arg(long, short, group = "how")]
    pub(super) diff: bool,
    /// Print the answer of each node, uncut, in the order of the nodes
    #[arg(long, group = "how")]
    pub(super) each: bool,
    /// Write each answer to a file of its node's name in this directory, as it comes
    ///
    /// Standard error is in `NODE.err`. Files of these names that are there are replaced,
    /// each when the node has come to the end of the command. Of one that does not, what
    /// was heard stays in `NODE.partial`.
    #[arg(long, short, group = "how", value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Pass control characters and colours to the terminal as they are
    #[arg(long, conflicts_with = "out")]
    pub(super) raw: bool,
}

/// As whom, with what, and in which surroundings the command runs.
#[derive(Debug, clap::Args)]
pub(super) struct Way {
    /// Run as root
    #[arg(long, short)]
    pub(super) sudo: bool,
    /// Run this file instead of a command, by its `#!` line; what follows `--` are its
    /// arguments
    ///
    /// `-` is standard input, of up to 1 MB; the script itself then has nothing to read.
    #[arg(long, value_name = "FILE")]
    pub(super) script: Option<PathBuf>,
    /// Set a variable, or pass on the one of this name
    ///
    /// It can be seen in the nodes' process lists, so it is no place for secrets.
    #[arg(long, short, value_name = "NAME[=VALUE]")]
    pub(super) env: Vec<Variable>,
    /// Give the command nothing to read
    #[arg(long, short)]
    pub(super) no_stdin: bool,
    /// Run on one node at a terminal, for programs that want one
    #[arg(long, short, conflicts_with_all = [
        "how", "raw", "script", "no_stdin", "timeout", "connect_timeout", "fanout",
    ])]
    pub(super) tty: bool,
}

impl Way {
    /// Whether the nodes read what comes on standard input.
    pub(super) fn shares_input(&self) -> bool {
        let script = self.script.as_deref();
        !self.no_stdin && !script.is_some_and(script::is_input)
    }
}

/// How long it may take, and how much at a time.
#[derive(Debug, clap::Args)]
pub(super) struct Limits {
    /// End the command on a node after so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(super) timeout: Option<Duration>,
    /// Give a node up that cannot be reached in so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "10")]
    pub(super) connect_timeout: Duration,
    /// Run on at most so many nodes at the same time
    #[arg(long, value_name = "NODES", value_parser = at_least_one, default_value = "1000")]
    pub(super) fanout: NonZeroUsize,
}

impl Limits {
    pub(super) fn pace(&self) -> Pace {
        Pace {
            connect: self.connect_timeout,
            fanout: self.fanout.get(),
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "wants a number of seconds, such as `30` or `0.5`".to_owned())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(limit) if !limit.is_zero() && limit <= LONGEST => Ok(limit),
        _ => Err("wants more than 0 seconds, and at most a year".to_owned()),
    }
}

/// Clocks overflow somewhere beyond.
const LONGEST: Duration = Duration::from_hours(365 * 24);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_time_that_can_pass() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for bad in ["0", "-1", "nan", "inf", "1e30", "5s", ""] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_usual_pace_is_the_one_of_the_fleet() {
        #[derive(clap::Parser)]
        struct Typed {
            #[command(flatten)]
            limits: Limits,
        }
        let typed = <Typed as clap::Parser>::parse_from(["run"]);
        assert_eq!(typed.limits.pace(), Pace::default());
    }
}
