//! This machine: that a twin changes nothing of its network while it runs, and
//! lists of everything that a twin is made of, to be compared.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ran::Ran;
use crate::twin::{cluster, shared};

pub(crate) fn the_network_of_this_machine_is_untouched() {
    assert!(cluster().twin.is_up());
    assert_eq!(network(), shared().network);
}

/// Interfaces, addresses, routes, rules of packet filters and forwarding, as far
/// as they do not change by themselves.
pub(crate) fn network() -> String {
    const QUERIES: [&str; 7] = [
        "ip -brief link",
        "ip -brief address",
        "ip route show table all",
        "ip rule",
        "nft --stateless list ruleset",
        "cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding",
        "cat /etc/resolv.conf /etc/hosts",
    ];
    QUERIES.map(output).join("\n")
}

fn output(query: &str) -> String {
    let ran = Ran::of(Command::new("sh").args(["-c", query]));
    format!("$ {query}\n{}", ran.stdout)
}

/// Everything on this machine of the kinds that a twin is made of: a line each.
#[derive(Debug, Clone)]
pub(crate) struct Traces(BTreeSet<String>);

impl Traces {
    pub(crate) fn now() -> Self {
        let mut lines = BTreeSet::new();
        let mut add = |kind: &str, names: Vec<String>| {
            lines.extend(names.into_iter().map(|name| format!("{kind} {name}")));
        };
        add("namespace", names_in("/run/netns"));
        add("mount", mount_points());
        add("link", words("ip -o link", 1));
        add("table", words("nft list tables", 2));
        add("control group", control_groups());
        add("file", tree(Path::new("/run/systemd/nspawn"), usize::MAX));
        add("file", tree(Path::new("/var/lib/bramble/lab"), 1));
        add(
            "file",
            names_in("/tmp")
                .into_iter()
                .filter(|name| name.contains("nspawn"))
                .collect(),
        );
        add("process", processes());
        Self(lines)
    }

    /// What is there now and was not before, save what belongs to twins of others
    /// that run on this machine at the same time.
    pub(crate) fn since(&self, before: &Self, own: &str) -> Vec<String> {
        let others = names_in("/var/lib/bramble/lab");
        let digits: Vec<_> = others
            .iter()
            .filter(|id| *id != own)
            .filter_map(|id| id.rsplit('-').next())
            .collect();
        let of_others = |line: &&String| digits.iter().any(|digits| line.contains(digits));
        self.0
            .difference(&before.0)
            .filter(|line| !of_others(line))
            .cloned()
            .collect()
    }
}

fn names_in(directory: &str) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// The word at `index` of every line that a query prints.
fn words(query: &str, index: usize) -> Vec<String> {
    let word = |line: &str| line.split_whitespace().nth(index).map(ToOwned::to_owned);
    Ran::of(Command::new("sh").args(["-c", query]))
        .stdout
        .lines()
        .filter_map(word)
        .collect()
}

fn mounts() -> Vec<(String, PathBuf)> {
    let text = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let mount = |line: &str| {
        let (place, system) = line.split_once(" - ")?;
        Some((
            system.split(' ').next()?.to_owned(),
            place.split(' ').nth(4)?.into(),
        ))
    };
    text.lines().filter_map(mount).collect()
}

fn mount_points() -> Vec<String> {
    mounts()
        .into_iter()
        .map(|(_, point)| point.display().to_string())
        .collect()
}

/// The twin's groups are at the top of each hierarchy, and may hold any depth.
fn control_groups() -> Vec<String> {
    let roots = mounts()
        .into_iter()
        .filter(|(kind, _)| kind.starts_with("cgroup"));
    roots.flat_map(|(_, root)| tree(&root, 2)).collect()
}

/// The directories and files below `root`; of control groups, which are
/// directories, not their files.
fn tree(root: &Path, depth: usize) -> Vec<String> {
    let mut found = Vec::new();
    if depth == 0 {
        return found;
    }
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_directory || !root.starts_with("/sys") {
            found.push(path.display().to_string());
        }
        if is_directory {
            found.extend(tree(&path, depth - 1));
        }
    }
    found
}

/// Processes in a control group, or with arguments, of any twin. One without
/// arguments has ended, and waits for its parent to take note.
fn processes() -> Vec<String> {
    const MARKS: [&str; 3] = [":/bramble-", "=bramble-", "/var/lib/bramble/lab/"];
    let about = |pid: String| {
        let read = |name: &str| fs::read(format!("/proc/{pid}/{name}")).unwrap_or_default();
        let arguments = Some(read("cmdline")).filter(|arguments| !arguments.is_empty())?;
        let all = [read("cgroup"), arguments].concat();
        let text = String::from_utf8_lossy(&all).replace(['\0', '\n'], " ");
        let is_of_a_twin = MARKS.iter().any(|mark| text.contains(mark));
        is_of_a_twin.then(|| format!("{pid} {text}"))
    };
    let pids = names_in("/proc")
        .into_iter()
        .filter(|name| name.parse::<u32>().is_ok());
    pids.filter_map(about).collect()
}
