//! What is secret shows nowhere: not in plans, not in their JSON, not in messages.

use bramble_cluster::Secret;
use bramble_converge::record::encode;
use bramble_converge::resource::File;
use bramble_converge::{NodePlan, Resource};

use crate::wishes::{declared, desired, name, plan_from_nothing, seen};

const SECRET: &str = "hunter2 hunter2 hunter2";

fn key() -> Vec<Box<dyn Resource>> {
    let content = Secret::new(SECRET.as_bytes().to_vec());
    vec![Box::new(File::secret("/etc/munge/munge.key", content))]
}

fn assert_hidden(text: &str) {
    for form in [
        SECRET,
        &encode(SECRET.as_bytes()),
        &format!("{:?}", SECRET.as_bytes()),
    ] {
        assert!(!text.contains(form), "{form} is in {text}");
    }
}

#[test]
fn a_secret_is_in_the_step_and_nowhere_else_of_a_plan() {
    let plan = plan_from_nothing(&desired(&["node1"], key));
    let step = plan.nodes[&name("node1")].changes[0].step.expose();
    assert_eq!(step.field(3), encode(SECRET.as_bytes()));
    let json = serde_json::to_string(&plan).unwrap();
    assert!(json.contains("(secret)"), "{json}");
    assert_hidden(&json);
    assert_hidden(&format!("{plan:?}"));
    assert_hidden(&format!("{:?}", key()));
}

/// A fact with the old content can come from a node that answers more than it
/// was asked.
#[test]
fn the_old_content_of_a_secret_file_is_not_shown_either() {
    let old = encode(SECRET.as_bytes());
    let facts: &[&str] = &[
        "/etc/munge/munge.key",
        "regular file",
        "644",
        "root:root",
        "other",
        &old,
    ];
    let plan = NodePlan::build(&declared(key()), &seen([("file", facts)]));
    assert_hidden(&serde_json::to_string(&plan).unwrap());
    assert_hidden(&format!("{:?}", plan.changes[0].lines));
}

#[test]
fn another_secret_is_another_plan() {
    let other = || {
        let content = Secret::new(b"other".to_vec());
        vec![Box::new(File::secret("/etc/munge/munge.key", content)) as _]
    };
    let [one, two] = [
        plan_from_nothing(&desired(&["node1"], key)),
        plan_from_nothing(&desired(&["node1"], other)),
    ];
    assert_ne!(one.digest(), two.digest());
}
