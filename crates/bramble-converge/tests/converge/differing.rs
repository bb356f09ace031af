//! For every kind of resource: what a change is predicted to lead to is what is
//! wanted, whatever was there before.

use std::collections::{BTreeMap, BTreeSet};

use bramble_cluster::Secret;
use bramble_converge::record::Record;
use bramble_converge::resource::{
    Absent, Directory, File, Hostname, KINDS, Link, Packages, Service, Sysctl, User, Verdict,
};
use bramble_converge::{Key, Resource};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::wishes::name;

/// Resources of a kind, of every shape that it has. A new kind needs an entry.
fn examples(kind: &str) -> Vec<Box<dyn Resource>> {
    let hosts = Key::new("file", "/etc/hosts");
    match kind {
        "absent" => vec![Box::new(Absent::new("/etc/slurm/slurm.conf"))],
        "directory" => vec![
            Box::new(Directory::new("/srv/home", 0o755, "pi:pi")),
            Box::new(Directory::new("/srv/common", 0o2775, "root:users")),
        ],
        "file" => vec![
            Box::new(File::new("/etc/hosts", "127.0.0.1 localhost\n")),
            Box::new(File::new("/etc/empty", "").mode(0).owner("pi:pi")),
            Box::new(File::secret("/etc/key", Secret::new(vec![0, 255]))),
        ],
        "hostname" => vec![Box::new(Hostname::new(name("node1")))],
        "link" => vec![Box::new(Link::new(
            "/etc/localtime",
            "/usr/share/zoneinfo/UTC",
        ))],
        "packages" => vec![Box::new(Packages::new(["chrony", "munge"]))],
        "service" => vec![
            Box::new(Service::running("ssh.service").reads([hosts.clone()])),
            Box::new(Service::running("nfs.service").reads([hosts]).reloads()),
            Box::new(Service::stopped("cups.service")),
        ],
        "sysctl" => vec![Box::new(Sysctl::new("net.ipv4.ip_forward", "1"))],
        "user" => vec![Box::new(User::new("pi".parse().unwrap(), 1000))],
        _ => panic!("the kind {kind} has no example here"),
    }
}

/// Words that nodes use in facts, and words that none would.
fn field() -> impl Strategy<Value = String> {
    let plausible = prop::sample::select(vec![
        "",
        "active",
        "inactive",
        "failed",
        "activating",
        "enabled",
        "disabled",
        "pending",
        "regular file",
        "directory",
        "symbolic link",
        "fifo",
        "file",
        "other",
        "same",
        "644",
        "600",
        "755",
        "2775",
        "0",
        "1",
        "1000",
        "root:root",
        "pi:pi",
        "node1",
        "localhost",
        "munge",
        "aGVsbG8K",
        "/usr/share/zoneinfo/UTC",
        "net.ipv4.ip_forward = 1",
    ]);
    prop_oneof![
        4 => plausible.prop_map(str::to_owned),
        1 => "[^\n\r\u{1f}]{0,20}",
    ]
}

#[derive(Debug, Clone)]
enum Before {
    Nothing,
    Fields(Vec<String>),
    /// As wanted, with one field turned into another.
    Nearly(usize, String),
}

fn before() -> impl Strategy<Value = Before> {
    prop_oneof![
        Just(Before::Nothing),
        vec(field(), 0..7).prop_map(Before::Fields),
        (1..6_usize, field()).prop_map(|(at, field)| Before::Nearly(at, field)),
    ]
}

/// The fact that `before` says, about `resource`.
fn fact(resource: &dyn Resource, before: &Before) -> Option<Record> {
    let id = resource.id();
    match before {
        Before::Nothing => None,
        Before::Fields(fields) => Some(Record::new([&id].into_iter().chain(fields))),
        Before::Nearly(at, field) => {
            let wanted = expected(resource)?;
            let mut fields = wanted.fields().to_vec();
            fields.get_mut(*at)?.clone_from(field);
            Some(Record::new(fields))
        }
    }
}

/// The fact of a node on which the resource was made from nothing.
fn expected(resource: &dyn Resource) -> Option<Record> {
    match resource.differ(None, &BTreeSet::new()) {
        Verdict::Differs(difference) => difference.expect,
        Verdict::Same | Verdict::Conflict { .. } => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_a_change_predicts_is_what_is_wanted(
        before in before(),
        input_changes in option::of(Just(Key::new("file", "/etc/hosts"))),
    ) {
        let changed: BTreeSet<_> = input_changes.into_iter().collect();
        for resource in KINDS.iter().flat_map(|kind| examples(kind.name)) {
            let seen = fact(&*resource, &before);
            let key = resource.key();
            match resource.differ(seen.as_ref(), &changed) {
                Verdict::Differs(difference) => {
                    let then = resource.differ(difference.expect.as_ref(), &BTreeSet::new());
                    prop_assert!(
                        matches!(then, Verdict::Same),
                        "{key} seen as {seen:?} is predicted as {:?}, which is {then:?}",
                        difference.expect
                    );
                    prop_assert!(!difference.action.is_empty(), "{key}: no action");
                }
                Verdict::Conflict { found, remedy } => {
                    prop_assert!(!found.is_empty() && !remedy.is_empty(), "{key}: no remedy");
                }
                Verdict::Same => {}
            }
        }
    }
}

#[test]
fn question_step_and_prediction_begin_with_the_id() {
    for resource in KINDS.iter().flat_map(|kind| examples(kind.name)) {
        let id = resource.id();
        assert_eq!(resource.question().field(0), id);
        if let Verdict::Differs(difference) = resource.differ(None, &BTreeSet::new()) {
            assert_eq!(difference.step.expose().field(0), id);
            let others = [difference.prepare, difference.expect];
            assert!(
                others.iter().flatten().all(|record| record.field(0) == id),
                "{id}"
            );
        }
    }
}

/// All kinds are defined in one script, where a second function of a name would
/// take the place of the first.
#[test]
fn every_kind_defines_its_two_functions_and_none_that_another_defines() {
    let mut defined = BTreeMap::new();
    for kind in KINDS {
        let functions = [kind.observe, kind.apply].into_iter().flat_map(str::lines);
        let functions = functions.filter_map(|line| line.strip_suffix("() {"));
        for function in functions {
            let before = defined.insert(function, kind.name);
            assert_eq!(before, None, "{function} is also defined by {}", kind.name);
        }
        for function in ["observe", "apply"].map(|verb| format!("{verb}_{}", kind.name)) {
            assert_eq!(defined.get(&*function), Some(&kind.name), "{function}");
        }
    }
}
