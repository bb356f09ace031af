//! Jobs, by Slurm on the controller: submit, wait, list, log, cancel.
//!
//! Everything runs as the account, never as root.

use std::collections::BTreeMap;

use bramble_cluster::Node;
use bramble_converge::record::{self, Record};
use bramble_converge::script::Script;
use bramble_converge::{Transport as _, Unreachable};
use serde::Serialize;

use crate::advice;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Target;

/// A program to run on the cluster.
#[derive(Debug)]
pub(crate) struct Program {
    /// Its file name; the ending says how it is run.
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
    /// How many tasks, for a program that is no batch script.
    pub(crate) tasks: Option<u32>,
}

/// A job as the queue shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) tasks: String,
    pub(crate) nodes: String,
    pub(crate) time: String,
    /// Why it waits, if it does.
    pub(crate) reason: String,
}

/// How a job ended.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Ended {
    pub(crate) id: String,
    /// As Slurm calls it: `COMPLETED`, `FAILED`.
    pub(crate) state: String,
    /// The nodes it ran on, as a node set.
    pub(crate) nodes: String,
    /// What it printed.
    pub(crate) output: String,
}

impl Ended {
    pub(crate) fn succeeded(&self) -> bool {
        self.state == "COMPLETED"
    }
}

/// Puts a program into the queue, and gives the job's number.
pub(crate) fn submit(target: &Target, program: &Program) -> Result<String, Failure> {
    let tasks = program
        .tasks
        .map(|tasks| tasks.to_string())
        .unwrap_or_default();
    let content = record::encode(&program.content);
    let input = Record::new([&program.name, &directory(target)?, &tasks, &content]);
    let records = ask(target, include_str!("submit.sh"), "submit", &input)?;
    match records.first() {
        Some(job) if job.field(0) == "job" => Ok(job.field(1).to_owned()),
        _ => Err(Failure::new(
            Exit::Failed,
            "Slurm did not say which job it made",
        )),
    }
}

/// Waits for the end of a job.
pub(crate) fn wait(target: &Target, id: &str) -> Result<Ended, Failure> {
    let records = ask(
        target,
        include_str!("wait.sh"),
        "wait_for",
        &Record::new([id]),
    )?;
    ended(id, &records)
}

/// What a job printed so far, and its state.
pub(crate) fn log(target: &Target, id: &str) -> Result<Ended, Failure> {
    let records = ask(
        target,
        include_str!("wait.sh"),
        "look_at",
        &Record::new([id]),
    )?;
    ended(id, &records)
}

/// The jobs that wait, run, or ended within the last day.
pub(crate) fn list(target: &Target) -> Result<Vec<Job>, Failure> {
    let records = ask(target, include_str!("list.sh"), "list", &Record::new([""]))?;
    let job = |record: &Record| Job {
        id: record.field(0).to_owned(),
        name: record.field(1).to_owned(),
        state: record.field(2).to_owned(),
        tasks: record.field(3).to_owned(),
        nodes: record.field(4).to_owned(),
        time: record.field(5).to_owned(),
        reason: record.field(6).to_owned(),
    };
    Ok(records.iter().map(job).collect())
}

/// Takes a job out of the queue, or ends it.
pub(crate) fn cancel(target: &Target, id: &str) -> Result<(), Failure> {
    ask(
        target,
        include_str!("cancel.sh"),
        "cancel",
        &Record::new([id]),
    )
    .map(drop)
}

/// What Slurm says of each worker: `idle`, `down`.
pub(crate) fn worker_states(target: &Target) -> Result<BTreeMap<String, String>, Failure> {
    let records = ask(
        target,
        include_str!("list.sh"),
        "workers",
        &Record::new([""]),
    )?;
    Ok(records
        .iter()
        .map(|one| (one.field(0).to_owned(), one.field(1).to_owned()))
        .collect())
}

fn ended(id: &str, records: &[Record]) -> Result<Ended, Failure> {
    let record = records
        .first()
        .ok_or_else(|| Failure::new(Exit::Failed, format!("Slurm says nothing of job {id}")))?;
    let output = record::decode(record.field(2)).unwrap_or_default();
    Ok(Ended {
        id: id.to_owned(),
        state: record.field(0).to_owned(),
        nodes: record.field(1).to_owned(),
        output: String::from_utf8_lossy(&output).into_owned(),
    })
}

/// Where programs and their output lie: on the first share, since every worker
/// must see them.
fn directory(target: &Target) -> Result<String, Failure> {
    let share = target.cluster.shares.first().ok_or_else(|| {
        Failure::new(Exit::Usage, "no directory is shared, so workers cannot see the program")
            .hint("add one to the cluster file: `[storage] shared = [{ on = \"head\", path = \"/srv/home\", mount = \"/home/shared\" }]`")
    })?;
    Ok(format!("{}/jobs", share.mount))
}

fn controller(target: &Target) -> Result<&Node, Failure> {
    target
        .cluster
        .scheduler
        .and(target.cluster.provider("scheduler"))
        .ok_or_else(|| {
            Failure::new(
                Exit::Usage,
                "the cluster file asks for no scheduler, so there are no jobs",
            )
            .hint("add `[scheduler] engine = \"slurm\"` and run `bramble up`")
        })
}

/// Runs a function of `script` on the controller and reads its records.
fn ask(target: &Target, script: &str, call: &str, input: &Record) -> Result<Vec<Record>, Failure> {
    let controller = controller(target)?;
    let request = Script::of(&[script], call).account_request(input.line().into_bytes());
    let requests = BTreeMap::from([(controller.name.clone(), request)]);
    let answer = target
        .fleet
        .exchange(requests, &mut |_, _| {})
        .remove(&controller.name)
        .unwrap_or(Err(Unreachable::Interrupted))
        .map_err(|reason| match reason {
            Unreachable::Interrupted => Failure::new(Exit::Interrupted, "interrupted"),
            why => advice::failure(target, &controller.name, why),
        })?;
    if answer.status != 0 {
        let complaint = String::from_utf8_lossy(&answer.complaint);
        return Err(Failure::new(
            Exit::Failed,
            format!("{}: {}", controller.name, complaint.trim()),
        )
        .hint(
            "see whether the scheduler stands: `bramble up`, then `bramble run @head -- sinfo`",
        ));
    }
    let output = String::from_utf8_lossy(&answer.output);
    Ok(output
        .lines()
        .filter(|line| !line.is_empty())
        .map(Record::parse)
        .collect())
}
