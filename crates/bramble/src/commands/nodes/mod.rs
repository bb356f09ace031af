//! `bramble nodes`: sets of nodes as a tool of its own. Not in here: what an
//! expression means (`bramble_cluster::nodeset`), and standard input (`input`).

mod input;

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::num::NonZeroUsize;

use bramble_cluster::Cluster;
use bramble_cluster::cluster::Roster;
use bramble_cluster::nodeset::{Gatherer, Names, NodeSet, Problem, parse_at_most};
use serde_json::{Map, Value, json};

use crate::cluster_folder::ClusterFolder;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Choice;
use crate::refusal;
use crate::typed::at_least_one;

/// Most nodes that are worked with at once: what they cost stays below 100 MB, and a
/// slip such as `n[1-99999999]` is refused.
const MOST: usize = 4_000_000;

/// How much is written at once, in bytes.
const BLOCK: usize = 64 * 1024;

/// Fold, expand, count and split sets of nodes
///
/// Works on what `nodeset` of `ClusterShell` works on: `node[1-5,8]`, zero padding,
/// several numbers in a name (`rack[1-2]n[1-8]`), steps (`[0-10/2]`), and the
/// operators `,` or white space (union), `!` (difference), `&` (intersection) and
/// `^` (in one of both), taken from left to right. Near a cluster file there are its
/// groups (`@all`, `@worker`, `@board:rpi5`), and names must be of its nodes; without
/// one any names will do.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bramble nodes node1 node3 node2             node[1-3]
  bramble nodes --any --expand 'rack[1-2]n[01-04]'
  bramble nodes '@worker!node3'
  bramble nodes --count @board:rpi5
  bramble nodes --split 4 @worker
  bramble nodes --groups node3
  bramble nodes --any - < names.txt")]
pub(crate) struct Args {
    /// Which nodes, united; `-` (or nothing, if something is piped in) reads them from
    /// standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = false)]
    expressions: Vec<String>,
    #[command(flatten)]
    form: Form,
    /// What stands between names with `--expand`; `\n` is a line's end
    #[arg(short = 'S', long, value_name = "TEXT", requires = "expand")]
    separator: Option<String>,
    /// Allow names that the cluster does not have
    #[arg(long)]
    any: bool,
}

/// The form of the answer; folded if none is chosen.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one flag each, and only one of them is given"
)]
struct Form {
    /// Print the set in its shortest form (the default)
    #[arg(long)]
    fold: bool,
    /// Print the names, one a line
    #[arg(short, long)]
    expand: bool,
    /// Print how many there are
    #[arg(short, long)]
    count: bool,
    /// Print N parts as equal as can be, one a line
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    split: Option<NonZeroUsize>,
    /// Print all groups with their nodes, or those that these nodes are in
    #[arg(long)]
    groups: bool,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let cluster = cluster(args, choice, console)?;
    let roster = cluster.as_ref().map(Cluster::roster);
    let roster = roster.map(|roster| {
        if args.any {
            roster.with_any_name()
        } else {
            roster
        }
    });
    if args.form.groups {
        let cluster = cluster.as_ref().ok_or_else(no_cluster)?;
        let chosen = if args.expressions.is_empty() {
            None
        } else {
            Some(nodes(args, roster.as_ref())?)
        };
        groups(cluster, chosen.as_ref(), console);
        return Ok(Exit::Done);
    }
    let nodes = nodes(args, roster.as_ref())?;
    if console.wants_json() {
        console.print_json(&as_json(&nodes, &args.form));
        return Ok(Exit::Done);
    }
    // A set may be large, and is plain text: it goes out as it is.
    written(if args.form.expand {
        let separator = args.separator.as_deref().unwrap_or("\n");
        write_names(&nodes, &separator.replace("\\n", "\n"))
    } else {
        io::stdout().write_all(text(&nodes, &args.form).as_bytes())
    })
}

/// The cluster whose nodes are meant, if one is named or near, and if it matters.
fn cluster(
    args: &Args,
    choice: &Choice,
    console: &mut Console,
) -> Result<Option<Cluster>, Failure> {
    if choice.file.is_some() || choice.lab {
        return choice.folder()?.cluster(console).map(Some);
    }
    let plain = |text: &String| text != "-" && !text.contains('@');
    if args.any && !args.expressions.is_empty() && args.expressions.iter().all(plain) {
        return Ok(None);
    }
    let here = std::env::current_dir().ok();
    let Some(file) = here.and_then(|here| ClusterFolder::nearest(&here)) else {
        return Ok(None);
    };
    ClusterFolder::of(&file)?.cluster(console).map(Some)
}

/// Names where there is no cluster.
struct Anybody;

impl Names for Anybody {
    fn group(&self, source: Option<&str>, name: &str) -> Result<NodeSet, Problem> {
        let source = source.map(|source| format!("{source}:"));
        Err(Problem::NoCluster(source.unwrap_or_default() + name))
    }

    fn check(&self, _nodes: &NodeSet) -> Result<(), Problem> {
        Ok(())
    }
}

/// All nodes that are named in arguments and standard input.
fn nodes(args: &Args, roster: Option<&Roster<'_>>) -> Result<NodeSet, Failure> {
    let names: &dyn Names = match roster {
        Some(roster) => roster,
        None => &Anybody,
    };
    let mut all = Gatherer::new(MOST);
    if args.expressions.is_empty() {
        if !io::stdin().is_terminal() {
            input::read(io::stdin().lock(), &mut all, names)?;
        } else if roster.is_some() {
            add("@all", &mut all, names)?;
        } else {
            return Err(Failure::new(Exit::Usage, "no nodes are named")
                .hint("name some: `bramble nodes 'node[1-3],node5'`"));
        }
    }
    for expression in &args.expressions {
        if expression == "-" {
            input::read(io::stdin().lock(), &mut all, names)?;
        } else {
            add(expression, &mut all, names)?;
        }
    }
    let all = all.finish().map_err(|problem| refusal::of(&problem))?;
    // What came in as plain names was not held against the cluster one by one.
    names
        .check(&all)
        .map_err(|problem| strangers_may_pass(&problem, refusal::of(&problem)))?;
    Ok(all)
}

fn add(expression: &str, all: &mut Gatherer, names: &dyn Names) -> Result<(), Failure> {
    let nodes = parse_at_most(expression, names, MOST);
    let nodes = nodes
        .map_err(|error| strangers_may_pass(&error.problem, refusal::inside(expression, &error)))?;
    all.add_set(nodes).map_err(|problem| refusal::of(&problem))
}

/// The hint that only this command can give.
fn strangers_may_pass(problem: &Problem, failure: Failure) -> Failure {
    match problem {
        Problem::UnknownNode { .. } => {
            failure.hint("to work with names that the cluster does not have, use `--any`")
        }
        _ => failure,
    }
}

fn no_cluster() -> Failure {
    Failure::new(
        Exit::Usage,
        "groups are of a cluster, and there is no cluster file",
    )
    .hint("name the cluster file with `-f FILE`")
}

fn text(nodes: &NodeSet, form: &Form) -> String {
    if form.count {
        return format!("{}\n", nodes.len());
    }
    match form.split {
        Some(parts) => {
            let parts = parts_of(nodes, parts);
            let mut lines: Vec<_> = parts.iter().map(NodeSet::fold).collect();
            // Each line has an end, and no lines have none.
            lines.extend((!lines.is_empty()).then(String::new));
            lines.join("\n")
        }
        // No line rather than an empty one, which other programs take for a name.
        None if nodes.is_empty() => String::new(),
        None => format!("{nodes}\n"),
    }
}

fn parts_of(nodes: &NodeSet, parts: NonZeroUsize) -> Vec<NodeSet> {
    nodes.split(parts.get())
}

fn as_json(nodes: &NodeSet, form: &Form) -> Value {
    let mut value = json!({ "nodes": nodes, "count": nodes.len() });
    if form.expand {
        value["names"] = nodes.iter().map(|name| json!(name)).collect();
    }
    if let Some(parts) = form.split {
        value["parts"] = json!(parts_of(nodes, parts));
    }
    value
}

/// Prints the groups that have one of `chosen`; all if nobody was chosen.
fn groups(cluster: &Cluster, chosen: Option<&NodeSet>, console: &mut Console) {
    let mut groups = cluster.groups();
    groups.retain(|(_, nodes)| chosen.is_none_or(|chosen| !nodes.intersection(chosen).is_empty()));
    let width = groups.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines = groups
        .iter()
        .map(|(name, nodes)| format!("{name:width$}  {nodes}\n"));
    console.print(&lines.collect::<String>());
    let map: Map<_, _> = groups
        .iter()
        .map(|(name, nodes)| (name.clone(), json!(nodes)))
        .collect();
    console.print_json(&json!({ "groups": map }));
}

/// Writes the names with `separator` between them.
fn write_names(nodes: &NodeSet, separator: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut block = Vec::with_capacity(2 * BLOCK);
    let mut texts = nodes.texts();
    while texts.add_to(&mut block, separator, BLOCK) {
        // The last separator is kept back: nothing may come behind it.
        let whole = block.len() - separator.len();
        out.write_all(&block[..whole])?;
        block.drain(..whole);
    }
    if !nodes.is_empty() {
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// How the command ends after writing.
fn written(result: io::Result<()>) -> Result<Exit, Failure> {
    match result {
        // Who reads has enough.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(
            Exit::Host,
            format!("cannot write the nodes: {error}"),
        )),
        _ => Ok(Exit::Done),
    }
}
