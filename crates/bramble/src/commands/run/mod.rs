//! `bramble run`: one command on many nodes at once. Not in here: how answers are
//! shown, each way of which has a file.

mod args;
mod compared;
mod course;
mod files;
mod folded;
mod gathered;
mod line;
mod live;
mod page;
mod password;
mod records;
mod round;
mod script;
mod sink;
mod trouble;

use std::env::VarError;
use std::io::{IsTerminal as _, Read};
use std::sync::Arc;
use std::time::Duration;

use bramble_cluster::nodeset::NodeSet;
use bramble_fleet::{Command, Errand, Input, Part, Task, What};
use bramble_view::outcome::{Outcome, summary};

pub(crate) use self::args::Args;
use self::args::Show;
use self::course::Course;
use self::files::Files;
use self::gathered::{Gathered, Way};
use self::line::{Line, Root, Variable};
use self::live::Live;
use self::password::{Complaints, Overheard};
use self::round::Round;
use self::sink::Sink;
use self::trouble::Trouble;
use crate::advice;
use crate::commands::ssh::log_in;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{Choice, Target};

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    refuse_two_ways(args, console)?;
    let target = choice.target(console)?;
    if args.way.tty {
        return at_terminal(args, &target, console);
    }
    let nodes = target.select(&args.nodes)?;
    if nodes.is_empty() {
        console.say(&format!("no node is meant by `{}`", args.nodes));
        return Ok(Exit::Done);
    }
    let script = args.way.script.as_deref().map(script::open).transpose()?;
    let errands = errands(&nodes, command(args, script)?, args.limits.timeout);
    let mut sink = Overheard {
        sink: sink(&args.show, &nodes, console)?,
        complaints: args.way.sudo.then(|| Complaints::new(nodes.len())),
    };
    let round = Round {
        fleet: &target.fleet,
        errands,
        common: args.way.shares_input().then(common).flatten(),
        pace: args.limits.pace(),
        stop: &target.stop,
    };
    let (course, shown) = round.run(Course::new(&nodes), &mut sink, console);
    let shown = shown.and_then(|()| sink.finish(&course, console));
    let meaning = if args.status {
        course::status
    } else {
        course::exit
    };
    let exit = conclude(&course, meaning, shown, console);
    for hint in advice::about(&target, course.unreachable()) {
        console.hint(&hint);
    }
    if let Some(remedy) = sink.remedy(&course, target.cluster.user.as_str()) {
        console.say(&remedy);
    }
    exit
}

/// JSON is a global flag, which the argument parser does not hold against those
/// of a verb.
fn refuse_two_ways(args: &Args, console: &Console) -> Result<(), Failure> {
    let Show {
        live,
        diff,
        each,
        out,
        raw: _,
    } = &args.show;
    let ways = [
        (*live, "--live"),
        (*diff, "--diff"),
        (*each, "--each"),
        (out.is_some(), "--out"),
        (args.way.tty, "--tty"),
    ];
    match ways
        .iter()
        .find(|(typed, _)| *typed && console.wants_json())
    {
        Some((_, way)) => Err(Failure::new(
            Exit::Usage,
            format!("`--json` and `{way}` cannot be used together"),
        )),
        None => Ok(()),
    }
}

/// One node, at the terminal that this is typed at.
fn at_terminal(args: &Args, target: &Target, console: &mut Console) -> Result<Exit, Failure> {
    let node = target
        .one(&args.nodes)
        .map_err(|failure| failure.hint("a terminal is for one node; leave out `--tty`"))?;
    let line = Line {
        words: &args.command,
        script: None,
        environment: environment(&args.way.env)?,
        root: args.way.sudo.then_some(Root::MayAsk),
    };
    log_in(target, &node, (true, &[line.text()?]), console)
}

/// What each node is to run.
fn command(args: &Args, script: Option<(Part, u64)>) -> Result<Command, Failure> {
    let (part, size) = script.unzip();
    let line = Line {
        words: &args.command,
        script: size,
        environment: environment(&args.way.env)?,
        root: args.way.sudo.then_some(Root::WithoutPassword),
    };
    Ok(Command {
        line: line.text()?,
        input: Input {
            parts: part.into_iter().collect(),
            shared: args.way.shares_input(),
        },
        root: args.way.sudo,
    })
}

fn environment(variables: &[Variable]) -> Result<Vec<(&str, String)>, Failure> {
    let known = |variable: &'_ Variable| {
        let Variable { name, value } = variable;
        let value = match value {
            Some(value) => Some(value.clone()),
            None => here(name)?,
        };
        value.ok_or_else(|| {
            let message = format!("{name} is not set here; give `-e {name}=VALUE`");
            Failure::new(Exit::Usage, message)
        })
    };
    variables
        .iter()
        .map(|variable| Ok((variable.name.as_str(), known(variable)?)))
        .collect()
}

/// What a variable is here, if it is set.
fn here(name: &str) -> Result<Option<String>, Failure> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => {
            let message = format!("{name} is no UTF-8 text here; give `-e {name}=VALUE`");
            Err(Failure::new(Exit::Usage, message))
        }
    }
}

/// All nodes share one task: a thousand cost no more than one.
fn errands(nodes: &NodeSet, command: Command, limit: Option<Duration>) -> Vec<Errand> {
    let task = Arc::new(Task {
        what: What::Command(command),
        limit,
    });
    let errand = |node| Errand {
        node,
        task: Arc::clone(&task),
    };
    nodes.iter().map(errand).collect()
}

/// What all nodes read: standard input, unless somebody would have to type it.
fn common() -> Option<Box<dyn Read + Send>> {
    let input = std::io::stdin();
    (!input.is_terminal()).then(|| Box::new(input) as Box<dyn Read + Send>)
}

fn sink(show: &Show, nodes: &NodeSet, console: &Console) -> Result<Box<dyn Sink>, Failure> {
    if let Some(folder) = &show.out {
        return Ok(Box::new(Files::new(folder, nodes)?));
    }
    if show.live {
        return Ok(Box::new(Live::new(nodes, show.raw, console)));
    }
    let way = match (console.wants_json(), show.each, show.diff) {
        (true, ..) => Way::Records,
        (_, true, _) => Way::Each,
        (_, _, true) => Way::Compared,
        _ => Way::Folded,
    };
    Ok(Box::new(Gathered::new(nodes.len(), way, show.raw)))
}

/// Says who came to no good end, and how the whole ends: as the worst node does by
/// what its end means. What was ended because nobody read any more is not told.
fn conclude(
    course: &Course,
    meaning: fn(&Outcome) -> Exit,
    shown: Result<(), Trouble>,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let mut outcomes = course.outcomes();
    if shown.is_err() {
        outcomes.retain(|(_, outcome)| meaning(outcome) != Exit::Interrupted);
    }
    for line in summary(&outcomes) {
        console.say(&line);
    }
    match shown {
        Err(Trouble::Failed(failure)) => Err(failure),
        Ok(()) | Err(Trouble::Closed) => {
            let ends = outcomes.iter().map(|(_, outcome)| meaning(outcome));
            Ok(ends.max().unwrap_or(Exit::Done))
        }
    }
}
