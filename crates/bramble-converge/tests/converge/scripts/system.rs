//! Kinds that change the whole machine: here they are only observed.

use std::process::Command;

use bramble_converge::resource::{Hostname, Packages, Service, Sysctl, User};
use bramble_converge::{NodePlan, Resource};
use bramble_testkit::skipped;

use crate::machine::{Machine, machines};
use crate::wishes::{desired, name};

fn plan(machine: &Machine, wish: impl Fn() -> Vec<Box<dyn Resource>>) -> NodePlan {
    machine.plan(&desired(&["here"], wish))
}

#[test]
fn packages_that_are_missing_are_told_apart_from_those_that_are_there() {
    for machine in machines() {
        let there = plan(&machine, || {
            vec![Box::new(Packages::new(["coreutils", "dash"]))]
        });
        assert!(there.changes.is_empty(), "{there:?}");
        let missing = plan(&machine, || {
            vec![Box::new(Packages::new([
                "coreutils",
                "no-such-package",
                "core",
            ]))]
        });
        let step = missing.changes[0].step.expose();
        assert_eq!(step.field(1), "no-such-package core");
    }
}

#[test]
fn an_account_is_seen_with_its_numbers() {
    for machine in machines() {
        let user = |name: &str, uid| {
            let name = name.parse().unwrap();
            plan(&machine, move || {
                vec![Box::new(User::new(std::clone::Clone::clone(&name), uid))]
            })
        };
        let root = user("root", 0);
        assert!(
            root.changes.is_empty() && root.conflicts.is_empty(),
            "{root:?}"
        );
        let wrong = user("daemon", 1000);
        assert!(
            wrong.conflicts[0].found.contains("has uid 1 and gid 1"),
            "{wrong:?}"
        );
        assert_eq!(user("no-such-account", 1000).changes[0].action, "create");
    }
}

#[test]
fn the_name_of_the_machine_is_seen() {
    for machine in machines() {
        let plan = plan(&machine, || {
            vec![Box::new(Hostname::new(name("no-such-name")))]
        });
        let uname = Command::new("uname").arg("-n").output().unwrap().stdout;
        let old = String::from_utf8(uname).unwrap().trim().to_owned();
        assert!(
            format!("{:?}", plan.changes[0].lines).contains(&old),
            "{plan:?}"
        );
    }
}

#[test]
fn a_kernel_setting_is_seen() {
    for machine in machines() {
        let plan = plan(&machine, || {
            vec![Box::new(Sysctl::new("kernel.ostype", "Hurd"))]
        });
        let lines = format!("{:?}", plan.changes[0].lines);
        assert!(lines.contains("kernel.ostype = Linux"), "{lines}");
    }
}

#[test]
fn a_service_is_seen_as_systemd_has_it() {
    let systemctl = Command::new("systemctl")
        .args(["show", "-p", "Version"])
        .output();
    if !systemctl.is_ok_and(|output| output.status.success()) {
        return skipped("systemd does not run this machine");
    }
    // The nodes' own shell has no way to this machine's systemd.
    for machine in machines().into_iter().take(1) {
        let plan = plan(&machine, || {
            vec![
                Box::new(Service::stopped("no-such-unit.service")),
                Box::new(Service::running("systemd-journald.service")),
            ]
        });
        assert!(plan.changes.is_empty(), "{plan:?}");
    }
}
