//! `bramble up` as a picture: facts, wishes, observation, plan, changes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use bramble_cluster::cluster::Internet;
use bramble_cluster::event::{Event, Stage, Watch};
use bramble_cluster::{Node, NodeName};
use bramble_converge::rounds::{self, ByNode};
use bramble_converge::{Desired, NodeFailure, NodePlan, Outcome, Plan};
use bramble_fleet::Fleet;
use bramble_roles::WayOut;
use bramble_view::unreachable;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Target;
use crate::{advice, memory, way_out};

/// How long workers may fetch packages, at most, in seconds.
const PACKAGES_LIMIT: u32 = 1800;

/// What there is to do, and on which nodes nothing can be said.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    pub(crate) failed: BTreeMap<NodeName, NodeFailure>,
}

/// Reads the nodes and decides what is to be done.
pub(crate) fn plan(target: &Target, watch: Watch<'_>) -> Result<Planned, Failure> {
    let started = Instant::now();
    watch(Event::StageStarted {
        stage: Stage::Observe,
    });
    let mut failed = BTreeMap::new();
    let names: Vec<_> = target.cluster.nodes.iter().map(|node| &node.name).collect();
    let read = sort(rounds::gather(&target.fleet, &names), &mut failed, watch);
    end_if_interrupted(&failed)?;
    let reached: BTreeSet<_> = read.keys().cloned().collect();
    let facts = memory::complete(&target.folder, target.name, &names, read)?;

    let wishes = bramble_roles::desired(&target.cluster, &facts, &target.secrets)
        .map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
    for note in wishes.notes.keys() {
        watch(Event::Note {
            message: note.clone(),
        });
    }
    let plan = observe(target, &wishes.desired, &reached, &mut failed, watch);
    end_if_interrupted(&failed)?;
    watch(Event::StageFinished {
        stage: Stage::Observe,
        took: started.elapsed(),
    });
    Ok(Planned { plan, failed })
}

fn observe(
    target: &Target,
    desired: &Desired,
    reached: &BTreeSet<NodeName>,
    failed: &mut BTreeMap<NodeName, NodeFailure>,
    watch: Watch<'_>,
) -> Plan {
    let seen = sort(
        rounds::observe(&target.fleet, desired, reached),
        failed,
        watch,
    );
    let nodes = seen
        .into_iter()
        .map(|(node, seen)| {
            let plan = NodePlan::build(desired.of(&node), &seen);
            (node, plan)
        })
        .collect();
    Plan { nodes }
}

/// Carries out a plan: the head, then nodes with services, then workers.
pub(crate) fn apply(target: &Target, planned: Planned, watch: Watch<'_>) -> Outcome {
    let started = Instant::now();
    watch(Event::StageStarted {
        stage: Stage::Apply,
    });
    let mut outcome = Outcome {
        failed: planned.failed,
        ..Outcome::default()
    };
    for wave in target.cluster.waves() {
        let names: Vec<_> = wave.iter().map(|node| node.name.clone()).collect();
        let installs = installs_behind_gateway(target, &planned.plan, &wave);
        if installs {
            open_way_out(target, watch);
        }
        rounds::apply(&target.fleet, &planned.plan, &names, watch, &mut outcome);
        if installs {
            close_way_out(target);
        }
    }
    watch(Event::StageFinished {
        stage: Stage::Apply,
        took: started.elapsed(),
    });
    outcome
}

/// Whether nodes of the wave fetch packages through a gateway that does not
/// always let them.
fn installs_behind_gateway(target: &Target, plan: &Plan, wave: &[&Node]) -> bool {
    let Some(keeper) = WayOut::keeper(&target.cluster) else {
        return false;
    };
    let installs = |node: &&&Node| {
        plan.nodes
            .get(&node.name)
            .is_some_and(NodePlan::installs_packages)
    };
    target.cluster.network.internet == Internet::OnDemand
        && wave
            .iter()
            .filter(|node| node.name != keeper.name)
            .any(|node| installs(&node))
}

/// Lets workers reach the archive. If that fails, so do their packages, and the
/// reason is told there.
fn open_way_out(target: &Target, watch: Watch<'_>) {
    watch(Event::Note {
        message: "workers may reach the internet while they install packages".to_owned(),
    });
    let order = WayOut::OpenToInstall(PACKAGES_LIMIT);
    let _told_with_the_packages = way_out::order(target, &target.fleet, order);
}

/// Also after Ctrl-C, which the fleet obeys, and hence over another. A way that
/// cannot be closed closes by itself when its time is over.
fn close_way_out(target: &Target) {
    let close = |fleet: &Fleet| way_out::order(target, fleet, WayOut::CloseToInstall);
    let _closes_by_itself = target.another_fleet().and_then(|fleet| close(&fleet));
}

/// What was answered; failures go where they are collected, and are told.
fn sort<T>(
    answers: ByNode<T>,
    failed: &mut BTreeMap<NodeName, NodeFailure>,
    watch: Watch<'_>,
) -> BTreeMap<NodeName, T> {
    let (mut understood, mut out) = (BTreeMap::new(), BTreeMap::new());
    for (node, answer) in answers {
        match answer {
            Ok(answer) => drop(understood.insert(node, answer)),
            Err(failure) => drop(out.insert(node, failure)),
        }
    }
    let told = out.keys().collect();
    for (node, failure) in &out {
        if Exit::of(failure) != Exit::Interrupted {
            watch(Event::NodeFailed {
                node: node.clone(),
                reason: reason(failure, &told),
            });
        }
    }
    failed.extend(out);
    understood
}

fn reason(failure: &NodeFailure, told: &BTreeSet<&NodeName>) -> String {
    match failure {
        NodeFailure::Unreachable(why) => unreachable::reason(why, told),
        failure => failure.to_string(),
    }
}

/// What can be done about nodes that were not reached.
pub(crate) fn advice(target: &Target, failed: &BTreeMap<NodeName, NodeFailure>) -> Vec<String> {
    let unreachable = failed.iter().filter_map(|(node, failure)| match failure {
        NodeFailure::Unreachable(why) => Some((node, why)),
        _ => None,
    });
    advice::about(target, unreachable)
}

/// Ctrl-C before anything is decided leaves nothing to report.
fn end_if_interrupted(failed: &BTreeMap<NodeName, NodeFailure>) -> Result<(), Failure> {
    match exit(failed) {
        Exit::Interrupted => Err(Failure::new(
            Exit::Interrupted,
            "interrupted; nothing was changed",
        )),
        _ => Ok(()),
    }
}

/// How the whole ended: the worst of the nodes.
pub(crate) fn exit(failed: &BTreeMap<NodeName, NodeFailure>) -> Exit {
    failed.values().map(Exit::of).max().unwrap_or(Exit::Done)
}
