//! The plan of one node, from wishes and facts.

use bramble_converge::resource::{Absent, File, Packages, Service, Sysctl};
use bramble_converge::{Desired, Key, NodePlan, Plan, Resource};

use crate::wishes::{declared, desired, name, plan_from_nothing, seen};

const RUNS: (&str, &[&str]) = ("service", &["ssh.service", "active", "enabled", ""]);

fn file(content: &str) -> Box<dyn Resource> {
    Box::new(File::new("/etc/ssh/x.conf", content))
}

fn ssh() -> Service {
    Service::running("ssh.service").reads([Key::new("file", "/etc/ssh/x.conf")])
}

/// The actions of the plan, each with its resource.
fn actions(plan: &NodePlan) -> Vec<String> {
    let action = |change: &bramble_converge::Change| format!("{}: {}", change.key, change.action);
    plan.changes.iter().map(action).collect()
}

#[test]
fn a_service_is_restarted_when_a_file_that_it_reads_changes() {
    let wishes = declared(vec![file("new\n"), Box::new(ssh())]);
    let plan = NodePlan::build(&wishes, &seen([RUNS]));
    assert_eq!(
        actions(&plan),
        [
            "file /etc/ssh/x.conf: create",
            "service ssh.service: restart, since file /etc/ssh/x.conf changes",
        ]
    );
    let prepare = plan.changes[1].prepare.as_ref().unwrap();
    assert_eq!(
        prepare.fields(),
        ["ssh.service", "pending"],
        "marked before the file changes"
    );
}

#[test]
fn a_service_that_reads_nothing_that_changes_is_left_alone() {
    let wishes = declared(vec![
        file("new\n"),
        Box::new(Service::running("ssh.service").reads([Key::new("file", "/etc/other")])),
    ]);
    let plan = NodePlan::build(&wishes, &seen([RUNS]));
    assert_eq!(actions(&plan), ["file /etc/ssh/x.conf: create"]);
}

#[test]
fn a_service_that_can_reloads_rather_than_restarts() {
    let wishes = declared(vec![file("new\n"), Box::new(ssh().reloads())]);
    let plan = NodePlan::build(&wishes, &seen([RUNS]));
    assert_eq!(plan.changes[1].step.expose().field(2), "reload-or-restart");
}

#[test]
fn a_service_names_one_reason_and_counts_the_others() {
    let keys = [
        Key::new("file", "/etc/ssh/x.conf"),
        Key::new("file", "/etc/y"),
    ];
    let wishes = declared(vec![
        file("new\n"),
        Box::new(File::new("/etc/y", "")),
        Box::new(Service::running("ssh.service").reads(keys)),
    ]);
    let plan = NodePlan::build(&wishes, &seen([RUNS]));
    assert_eq!(
        plan.changes[2].action,
        "restart, since file /etc/ssh/x.conf and 1 more change"
    );
}

#[test]
fn a_change_that_a_service_declared_before_it_reads_comes_too_late_for_it() {
    let wishes = declared(vec![Box::new(ssh()), file("new\n")]);
    let plan = NodePlan::build(&wishes, &seen([RUNS]));
    assert_eq!(actions(&plan), ["file /etc/ssh/x.conf: create"]);
}

#[test]
fn a_mark_left_by_a_run_that_was_cut_off_restarts_the_service() {
    let marked: (&str, &[&str]) = ("service", &["ssh.service", "active", "enabled", "pending"]);
    let plan = NodePlan::build(&declared(vec![Box::new(ssh())]), &seen([marked]));
    assert_eq!(
        actions(&plan),
        ["service ssh.service: restart, since it was not restarted after an earlier change"]
    );
}

#[test]
fn a_service_that_runs_and_does_not_start_with_the_node_is_only_enabled() {
    let facts: (&str, &[&str]) = ("service", &["ssh.service", "active", "disabled", ""]);
    let plan = NodePlan::build(&declared(vec![Box::new(ssh())]), &seen([facts]));
    assert_eq!(actions(&plan), ["service ssh.service: enable"]);
    let step = plan.changes[0].step.expose();
    assert_eq!(step.fields(), ["ssh.service", "enable", "none"]);
}

#[test]
fn a_service_that_failed_is_started() {
    let facts: (&str, &[&str]) = ("service", &["ssh.service", "failed", "enabled", ""]);
    let plan = NodePlan::build(&declared(vec![Box::new(ssh())]), &seen([facts]));
    assert_eq!(actions(&plan), ["service ssh.service: start"]);
}

#[test]
fn a_stopped_service_is_stopped_once_and_one_that_is_not_there_is_as_good() {
    let wishes = || declared(vec![Box::new(Service::stopped("ssh.service"))]);
    let plan = NodePlan::build(&wishes(), &seen([RUNS]));
    assert_eq!(actions(&plan), ["service ssh.service: stop"]);
    assert!(NodePlan::build(&wishes(), &seen([])).changes.is_empty());
    let off: (&str, &[&str]) = ("service", &["ssh.service", "inactive", "disabled", ""]);
    assert!(NodePlan::build(&wishes(), &seen([off])).changes.is_empty());
}

#[test]
fn a_plan_says_whether_it_fetches_packages() {
    let installs = |resource: Box<dyn Resource>| {
        NodePlan::build(&declared(vec![resource]), &seen([])).installs_packages()
    };
    assert!(installs(Box::new(Packages::new(["chrony"]))));
    assert!(!installs(file("")));
}

#[test]
fn a_resource_declared_twice_names_both_roles() {
    let mut desired = Desired::default();
    desired.declare(&name("node1"), "names", file("")).unwrap();
    desired.declare(&name("node2"), "names", file("")).unwrap();
    let absent = Box::new(Absent::new("/etc/ssh/x.conf"));
    desired.declare(&name("node1"), "account", absent).unwrap();
    let error = desired.declare(&name("node1"), "account", file("other"));
    assert_eq!(
        error.unwrap_err().to_string(),
        "roles `names` and `account` both declare file /etc/ssh/x.conf on node1"
    );
}

#[test]
fn equal_plans_have_one_digest_and_unlike_plans_have_two() {
    let plan = |nodes: &[&str], content: &str| {
        plan_from_nothing(&desired(nodes, || vec![file(content)])).digest()
    };
    let one = plan(&["node1"], "a\n");
    assert_eq!(one.len(), 64);
    assert_eq!(one, plan(&["node1"], "a\n"));
    assert_ne!(one, plan(&["node1"], "b\n"), "another content");
    assert_ne!(one, plan(&["node2"], "a\n"), "another node");
    assert_ne!(one, plan(&["node1", "node2"], "a\n"), "a node more");
    assert_ne!(one, Plan::default().digest(), "nothing to do");
}

#[test]
fn a_plan_counts_its_changes_and_a_conflict_is_something_to_do() {
    let wish = || {
        vec![
            file("a\n"),
            Box::new(Sysctl::new("vm.swappiness", "1")) as _,
        ]
    };
    let plan = plan_from_nothing(&desired(&["node1", "node2"], wish));
    assert_eq!((plan.len(), plan.is_empty()), (4, false));
    let directory: (&str, &[&str]) = (
        "file",
        &[
            "/etc/ssh/x.conf",
            "directory",
            "755",
            "root:root",
            "other",
            "",
        ],
    );
    let node = NodePlan::build(&declared(vec![file("")]), &seen([directory]));
    let plan = Plan {
        nodes: [(name("node1"), node)].into(),
    };
    assert_eq!((plan.len(), plan.is_empty()), (0, false));
}
