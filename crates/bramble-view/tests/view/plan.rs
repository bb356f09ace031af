//! Plans of changes.

use std::collections::BTreeMap;

use bramble_cluster::{NodeName, Secret};
use bramble_converge::plan::{Declared, Plan, Seen};
use bramble_converge::record::{Record, encode};
use bramble_converge::resource::{File, Packages, Service, User};
use bramble_converge::{Key, NodePlan, Resource};

use crate::{plain, styled};

fn name(name: &str) -> NodeName {
    name.parse().unwrap()
}

fn wishes(content: &str) -> Vec<Declared> {
    let hosts = Key::new("file", "/etc/hosts");
    let resources: Vec<Box<dyn Resource>> = vec![
        Box::new(Packages::new(["chrony", "munge"])),
        Box::new(File::new("/etc/hosts", content)),
        Box::new(File::secret("/etc/key", Secret::new(b"hunter2".to_vec()))),
        Box::new(Service::running("dnsmasq.service").reads([hosts])),
    ];
    let declare = |resource| Declared {
        role: "names",
        resource,
    };
    resources.into_iter().map(declare).collect()
}

fn seen(facts: &[(&str, &[&str])]) -> Seen {
    let fact = |(kind, fields): &(&str, &[&str])| (Key::new(kind, fields[0]), Record::new(*fields));
    facts.iter().map(fact).collect()
}

/// Two nodes alike, one that differs, one that is done, and one with a conflict.
fn plan() -> Plan {
    let content = "1\n2\n3\n4\n5\nnew\n7\n";
    let old = encode(b"1\n2\n3\n4\n5\nold\n7\n");
    let runs: &[&str] = &["dnsmasq.service", "active", "enabled", ""];
    let changed: &[&str] = &[
        "/etc/hosts",
        "regular file",
        "600",
        "root:root",
        "other",
        &old,
    ];
    let there: &[&str] = &["chrony munge", ""];
    let key: &[&str] = &["/etc/key", "regular file", "600", "root:root", "same", ""];
    let drifted = seen(&[
        ("service", runs),
        ("file", changed),
        ("packages", there),
        ("file", key),
    ]);
    let user = vec![Declared {
        role: "account",
        resource: Box::new(User::new("pi".parse().unwrap(), 1000)),
    }];
    let taken: &[&str] = &["pi", "1001", "1001"];
    Plan {
        nodes: BTreeMap::from([
            (
                name("node1"),
                NodePlan::build(&wishes(content), &Seen::new()),
            ),
            (
                name("node2"),
                NodePlan::build(&wishes(content), &Seen::new()),
            ),
            (name("node3"), NodePlan::build(&wishes(content), &drifted)),
            (name("node4"), NodePlan::default()),
            (
                name("node5"),
                NodePlan::build(&user, &seen(&[("user", taken)])),
            ),
        ]),
    }
}

#[test]
fn a_plan_shows_equal_nodes_once_and_idle_ones_not_at_all() {
    insta::assert_snapshot!(plain(&bramble_view::plan::plan(&plan())));
}

#[test]
fn a_plan_with_styles() {
    let mut plan = plan();
    plan.nodes
        .retain(|name, _| ["node3", "node5"].contains(&name.as_str()));
    insta::assert_snapshot!(styled(&bramble_view::plan::plan(&plan)));
}

#[test]
fn a_plan_is_summed_up_in_a_line() {
    assert_eq!(
        bramble_view::plan::summary(&plan()),
        "10 changes on 3 nodes"
    );
    assert_eq!(bramble_view::plan::summary(&Plan::default()), "0 changes");
}
