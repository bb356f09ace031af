//! Jobs through Slurm.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::cluster_file::{ClusterFile, wait_until};
use crate::twin::cluster;

const PI: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/jobs/pi.py");

pub(crate) fn a_program_runs_on_every_core_and_its_output_is_printed() {
    let job = cluster().run(&["job", "submit", "--wait", PI]);
    job.exits(0)
        .prints("pi = 3.14159265")
        .prints("20 ranks on 5 nodes: node1 4,");
    let job = cluster().run(&["job", "submit", "--wait", "--tasks", "3", PI]);
    job.exits(0).prints("3 ranks on 1 nodes:");
}

pub(crate) fn a_job_can_be_listed_read_and_cancelled() {
    let cluster = cluster();
    let script = script(cluster, "long", "echo begun on $(hostname)\nsleep 300\n");
    let submitted = cluster
        .run(&["--json", "job", "submit", &script])
        .exits(0)
        .json();
    let id = submitted["id"].as_str().unwrap();

    wait_until("the job runs", Duration::from_secs(15), || {
        state(cluster, id) == "RUNNING"
    });
    cluster
        .run(&["job", "list"])
        .exits(0)
        .prints("long")
        .prints("running");
    wait_until("the job prints", Duration::from_secs(5), || {
        cluster
            .run(&["job", "log", id])
            .exits(0)
            .stdout
            .starts_with("begun on node")
    });
    let of_whom = cluster.on("head", &format!("squeue -h -j {id} -o %u"));
    assert_eq!(of_whom, "pi");

    cluster.run(&["job", "cancel", id]).exits(0);

    wait_until("the job is cancelled", Duration::from_secs(15), || {
        state(cluster, id) == "CANCELLED"
    });
    assert_eq!(cluster.on("head", "squeue --noheader"), "");
}

pub(crate) fn a_job_that_fails_fails_the_command() {
    let cluster = cluster();
    let script = script(cluster, "fails", "echo so far\nexit 3\n");
    let job = cluster.run(&["job", "submit", "--wait", &script]);
    job.exits(1).prints("so far").says("ended as FAILED");
    let unknown = cluster.run(&["job", "log", "99999"]);
    unknown.exits(1).says("Invalid job id");
}

fn script(cluster: &ClusterFile, name: &str, lines: &str) -> String {
    let path: PathBuf = cluster.folder().join(format!("{name}.sh"));
    fs::write(&path, format!("#!/bin/sh\n{lines}")).unwrap();
    path.to_str().unwrap().to_owned()
}

fn state(cluster: &ClusterFile, id: &str) -> String {
    let listed = cluster.run(&["--json", "job", "list"]).exits(0).json();
    let job = |job: &&Value| job["id"] == id;
    let jobs = listed.as_array().unwrap();
    jobs.iter()
        .find(job)
        .map_or_else(String::new, |job| job["state"].as_str().unwrap().to_owned())
}
