//! Several steps, and what becomes of them when one fails or the line is cut.

use std::collections::BTreeMap;
use std::fs;

use bramble_cluster::{NodeName, Secret};
use bramble_converge::resource::{Directory, File, Link};
use bramble_converge::{Answers, NodeFailure, Request, Resource, Transport};

use crate::machine::{Machine, apply, machines};
use crate::wishes::{desired, name};

fn three_files(machine: &Machine, middle: &str) -> Vec<Box<dyn Resource>> {
    let file = |path: String| Box::new(File::new(path, "x\n").owner(machine.owner()));
    vec![
        file(machine.path("first")),
        file(middle.to_owned()),
        file(machine.path("last")),
    ]
}

#[test]
fn a_step_that_fails_says_why_and_those_after_it_are_not_tried() {
    for machine in machines() {
        let wish = || three_files(&machine, "/proc/bramble/conf");
        let Err(NodeFailure::Step {
            key,
            status,
            complaint,
        }) = machine.up(wish)
        else {
            panic!("the step cannot succeed");
        };
        assert_eq!(
            (key.to_string().as_str(), status.as_str()),
            ("file /proc/bramble/conf", "1")
        );
        assert!(complaint.contains("/proc/bramble"), "{complaint}");
        assert_eq!(machine.names(), ["first"]);
    }
}

#[test]
fn a_file_in_the_way_of_a_folder_is_a_failure_that_names_it() {
    for machine in machines() {
        fs::write(machine.path("folder"), "a file").unwrap();
        let failure = machine.up(|| three_files(&machine, &machine.path("folder/conf")));
        let failure = failure.unwrap_err().to_string();
        assert!(
            failure.contains("folder/conf failed with status"),
            "{failure}"
        );
        assert_eq!(machine.names(), ["first", "folder"]);
    }
}

#[test]
fn a_file_whose_owner_is_not_there_stays_as_it_was() {
    for machine in machines() {
        let path = machine.path("conf");
        fs::write(&path, "old\n").unwrap();
        let failure = machine.up(|| {
            vec![Box::new(File::new(&path, "new\n").owner("no-such-user:no-such-group")) as _]
        });
        let failure = failure.unwrap_err().to_string();
        assert!(failure.contains("invalid user"), "{failure}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old\n");
        assert_eq!(machine.names(), ["conf"], "nothing is left beside it");
    }
}

#[test]
fn steps_of_several_kinds_are_done_in_the_order_of_the_wishes() {
    for machine in machines() {
        let wish = || {
            let owner = machine.owner();
            let file = File::new(machine.path("d/file"), "x\n").owner(&owner);
            let resources: Vec<Box<dyn Resource>> = vec![
                Box::new(Link::new(machine.path("link"), "d")),
                Box::new(Directory::new(machine.path("d"), 0o700, &owner)),
                Box::new(file),
            ];
            resources
        };
        assert_eq!(machine.up(wish).unwrap(), ["point", "create", "create"]);
        assert_eq!(machine.up(wish).unwrap(), [""; 0]);
    }
}

#[test]
fn many_files_are_one_exchange() {
    for machine in machines() {
        let wish = || {
            let file = |at| File::new(machine.path(&format!("file {at}")), format!("{at}\n"));
            let boxed = |at| Box::new(file(at).owner(machine.owner())) as Box<dyn Resource>;
            (0..25).map(boxed).collect()
        };
        assert_eq!(machine.up(wish).unwrap().len(), 25);
        assert_eq!(machine.up(wish).unwrap().len(), 0);
    }
}

/// A line that goes dead after so many bytes.
struct Cut<'a> {
    machine: &'a Machine,
    after: usize,
}

impl Transport for Cut<'_> {
    fn exchange(
        &self,
        mut requests: BTreeMap<NodeName, Request>,
        heard: &mut dyn FnMut(&NodeName, &str),
    ) -> Answers {
        for request in requests.values_mut() {
            let mut input = request.input.expose().clone();
            input.truncate(self.after);
            request.input = Secret::new(input);
        }
        self.machine.shell.exchange(requests, heard)
    }
}

#[test]
fn a_line_cut_anywhere_leaves_each_file_whole_or_untouched() {
    let content = "0123456789\n".repeat(40);
    for machine in machines() {
        let paths = [machine.path("a"), machine.path("b")];
        let wish = || {
            let file = |path: &String| File::new(path, &*content).owner(machine.owner());
            paths.iter().map(|path| Box::new(file(path)) as _).collect()
        };
        for after in (0..1600).step_by(173) {
            for path in &paths {
                fs::write(path, "old\n").unwrap();
            }
            let plan = machine.plan(&desired(&["here"], wish));
            let outcome = apply(
                &Cut {
                    machine: &machine,
                    after,
                },
                plan,
            );
            for path in &paths {
                let held = fs::read_to_string(path).unwrap();
                assert!(
                    held == "old\n" || held == content,
                    "cut after {after}: {held}"
                );
            }
            let whole = paths
                .iter()
                .all(|path| fs::read_to_string(path).unwrap() == content);
            let failed = outcome.failed.contains_key(&name("here"));
            assert!(whole || failed, "cut after {after}: it is told");
        }
        assert_eq!(machine.up(wish).map(|_| ()), Ok(()), "the next run goes on");
        assert_eq!(machine.names(), ["a", "b"]);
    }
}
