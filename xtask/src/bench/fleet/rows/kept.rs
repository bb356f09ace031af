//! Connections that are kept: what a thousand take, four thousand at once, and one
//! command over one. Not in here: the time of a run on many.

use super::super::bed::{Bed, address};
use super::super::clusters::{self, Way};
use super::super::keeper;
use super::super::measure::{Measured, once, rounds};
use super::super::ours::{COLD, FIRST, Ours, WARM};
use super::super::peers::Peers;
use super::super::report::{Claim, Kind, Outcome};
use super::super::servers::Server;
use super::Plan;
use crate::bench::sample::Sample;
use crate::failure::Failure;

const HELD: u32 = 1000;
const GOAL_HELD: f64 = 100.0;

const MANY: u32 = 4096;
const GOAL_MANY: f64 = 200.0;

/// How often one command is run on one node, and the seconds it may take.
const TIMES: u8 = 50;
const GOAL_ONE: f64 = 0.015;

/// Resident memory of the keeper after a command on a thousand nodes.
pub(super) fn held(bed: &Bed) -> Result<Outcome, Failure> {
    let server = Server::cheap()?;
    let file = clusters::write(bed, HELD, Way::Direct)?;
    let ours = Ours::new(bed, &file);
    let run = ours.tool(FIRST, &["run", "@worker", "--", "true"]).fresh();
    let sample = once(&run, &bed.path("out/held"))?;
    let keepers = keeper::keepers();
    drop(server);
    let mut outcome = Outcome::new("1,000 connections held", vec![single(&run.what, sample)]);
    outcome.claim(Claim {
        what: "memory the keeper holds".to_owned(),
        value: (keepers.many > 0).then_some(keepers.holds),
        unit: "MB",
        goal: Some(GOAL_HELD),
    });
    if keepers.many != 1 {
        let note = format!(
            "{} keepers were found where there should be one",
            keepers.many
        );
        outcome.notes.push(note);
    }
    Ok(outcome)
}

/// Four thousand nodes at the limit of open files that a login usually gets.
pub(super) fn many(bed: &Bed, plan: &Plan) -> Result<Outcome, Failure> {
    let server = Server::cheap()?;
    let file = clusters::write(bed, MANY, Way::Direct)?;
    let ours = Ours::new(bed, &file);
    let cold = ["run", "@worker", "--cold", "--", "true"];
    let kept = ["run", "@worker", "--", "true"];
    let tools = [
        ours.with_few_files(COLD, &cold).fresh(),
        ours.with_few_files(FIRST, &kept).fresh(),
        ours.with_few_files(WARM, &kept),
    ];
    let mut outcome = Outcome::new("true on 4,096", rounds(bed, &tools, plan.runs));
    drop(server);
    for way in [COLD, FIRST, WARM] {
        outcome.most(Kind::Memory, way, GOAL_MANY);
    }
    Ok(outcome)
}

/// One command on one node, the whole process, with nothing around it.
pub(super) fn one(bed: &Bed) -> Result<Outcome, Failure> {
    let server = Server::openssh(bed)?;
    let file = clusters::write(bed, 4, Way::Direct)?;
    let ours = Ours::new(bed, &file);
    let host = address(0).to_string();
    let peers = Peers::new(bed, std::slice::from_ref(&host), false)?;
    let words = ["run", "node1", "--", "true"];
    // Not in turns: the peer's run would end the keeper.
    let mut measured = rounds(bed, &[ours.bare(WARM, &words)], TIMES);
    measured.extend(rounds(bed, &[peers.ssh(&host)], TIMES));
    drop(server);
    let mut outcome = Outcome::new("true on one node", measured);
    outcome.most(Kind::Wall, WARM, GOAL_ONE);
    Ok(outcome)
}

fn single(what: &str, sample: Sample) -> Measured {
    Measured {
        what: what.to_owned(),
        samples: vec![sample],
        failed: None,
    }
}
