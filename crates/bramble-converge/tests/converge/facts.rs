//! Facts: read from this machine, and from texts that are none.

use bramble_converge::{Facts, rounds};

use crate::machine::machines;
use crate::wishes::name;

/// A whole answer.
const ANSWER: &str = "hostname|head\nrelease|trixie\narchitecture|aarch64\n\
virtualization|none\nkernel-cores|4\nkernel-memory|905\ncores|4\nmemory|905\nclock|yes\n\
nfs|yes\nnfsd|no\ncontrollers|cpuset cpu memory\ninterface|eth0|10.55.0.2\n\
interface|eth0|10.55.0.3\ninterface|odd|no address\nmount|/|ext4\n";

fn answer() -> String {
    ANSWER.replace('|', "\u{1f}")
}

#[test]
fn this_machine_says_what_it_is_in_every_shell() {
    for machine in machines() {
        let here = name("here");
        let facts = rounds::gather(&machine.shell, &[&here])
            .remove(&here)
            .unwrap()
            .unwrap();
        assert!(
            facts.kernel_cores >= 1 && facts.kernel_memory_mib > 100,
            "{facts:?}"
        );
        assert!(
            !facts.hostname.is_empty() && !facts.release.is_empty(),
            "{facts:?}"
        );
        assert_eq!(facts.architecture, std::env::consts::ARCH, "{facts:?}");
        assert!(facts.mounts.contains_key("/"), "{facts:?}");
    }
}

#[test]
fn an_answer_is_read_whole() {
    let facts = Facts::parse(&answer()).unwrap();
    assert_eq!((facts.cores, facts.memory().mib()), (4, 905));
    assert!(facts.sets_clock && facts.nfs_client && !facts.nfs_server);
    assert!(facts.has_controllers(&["cpu", "memory"]));
    assert!(!facts.has_controllers(&["cpu", "io"]));
    assert_eq!(facts.interface_of([10, 55, 0, 3].into()), Some("eth0"));
    assert_eq!(facts.interface_of([10, 55, 0, 4].into()), None);
    assert_eq!(facts.interfaces.len(), 1, "what is no address is left out");
    assert!(!facts.kernel_shows_less());
}

#[test]
fn an_answer_that_lacks_anything_names_it() {
    let all = answer();
    let needed = all
        .lines()
        .filter(|line| !line.starts_with("interface") && !line.starts_with("mount"));
    for line in needed {
        let (name, _) = line.split_once('\u{1f}').unwrap();
        let others = all.lines().filter(|other| *other != line);
        let error = Facts::parse(&others.collect::<Vec<_>>().join("\n")).unwrap_err();
        assert!(
            error.to_string().contains(&format!("`{name}`")),
            "{name}: {error}"
        );
    }
}

#[test]
fn a_number_that_is_none_is_quoted() {
    let error = Facts::parse(&answer().replace("memory\u{1f}905", "memory\u{1f}lots")).unwrap_err();
    assert!(error.to_string().contains("memory is `lots`"), "{error}");
}

#[test]
fn facts_survive_being_remembered() {
    let facts = Facts::parse(&answer()).unwrap();
    let text = serde_json::to_string(&facts).unwrap();
    assert_eq!(serde_json::from_str::<Facts>(&text).unwrap(), facts);
}
