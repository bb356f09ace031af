//! The scripts that nodes run, run here.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use super::*;

/// What a node says to a script.
fn says(script: &str, input: &[u8]) -> Output {
    let mut shell = Command::new("sh")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that refuses does not read to the end.
    drop(shell.stdin.take().unwrap().write_all(input));
    shell.wait_with_output().unwrap()
}

fn listed(base: &str, name: &str) -> Output {
    let input = format!("{base}\n{name}\n{base}/{name}\n");
    says(include_str!("../list.sh"), input.as_bytes())
}

#[test]
fn a_file_that_the_kernel_makes_is_sent_as_it_is_when_it_is_read() {
    let listed = listed("/proc", "version");
    let tree = remote_tree::parse(&listed.stdout).unwrap();
    assert_eq!(tree.made, [PathBuf::from("version")].into());

    let folder = tempfile::tempdir().unwrap();
    let haul = Haul {
        items: tree.items,
        made: tree.made,
        fetch: vec![0],
        adjust: true,
    };
    let base = folder.path().join("node1");
    let mut landing = Landing::open(folder.path(), base, haul).unwrap();
    let names = "./version\0";
    let input = format!("/proc\n{}\nmade\n{}", names.len(), names.repeat(3));
    landing.push(&says(include_str!("../fetch.sh"), input.as_bytes()).stdout);
    landing.finish().unwrap();
    let here = fs::read(folder.path().join("node1/version")).unwrap();
    assert_eq!(here, fs::read("/proc/version").unwrap());
}

#[test]
fn a_plain_file_is_not_taken_for_one_that_the_kernel_makes() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("d")).unwrap();
    fs::write(folder.path().join("d/empty"), "").unwrap();
    for (base, name) in [("", "d"), ("/d", ".")] {
        let base = format!("{}{base}", folder.path().display());
        let tree = remote_tree::parse(&listed(&base, name).stdout).unwrap();
        assert!(tree.made.is_empty());
        let last = tree.items.last().unwrap();
        assert_eq!(last.path.file_name().unwrap(), "empty");
    }
}

#[test]
fn what_is_not_there_is_told_as_it_was_typed() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().display().to_string();
    for (at, name) in [("", "*.log"), ("/gone", "a"), ("/gone", ".")] {
        let base = format!("{base}{at}");
        let refused = listed(&base, name);
        assert_eq!(refused.status.code(), Some(1));
        let told = format!("cannot read {base}/{name}: No such file or directory\n");
        assert_eq!(String::from_utf8(refused.stderr).unwrap(), told);
    }
}
