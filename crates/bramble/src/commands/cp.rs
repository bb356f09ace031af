//! `bramble cp`: files and trees to nodes, and from them. Not in here: telling how it
//! went (`report`).

mod report;

use std::ffi::OsString;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bramble_cluster::NodeName;
use bramble_fleet::Pace;
use bramble_view::copy::UnderWay;
use bramble_view::safe_text::safe_line;

use self::report::Report;
use crate::console::Console;
use crate::copy::ask::Wish;
use crate::copy::back::Fetch;
use crate::copy::deliver::Manner;
use crate::copy::listing::Terms;
use crate::copy::out::{self, Outcome, Step};
use crate::copy::place::{Place, Remote};
use crate::copy::tree;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{Choice, Target};
use crate::typed::at_least_one;

/// Copy files and directories to nodes, or from them
///
/// What a node has already is not sent again: the same size and time say so, or the
/// same content. Files come to stand whole or not at all: they are verified on the
/// node and on its disk before they replace anything. Modes and times are kept,
/// owners are not; links within a directory stay links.
///
/// A destination means what it means to `cp`: in a directory that is there, or with
/// `/` at its end, sources keep their names. `DIR/.` stands for what is in DIR.
/// A relative path begins at the home directory there. From nodes, everything goes
/// into a directory of the node's name. Wildcards are for this machine's shell only:
/// in a path on nodes they are plain characters.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bramble cp hosts.txt @all:/tmp/
  bramble cp site/. @worker:/srv/site
  bramble cp --sudo motd 'node[1-3]:/etc/motd'
  bramble cp setup.sh data @worker:
  bramble cp --dry-run big.img @all:/srv/
  bramble cp @worker:/var/log/dpkg.log logs/
  bramble cp ./a:b node1:      (a name with a colon)")]
pub(crate) struct Args {
    /// What to copy, then where to: paths here, and `NODES:PATH` there
    #[arg(required = true, num_args = 2.., value_name = "PATH")]
    paths: Vec<OsString>,
    /// Read and write on the nodes as root
    #[arg(long, short)]
    sudo: bool,
    /// Compare content also where size and time are the same
    #[arg(long)]
    checksum: bool,
    /// Show what would be copied, and copy nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    relay: Relay,
    /// Copy to or from at most so many nodes at the same time
    #[arg(long, value_name = "NODES", value_parser = at_least_one, default_value = "1000")]
    fanout: NonZeroUsize,
}

/// Whether nodes help.
#[derive(Debug, clap::Args)]
struct Relay {
    /// From so many nodes on, they pass files on to each other
    ///
    /// Only above 1 MB, without `--sudo`, and with the key between nodes that
    /// `bramble up` installs.
    #[arg(long, value_name = "NODES", value_parser = at_least_one, default_value = "16")]
    relay_from: NonZeroUsize,
    /// Send everything from this machine
    #[arg(long, conflicts_with = "relay_from")]
    no_relay: bool,
}

/// What was typed, understood.
enum Plan<'a> {
    Out {
        sources: Vec<PathBuf>,
        nodes: String,
        to: Remote,
    },
    Back {
        nodes: String,
        from: Remote,
        into: &'a Path,
    },
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let started = Instant::now();
    let took = || (!args.dry_run).then(|| started.elapsed());
    match plan(&args.paths)? {
        Plan::Out { sources, nodes, to } => {
            let sources = tree::read(&sources)
                .map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
            let target = choice.target(console)?;
            let nodes = selected(&target, &nodes)?;
            let wish = Wish {
                fleet: &target.fleet,
                sources: &sources,
                to: &to,
                terms: Terms {
                    checksum: args.checksum,
                    root: args.sudo,
                },
                pace: args.pace(),
                stop: &target.stop,
            };
            let outcome = args.out(&wish, &target, &nodes, console)?;
            Ok(args.report(outcome, None, took()).show(&target, console))
        }
        Plan::Back { nodes, from, into } => {
            may_be_directory(into)?;
            let target = choice.target(console)?;
            let nodes = selected(&target, &nodes)?;
            let fetch = Fetch {
                fleet: &target.fleet,
                from: &from,
                into,
                root: args.sudo,
                pace: args.pace(),
            };
            let outcome = args.back(&fetch, &nodes, console)?;
            let report = args.report(outcome, Some(&fetch), took());
            Ok(report.show(&target, console))
        }
    }
}

impl Args {
    fn pace(&self) -> Pace {
        Pace {
            fanout: self.fanout.get(),
            ..Pace::default()
        }
    }

    fn out(
        &self,
        wish: &Wish<'_>,
        target: &Target,
        nodes: &[NodeName],
        console: &mut Console,
    ) -> Result<Outcome, Failure> {
        console.status("comparing ...");
        let lacking = wish
            .ask(nodes)
            .map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
        if self.dry_run {
            return Ok(out::forecast(wish, lacking));
        }
        let cluster = target.cluster.nodes.iter();
        let manner = Manner {
            fleet: wish.fleet,
            sources: wish.sources,
            pace: wish.pace,
            root: self.sudo,
            relay_from: (!self.relay.no_relay).then(|| self.relay.relay_from.get()),
            addresses: cluster
                .map(|node| (node.name.clone(), node.address.to_string()))
                .collect(),
        };
        let mut watched = Watched::new(console);
        out::send(wish, &manner, lacking, &mut |step| watched.step(step))
            .map_err(|error| Failure::new(Exit::Host, error.to_string()))
    }

    fn back(
        &self,
        fetch: &Fetch<'_>,
        nodes: &[NodeName],
        console: &mut Console,
    ) -> Result<Outcome, Failure> {
        console.status("comparing ...");
        let (hauls, trouble) = fetch.ask(nodes);
        if self.dry_run {
            return Ok(Fetch::forecast(&hauls, trouble));
        }
        if hauls.is_empty() {
            return Ok(trouble);
        }
        let made = match fs::create_dir(fetch.into) {
            Err(error) if !fetch.into.is_dir() => {
                return Err(Failure::named("make", fetch.into, &error));
            }
            made => made.is_ok(),
        };
        let mut watched = Watched::new(console);
        let outcome = fetch.fetch(hauls, trouble, &mut |step| watched.step(step));
        if made {
            // It stays if anything is in it.
            let _stays = fs::remove_dir(fetch.into);
        }
        Ok(outcome)
    }

    fn report<'a>(
        &self,
        outcome: Outcome,
        fetch: Option<&'a Fetch<'a>>,
        took: Option<Duration>,
    ) -> Report<'a> {
        Report {
            outcome,
            fetch,
            took,
            root: self.sudo,
        }
    }
}

/// What is typed last is a directory, or nothing yet.
fn may_be_directory(into: &Path) -> Result<(), Failure> {
    if into.is_dir() || !into.exists() {
        return Ok(());
    }
    let message = format!("{} is a file", into.display());
    Err(Failure::new(Exit::Usage, message)
        .hint("name a directory: each node gets one in it, with what it has"))
}

fn plan(paths: &[OsString]) -> Result<Plan<'_>, Failure> {
    let usage = |message: &str| Failure::new(Exit::Usage, message);
    let places = paths
        .iter()
        .map(|path| Place::parse(path))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| usage(&error.to_string()))?;
    let Some((to, from)) = places.split_last() else {
        return Err(usage("nothing is named to copy"));
    };
    let here = |place: &Place| match place {
        Place::Here(path) => Some(path.clone()),
        Place::There { .. } => None,
    };
    let all_here: Option<Vec<PathBuf>> = from.iter().map(here).collect();
    match (all_here, from, to) {
        (Some(sources), _, Place::There { nodes, path }) => Ok(Plan::Out {
            sources,
            nodes: nodes.clone(),
            to: path.clone(),
        }),
        (None, [Place::There { nodes, path }], Place::Here(_)) => Ok(Plan::Back {
            nodes: nodes.clone(),
            from: path.clone(),
            into: Path::new(&paths[1]),
        }),
        (Some(_), _, Place::Here(_)) => Err(usage("neither side is on nodes")
            .hint("write where to as `NODES:PATH`: `bramble cp file @all:/tmp/`")),
        (None, _, Place::There { .. }) => Err(usage("both sides are on nodes")
            .hint("copy from the nodes to this machine first, then from here to the others")),
        (None, _, Place::Here(_)) => Err(usage("from nodes, one path at a time is copied")
            .hint("name a directory to copy all that is in it, or copy one after the other")),
    }
}

fn selected(target: &Target, nodes: &str) -> Result<Vec<NodeName>, Failure> {
    Ok(target.select(nodes)?.iter().collect())
}

/// Shows how far a copy is.
struct Watched<'a> {
    console: &'a mut Console,
    under_way: UnderWay,
    shown: Option<Instant>,
}

impl<'a> Watched<'a> {
    /// How often the line changes at most.
    const PAUSE: Duration = Duration::from_millis(100);

    fn new(console: &'a mut Console) -> Self {
        Self {
            console,
            under_way: UnderWay::default(),
            shown: None,
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Sending { nodes, bytes } => self.under_way = UnderWay::new(nodes, bytes),
            Step::At(node, bytes) => self.under_way.at(node, bytes),
            Step::Done(node) => self.under_way.done(node),
            Step::NotPassedOn(node, reason) => {
                let reason = safe_line(reason.trim());
                self.console.say(&format!(
                    "note  no other node could pass it on to {node} ({reason}); it is sent from here"
                ));
            }
        }
        if self
            .shown
            .is_none_or(|shown| shown.elapsed() >= Self::PAUSE)
        {
            self.console.status(&self.under_way.line());
            self.shown = Some(Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(paths: &[&str]) -> String {
        let paths: Vec<OsString> = paths.iter().map(OsString::from).collect();
        match plan(&paths) {
            Ok(Plan::Out { nodes, to, .. }) => format!("out {nodes} {}", to.as_str()),
            Ok(Plan::Back { nodes, from, into }) => {
                format!("back {nodes} {} {}", from.as_str(), into.display())
            }
            Err(failure) => failure.to_string(),
        }
    }

    #[test]
    fn the_side_with_nodes_tells_the_direction() {
        assert_eq!(planned(&["a", "b", "@all:/x/"]), "out @all /x/");
        assert_eq!(planned(&["@all:/x", "logs/"]), "back @all /x logs/");
        assert_eq!(planned(&["./a:b", "n1:"]), "out n1 .");
        assert_eq!(planned(&["a", "b"]), "neither side is on nodes");
        assert_eq!(planned(&["n1:a", "n2:b"]), "both sides are on nodes");
        assert_eq!(
            planned(&["n1:a", "n1:b", "here"]),
            "from nodes, one path at a time is copied"
        );
    }
}
