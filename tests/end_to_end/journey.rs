//! From a cluster file to a job's result, and to a cluster at rest.

use std::collections::BTreeMap;
use std::f64::consts::PI;
use std::time::Duration;

use bramble_testkit::EXAMPLES;

use crate::cluster_file::ClusterFile;
use crate::twin::{NODES, cluster, shared};

pub(crate) fn try_computes_pi_on_every_core_of_every_worker() {
    let journey = &shared().journey;
    journey.exits(0);
    let report = journey.json();
    assert_eq!(report["job"]["state"], "COMPLETED");
    assert_eq!(report["job"]["nodes"], "node[1-5]");
    let output = report["job"]["output"].as_str().unwrap();
    let value = output
        .strip_prefix("pi = ")
        .and_then(|rest| rest.split(',').next());
    let value: f64 = value.unwrap_or_else(|| panic!("{output}")).parse().unwrap();
    assert!((value - PI).abs() < 1e-9, "{output}");
    let ranks = "20 ranks on 5 nodes: node1 4, node2 4, node3 4, node4 4, node5 4\n";
    assert!(output.contains(ranks), "{output}");

    let stages: BTreeMap<_, _> = report["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| {
            (
                stage["stage"].as_str().unwrap(),
                stage["seconds"].as_f64().unwrap(),
            )
        })
        .collect();
    for stage in [
        "base-image",
        "start",
        "first-boot",
        "observe",
        "apply",
        "job",
    ] {
        assert!(
            stages.get(stage).is_some_and(|&seconds| seconds > 0.0),
            "{stage}: {stages:?}"
        );
    }
    let (sum, whole) = (
        stages.values().sum::<f64>(),
        report["seconds"].as_f64().unwrap(),
    );
    assert!(
        sum <= whole && whole < sum + 2.0,
        "{whole} s, of which stages take {sum} s"
    );
    println!("try: {whole:.1} s, {stages:.1?}");
}

/// Two boards, of which the head computes too and shares a disk of its own.
pub(crate) fn the_smallest_example_runs_its_job() {
    let small = runs_its_job("004-super");
    small.run(&["up"]).exits(0).prints("0 changes");
    small.run(&["lab", "down"]).exits(0);
}

pub(crate) fn every_example_runs_its_job() {
    for (name, _) in EXAMPLES {
        runs_its_job(name).run(&["lab", "down"]).exits(0);
    }
}

/// An example brought from nothing to the result of its job.
fn runs_its_job(name: &str) -> ClusterFile {
    let (_, text) = EXAMPLES
        .iter()
        .find(|(example, _)| *example == name)
        .unwrap();
    let (before, rest) = text.split_once("\nname = \"").unwrap();
    let (_, after) = rest.split_once('"').unwrap();
    let example = ClusterFile::new(&format!("{before}\nname = \"garden\"{after}"));
    let journey = example.run(&["try", "--yes"]);
    journey.exits(0).prints("pi = 3.14159265");
    example
}

pub(crate) fn a_second_up_changes_nothing_and_restarts_nothing() {
    let cluster = cluster();
    let before = NODES.map(|node| services(cluster, node));
    let up = cluster.run(&["up"]);
    up.exits(0)
        .prints("0 changes: all nodes are what the cluster file says");
    cluster.run(&["up", "--dry-run", "--exit-code"]).exits(0);
    assert_eq!(NODES.map(|node| services(cluster, node)), before);
    let head = &before[0];
    assert!(head.contains_key("slurmctld.service") && head.contains_key("dnsmasq.service"));
}

pub(crate) fn a_cluster_at_rest_is_read_in_a_second() {
    let cluster = cluster();
    let fastest = (0..3).map(|_| cluster.run(&["up"]).took).min().unwrap();
    println!("up with nothing to do: {fastest:.2?}");
    // The figure itself is the benchmark's; this machine may be busy.
    assert!(fastest < Duration::from_secs(3), "{fastest:?}");
}

/// When a service began to run, and when it last changed, reloads included. In
/// microseconds since the machine's start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moments {
    pub(crate) started: u64,
    pub(crate) changed: u64,
}

/// The services that run on `node`, and the gateway's rules, which do not run but
/// stand. Those that a login starts are left out.
pub(crate) fn services(cluster: &ClusterFile, node: &str) -> BTreeMap<String, Moments> {
    const QUERY: &str = "systemctl show '*.service' -p Id -p SubState \
        -p ActiveEnterTimestampMonotonic -p StateChangeTimestampMonotonic";
    let text = cluster.on(node, QUERY);
    let service = |block: &str| {
        let fields: BTreeMap<_, _> = block
            .lines()
            .filter_map(|line| line.split_once('='))
            .collect();
        let id = fields["Id"];
        let stands = fields["SubState"] == "running" || id == "bramble-gateway.service";
        let by_login = id.starts_with("user@") || id.starts_with("systemd-hostnamed");
        let moment = |name: &str| fields[name].parse().unwrap();
        let moments = || Moments {
            started: moment("ActiveEnterTimestampMonotonic"),
            changed: moment("StateChangeTimestampMonotonic"),
        };
        (stands && !by_login).then(|| (id.to_owned(), moments()))
    };
    text.split("\n\n").filter_map(service).collect()
}
