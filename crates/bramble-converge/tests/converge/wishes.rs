//! What the tests wish for. Not in here: any test.

use bramble_cluster::NodeName;
use bramble_converge::plan::{Declared, Plan, Seen};
use bramble_converge::record::Record;
use bramble_converge::{Desired, Key, NodePlan, Resource};

pub(crate) fn name(name: &str) -> NodeName {
    name.parse().unwrap()
}

/// The wishes of a role called `test`.
pub(crate) fn declared(resources: Vec<Box<dyn Resource>>) -> Vec<Declared> {
    let declare = |resource| Declared {
        role: "test",
        resource,
    };
    resources.into_iter().map(declare).collect()
}

/// The same wishes of each of `nodes`.
pub(crate) fn desired(nodes: &[&str], wish: impl Fn() -> Vec<Box<dyn Resource>>) -> Desired {
    let mut desired = Desired::default();
    for node in nodes {
        for resource in wish() {
            desired.declare(&name(node), "test", resource).unwrap();
        }
    }
    desired
}

/// The plan for a node that holds nothing.
pub(crate) fn plan_from_nothing(desired: &Desired) -> Plan {
    let build = |(node, declared): (&NodeName, &[Declared])| {
        (node.clone(), NodePlan::build(declared, &Seen::new()))
    };
    Plan {
        nodes: desired.nodes().map(build).collect(),
    }
}

/// Facts, each a kind and its fields, the id first.
pub(crate) fn seen<const N: usize>(facts: [(&str, &[&str]); N]) -> Seen {
    let fact = |(kind, fields): (&str, &[&str])| (Key::new(kind, fields[0]), Record::new(fields));
    facts.into_iter().map(fact).collect()
}
