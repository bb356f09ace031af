//! The exchanges with nodes in memory, on good days and bad.

use std::collections::BTreeSet;

use bramble_cluster::event::Event;
use bramble_converge::resource::{File, Service};
use bramble_converge::rounds::{self, ByNode};
use bramble_converge::{Desired, Key, NodeFailure, NodePlan, Outcome, Plan, Unreachable};
use bramble_testkit::{Fault, SimulatedNodes};

use crate::wishes::{desired, name, seen};

const NODES: [&str; 3] = ["head", "node1", "node2"];

/// Two files and a service, on three nodes.
fn wishes() -> Desired {
    desired(&NODES, || {
        let hosts = Key::new("file", "/etc/hosts");
        vec![
            Box::new(File::new("/etc/hosts", "127.0.0.1 localhost\n")),
            Box::new(File::new("/etc/motd", "hello\n")),
            Box::new(Service::running("dnsmasq.service").reads([hosts])),
        ]
    })
}

fn hosts() -> Key {
    Key::new("file", "/etc/hosts")
}

fn motd() -> Key {
    Key::new("file", "/etc/motd")
}

/// Nodes with a plan for them, and all that happened when it was carried out.
struct Run {
    nodes: SimulatedNodes,
    desired: Desired,
    plan: Plan,
    outcome: Outcome,
    events: Vec<Event>,
}

impl Run {
    fn new() -> Self {
        let nodes = SimulatedNodes::default();
        let desired = wishes();
        let mut run = Self {
            nodes,
            desired,
            plan: Plan::default(),
            outcome: Outcome::default(),
            events: Vec::new(),
        };
        run.look();
        run
    }

    /// Observes all nodes and plans anew.
    fn look(&mut self) -> ByNode<()> {
        let all: BTreeSet<_> = NODES.map(name).into();
        let observed = rounds::observe(&self.nodes, &self.desired, &all);
        self.plan = Plan::default();
        let mut answers = ByNode::new();
        for (node, seen) in observed {
            let answer = seen.map(|seen| {
                let plan = NodePlan::build(self.desired.of(&node), &seen);
                self.plan.nodes.insert(node.clone(), plan);
            });
            answers.insert(node, answer);
        }
        self.nodes.expect(&self.plan);
        answers
    }

    fn apply(&mut self, wave: &[&str]) {
        let wave: Vec<_> = wave.iter().copied().map(name).collect();
        let events = &mut self.events;
        rounds::apply(
            &self.nodes,
            &self.plan,
            &wave,
            &mut |event| events.push(event),
            &mut self.outcome,
        );
    }

    fn failure(&self, node: &str) -> String {
        self.outcome.failed[&name(node)].to_string()
    }

    fn made(&self, node: &str) -> usize {
        self.outcome.made[&name(node)].len()
    }
}

#[test]
fn a_second_run_finds_nothing_to_do() {
    let mut run = Run::new();
    assert_eq!(run.plan.len(), 9);
    run.apply(&NODES);
    assert!(run.outcome.failed.is_empty(), "{:?}", run.outcome.failed);
    assert_eq!(NODES.map(|node| run.made(node)), [3, 3, 3]);
    run.look();
    assert!(run.plan.is_empty(), "{:?}", run.plan);
}

#[test]
fn every_change_is_told_as_it_is_made() {
    let mut run = Run::new();
    run.apply(&["head"]);
    let told: Vec<_> = run
        .events
        .iter()
        .map(|event| format!("{event:?}"))
        .collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told[0].contains("head") && told[0].contains("file /etc/hosts"),
        "{told:?}"
    );
}

#[test]
fn a_wave_touches_its_own_nodes_only() {
    let mut run = Run::new();
    let before = NODES.map(|node| run.nodes.exchanges(&name(node)));
    run.apply(&["node1"]);
    let after = NODES.map(|node| run.nodes.exchanges(&name(node)));
    assert_eq!(after, [before[0], before[1] + 1, before[2]]);
}

#[test]
fn a_node_with_nothing_to_do_is_not_asked_again() {
    let mut run = Run::new();
    run.apply(&NODES);
    run.look();
    let before = run.nodes.exchanges(&name("head"));
    run.apply(&NODES);
    assert_eq!(run.nodes.exchanges(&name("head")), before);
    assert_eq!(run.made("head"), 0);
}

#[test]
fn a_node_that_is_down_is_reported_and_the_others_are_finished() {
    let mut run = Run::new();
    let reason = Unreachable::NoAnswer {
        address: "10.55.0.2:22".to_owned(),
        reason: "no route to host".to_owned(),
    };
    run.nodes.fault(&name("node1"), Fault::Unreachable(reason));
    let answers = run.look();
    let failure = answers[&name("node1")].as_ref().unwrap_err();
    assert_eq!(
        failure.to_string(),
        "no answer at 10.55.0.2:22: no route to host"
    );
    assert!(answers[&name("node2")].is_ok());
    run.apply(&NODES);
    assert_eq!((run.made("head"), run.made("node2")), (3, 3));
    assert!(
        !run.outcome.made.contains_key(&name("node1")),
        "there is no plan for it"
    );
}

#[test]
fn a_node_that_goes_away_while_it_is_changed_is_reported_and_told() {
    let mut run = Run::new();
    let fault = Fault::Unreachable(Unreachable::Lost("connection reset".to_owned()));
    run.nodes.fault(&name("node1"), fault);
    run.apply(&NODES);
    assert_eq!(
        run.failure("node1"),
        "the connection was lost: connection reset"
    );
    assert_eq!((run.made("node1"), run.made("node2")), (0, 3));
    let told = run
        .events
        .iter()
        .filter(|event| matches!(event, Event::NodeFailed { .. }));
    assert_eq!(told.count(), 1);
}

#[test]
fn sudo_that_wants_a_password_names_the_remedy() {
    let mut run = Run::new();
    run.nodes.fault(&name("node1"), Fault::SudoRefused);
    let answers = run.look();
    let failure = answers[&name("node1")].as_ref().unwrap_err();
    assert_eq!(*failure, NodeFailure::Sudo);
    assert!(failure.to_string().contains("NOPASSWD:ALL"), "{failure}");
}

/// Otherwise everything would seem to be missing, and what must not be replaced
/// would be.
#[test]
fn an_observation_that_breaks_off_is_no_observation() {
    let mut run = Run::new();
    run.apply(&NODES);
    for fault in [
        Fault::BreaksOff,
        Fault::Says(0, ""),
        Fault::Says(127, ""),
        Fault::Says(0, "Welcome to this server\n"),
    ] {
        run.nodes.fault(&name("node1"), fault.clone());
        let answers = run.look();
        let failure = answers[&name("node1")].as_ref().unwrap_err();
        assert!(
            matches!(failure, NodeFailure::Malformed { .. }),
            "{fault:?}: {failure:?}"
        );
    }
}

#[test]
fn what_the_login_prints_before_the_answer_does_no_harm() {
    let mut run = Run::new();
    run.nodes.fault(
        &name("node1"),
        Fault::Says(0, "Welcome\n\nLast login: today\nend\n"),
    );
    assert!(run.look()[&name("node1")].is_ok());
}

#[test]
fn a_step_that_fails_is_named_with_status_and_complaint_and_ends_that_nodes_run() {
    let mut run = Run::new();
    let complaint = "mkdir: cannot create directory '/etc': Read-only file system\n";
    run.nodes
        .fault(&name("node1"), Fault::StepFails(motd(), complaint));
    run.apply(&NODES);
    assert_eq!(
        run.failure("node1"),
        "file /etc/motd failed with status 1:\n\
         mkdir: cannot create directory '/etc': Read-only file system"
    );
    assert_eq!(
        run.outcome.made[&name("node1")],
        [hosts()],
        "the step before it"
    );
    assert_eq!(run.made("node2"), 3);
    run.nodes.heal();
    run.look();
    let left: Vec<_> = run.plan.nodes[&name("node1")]
        .changes
        .iter()
        .map(|change| &change.key)
        .collect();
    assert_eq!(left[0], &motd(), "the next run goes on there");
}

#[test]
fn a_step_that_succeeds_and_does_nothing_is_a_surprise() {
    let mut run = Run::new();
    run.nodes
        .fault(&name("node1"), Fault::StepDoesNothing(motd()));
    run.apply(&NODES);
    assert_eq!(
        run.failure("node1"),
        "file /etc/motd is not what it was set to: \
         expected /etc/motd | regular file | 644 | root:root | same | , found nothing"
    );
    assert!(!run.outcome.failed.contains_key(&name("node2")));
}

#[test]
fn a_surprise_does_not_print_a_whole_file() {
    let nodes = SimulatedNodes::default();
    let desired = wishes();
    let long = "QUJD".repeat(20_000);
    let plan = crate::wishes::plan_from_nothing(&desired);
    let fact: &[&str] = &[
        "/etc/hosts",
        "regular file",
        "644",
        "root:root",
        "other",
        &long,
    ];
    for (key, fact) in seen([("file", fact)]) {
        nodes.holds(&name("head"), key, fact);
    }
    nodes.expect(&plan);
    nodes.fault(&name("head"), Fault::StepDoesNothing(hosts()));
    let mut outcome = Outcome::default();
    rounds::apply(&nodes, &plan, &[name("head")], &mut |_| {}, &mut outcome);
    let failure = outcome.failed[&name("head")].to_string();
    assert!(failure.len() < 400, "{} bytes", failure.len());
}

#[test]
fn an_answer_to_changes_that_breaks_off_is_no_success() {
    for fault in [
        Fault::Says(137, ""),
        Fault::Says(0, "verify\n"),
        Fault::BreaksOff,
    ] {
        let mut run = Run::new();
        run.nodes.fault(&name("node1"), fault.clone());
        run.apply(&NODES);
        let failure = &run.outcome.failed[&name("node1")];
        assert!(
            matches!(failure, NodeFailure::Malformed { .. }),
            "{fault:?}: {failure:?}"
        );
    }
}

#[test]
fn a_node_with_a_conflict_is_not_touched() {
    let mut run = Run::new();
    let directory: &[&str] = &["/etc/motd", "directory", "755", "root:root", "other", ""];
    for (key, fact) in seen([("file", directory)]) {
        run.nodes.holds(&name("node1"), key, fact);
    }
    run.look();
    assert_eq!(
        run.plan.nodes[&name("node1")].changes.len(),
        2,
        "the others are shown"
    );
    let before = run.nodes.exchanges(&name("node1"));
    run.apply(&NODES);
    assert_eq!(run.nodes.exchanges(&name("node1")), before);
    assert_eq!(
        run.failure("node1"),
        "file /etc/motd: /etc/motd is a directory, not a file; \
         move it away, then run `bramble up` again"
    );
    assert_eq!((run.made("node1"), run.made("node2")), (0, 3));
}

#[test]
fn facts_that_cannot_be_read_name_what_is_missing() {
    let nodes = SimulatedNodes::default();
    nodes.fault(&name("head"), Fault::Says(0, "hostname\u{1f}head\n"));
    let facts = rounds::gather(&nodes, &[&name("head")]);
    let failure = facts[&name("head")].as_ref().unwrap_err();
    assert_eq!(
        failure.to_string(),
        "the answer cannot be understood: it says nothing of `release`"
    );
}
