//! `try` cut off at its stages, on a small cluster of its own beside the shared
//! twin, at the same addresses.

use std::io::{BufRead as _, BufReader};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::cluster_file::ClusterFile;
use crate::ran::Running;
use crate::twin::{SMALL, cluster};

/// The line of a stage that is over, and how long into the next one.
const MOMENTS: [(&str, u64); 5] = [
    ("cores for jobs", 60),
    ("done  start", 1000),
    ("done  first boot", 200),
    ("done  observe", 1500),
    ("done  apply", 500),
];

pub(crate) fn ctrl_c_during_try_leaves_nothing() {
    cluster();
    let small = ClusterFile::new(SMALL);
    for (line, milliseconds) in MOMENTS {
        let moment = format!("{milliseconds} ms after `{line}`");
        let child = try_until(&small, line, milliseconds);

        assert_eq!(child.end(Signal::INT), Some(130), "interrupted {moment}");

        assert_eq!(
            small.twin.leftovers(),
            Vec::<String>::new(),
            "interrupted {moment}"
        );
    }
    assert!(cluster().twin.is_up());
}

pub(crate) fn a_killed_try_is_cleaned_up_and_can_be_repeated() {
    cluster();
    let small = ClusterFile::new(SMALL);
    for (line, milliseconds) in MOMENTS {
        let moment = format!("killed {milliseconds} ms after `{line}`");
        assert_eq!(
            try_until(&small, line, milliseconds).end(Signal::KILL),
            None,
            "{moment}"
        );

        small.run(&["lab", "down"]).exits(0);

        assert_eq!(small.twin.leftovers(), Vec::<String>::new(), "{moment}");
    }
    try_until(&small, "done  start", 500).end(Signal::KILL);
    let again = small.run(&["try", "--yes"]);
    again
        .exits(0)
        .prints("pi = 3.14159265")
        .prints("4 ranks on 1 nodes: node1 4");
    for stage in [
        "base image",
        "start",
        "first boot",
        "observe",
        "apply",
        "job",
    ] {
        assert!(
            again.stdout.lines().any(|line| line.starts_with(stage)),
            "{stage}: {again}"
        );
    }
    again
        .prints("from start to result: ")
        .prints("bramble lab down");

    assert_eq!(small.on("head", "hostname; ls /home"), "head\npi\nshared");
    cluster().run(&["run", "head", "--", "hostname"]).exits(0);
    small.run(&["lab", "down"]).exits(0);
    assert!(cluster().twin.is_up(), "one twin went down with the other");
}

/// `try`, stopped from reading on some time after it says `line`.
fn try_until(small: &ClusterFile, line: &str, milliseconds: u64) -> Running {
    let mut child = small.start(&["try", "--yes"]);
    let told = BufReader::new(child.stderr());
    let mut lines = told.lines().map_while(Result::ok);
    assert!(
        lines.any(|told| told.contains(line)),
        "`{line}` is not said by try"
    );
    thread::spawn(move || lines.count());
    thread::sleep(Duration::from_millis(milliseconds));
    child
}
