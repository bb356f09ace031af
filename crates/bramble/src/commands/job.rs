//! `bramble job`: jobs by Slurm.

use std::fs;
use std::path::PathBuf;

use bramble_view::table::table;
use clap::Subcommand;
use serde_json::json;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::jobs::{self, Ended, Program};
use crate::reach::{Choice, Target};

/// Submit, list, read and cancel jobs
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bramble job submit pi.py --tasks 20 --wait
  bramble job submit batch.sh
  bramble job list
  bramble job log 7")]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Put a program into the queue: a Python program, or a batch script
    Submit {
        /// A `.py` file is run by `mpirun python3`; anything else is a batch script
        program: PathBuf,
        /// How many tasks; for a `.py` file the default is one a worker core
        #[arg(long, short = 'n')]
        tasks: Option<u32>,
        /// Wait for the end and print what it printed
        #[arg(long)]
        wait: bool,
    },
    /// List the jobs that wait, run, or ended within a day
    List,
    /// Print what a job printed
    Log {
        /// The job's number
        id: u32,
    },
    /// Take a job out of the queue, or end it
    Cancel {
        /// The job's number
        id: u32,
    },
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let target = choice.target(console)?;
    match &args.action {
        Action::Submit {
            program,
            tasks,
            wait,
        } => {
            let program = read(program, *tasks, &target)?;
            let id = jobs::submit(&target, &program)?;
            if !*wait {
                console.print_json(&json!({ "id": id }));
                console.print_with_command(&format!(
                    "job {id}; see what it prints: `bramble job log {id}`\n"
                ));
                return Ok(Exit::Done);
            }
            Ok(show(&jobs::wait(&target, &id)?, console))
        }
        Action::List => list(&target, console),
        Action::Log { id } => {
            let log = jobs::log(&target, &id.to_string())?;
            console.print_json(&log);
            console.print(&log.output);
            Ok(Exit::Done)
        }
        Action::Cancel { id } => {
            jobs::cancel(&target, &id.to_string())?;
            console.print(&format!("job {id} is cancelled\n"));
            Ok(Exit::Done)
        }
    }
}

fn read(path: &PathBuf, tasks: Option<u32>, target: &Target) -> Result<Program, Failure> {
    let content = fs::read(path).map_err(|error| Failure::named("read", path, &error))?;
    let name: String = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let python = path.extension().is_some_and(|ending| ending == "py");
    let tasks = tasks.or_else(|| python.then(|| target.cluster.worker_cores()));
    Ok(Program {
        name,
        content,
        tasks,
    })
}

/// What the job printed; how it ended, if not well.
fn show(ended: &Ended, console: &mut Console) -> Exit {
    console.print_json(ended);
    console.print(&ended.output);
    if ended.succeeded() {
        return Exit::Done;
    }
    console.say(&format!(
        "job {} ended as {} on {}",
        ended.id, ended.state, ended.nodes
    ));
    Exit::Failed
}

fn list(target: &Target, console: &mut Console) -> Result<Exit, Failure> {
    let jobs = jobs::list(target)?;
    console.print_json(&jobs);
    let rows: Vec<_> = jobs
        .into_iter()
        .map(|job| {
            let place = if job.nodes.is_empty() {
                job.reason
            } else {
                job.nodes
            };
            [
                job.id,
                job.name,
                job.state.to_lowercase(),
                job.tasks,
                job.time,
                place,
            ]
        })
        .collect();
    console.print(&table(
        ["job", "name", "state", "cores", "time", "nodes or reason"],
        &rows,
    ));
    Ok(Exit::Done)
}
