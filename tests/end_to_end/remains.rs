//! The end of a twin.

use std::fs;
use std::time::Duration;

use crate::host::{self, Traces};
use crate::keeper::keeper;
use crate::twin::{cluster, shared};

pub(crate) fn lab_down_is_quick_and_leaves_nothing() {
    let cluster = cluster();
    let traces = &shared().traces;
    let of_the_twin = Traces::now().since(traces, cluster.twin.id());
    for kind in ["namespace", "mount", "control group", "file", "process"] {
        assert!(
            of_the_twin.iter().any(|line| line.starts_with(kind)),
            "blind to any {kind}"
        );
    }

    cluster.run(&["run", "node1", "--", "true"]).exits(0);
    assert!(keeper(cluster).is_some(), "blind to the keeper");

    let down = cluster.run(&["lab", "down"]);

    down.exits(0).prints("nothing of it is left");
    println!("lab down: {:.2?}", down.took);
    assert!(down.took < Duration::from_secs(5), "{:?}", down.took);
    assert_eq!(
        Traces::now().since(traces, cluster.twin.id()),
        Vec::<String>::new()
    );
    assert_eq!(cluster.twin.leftovers(), Vec::<String>::new());
    assert!(keeper(cluster).is_none(), "the keeper is left");
    let kept = fs::read_dir(cluster.kept("")).unwrap();
    let kept = kept.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let of_the_twin: Vec<_> = kept.filter(|name| name.contains("twin")).collect();
    assert!(of_the_twin.is_empty(), "{of_the_twin:?}");
    assert_eq!(host::network(), shared().network);
    cluster.run(&["lab", "down"]).exits(0);
    cluster.run(&["up"]).exits(2).says("is not up");
}
