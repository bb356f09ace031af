//! Events as lines.

use std::time::Duration;

use bramble_cluster::event::{Event, Stage};
use bramble_view::progress::{Progress, Update};

use crate::{plain, styled};

fn events() -> Vec<Event> {
    let node = |name: &str| name.parse().unwrap();
    let changed = |name: &str, resource: &str| Event::Changed {
        node: node(name),
        resource: resource.to_owned(),
    };
    let started = |stage| Event::StageStarted { stage };
    let finished = |stage, millis| Event::StageFinished {
        stage,
        took: Duration::from_millis(millis),
    };
    vec![
        started(Stage::FirstBoot),
        Event::NodeReady { node: node("head") },
        Event::NodeReady {
            node: node("node1"),
        },
        finished(Stage::FirstBoot, 6_020),
        started(Stage::Observe),
        Event::Note {
            message: "this kernel has no NFS".to_owned(),
        },
        finished(Stage::Observe, 410),
        started(Stage::Apply),
        changed("head", "file /etc/hosts"),
        Event::NodeFailed {
            node: node("node1"),
            reason: "no answer at 10.55.0.2:22: no route to host".to_owned(),
        },
        finished(Stage::Apply, 125_000),
        started(Stage::Job),
        Event::Progress {
            message: "waiting for 5 nodes".to_owned(),
        },
        finished(Stage::Job, 59_990),
    ]
}

/// The updates of all events, each marked as one that stays or one that goes.
fn shown() -> String {
    let mut progress = Progress::default();
    let line = |event| match progress.update(&event) {
        Update::Line(line) => format!("stays {line}\n"),
        Update::Status(line) => format!("goes  {line}\n"),
        Update::Nothing => "nothing\n".to_owned(),
    };
    events().into_iter().map(line).collect()
}

#[test]
fn events_are_lines_that_stay_and_lines_that_go() {
    insta::assert_snapshot!(plain(&shown()));
}

#[test]
fn lines_with_styles() {
    insta::assert_snapshot!(styled(&shown()));
}
