//! `bramble nodes`, near a cluster file and without one.

use std::io::{Read as _, Write as _};
use std::process::Stdio;

use bramble_testkit::RECIPE;

use crate::typed::Place;

/// What is printed; nothing goes wrong.
fn printed(place: &Place, args: &[&str]) -> String {
    let ended = place.types(args);
    assert_eq!(
        (ended.status, ended.complaint.as_str()),
        (0, ""),
        "{args:?}"
    );
    ended.output
}

/// What is printed when `input` is piped in, and what is complained about.
fn piped(place: &Place, args: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut child = place
        .command(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // Who is refused does not read to the end.
    let writer = std::thread::spawn(move || stdin.write_all(&input).is_ok());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let status = output.status.code().unwrap();
    (status, text(output.stdout), text(output.stderr))
}

#[test]
fn without_a_cluster_file_any_names_will_do() {
    let place = Place::empty();
    let print = |args: &[&str]| printed(&place, &[&["nodes"], args].concat());
    assert_eq!(print(&["node1", "node3 node2"]), "node[1-3]\n");
    assert_eq!(
        print(&["--expand", "r[1-2]n[1-2]"]),
        "r1n1\nr1n2\nr2n1\nr2n2\n"
    );
    assert_eq!(print(&["-e", "-S", " ", "n[8-10]"]), "n8 n9 n10\n");
    assert_eq!(print(&["--count", "n[1-1000000]"]), "1000000\n");
    assert_eq!(
        print(&["--split", "3", "n[1-7]"]),
        "n[1-3]\nn[4-5]\nn[6-7]\n"
    );
    assert_eq!(print(&["--expand", "a!a"]), "");
    assert_eq!(print(&["a!a"]), "");
    assert_eq!(print(&[]), "", "standard input is empty");
    assert_eq!(print(&["--count"]), "0\n");
    assert_eq!(print(&["--split", "2"]), "");
    let json = print(&["--json", "--expand", "n[1-2]"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let expected = serde_json::json!({"nodes": "n[1-2]", "count": 2, "names": ["n1", "n2"]});
    assert_eq!(json, expected);
}

#[test]
fn near_a_cluster_file_names_and_groups_are_its_own() {
    let place = Place::with(RECIPE);
    let print = |args: &[&str]| printed(&place, &[&["nodes"], args].concat());
    assert_eq!(print(&["@worker!node3"]), "node[1-2,4-5]\n");
    assert_eq!(print(&["@role:worker&node[2-3]"]), "node[2-3]\n");
    assert_eq!(print(&["@place:head"]), "head\n");
    assert_eq!(print(&["@board:*"]), print(&["@all"]));
    assert_eq!(print(&["--any", "node[5-6]"]), "node[5-6]\n");
    insta::assert_snapshot!("groups", print(&["--groups"]));
    insta::assert_snapshot!("groups_of_a_node", print(&["--groups", "node3"]));
    let refused = |expression| {
        let ended = place.types(&["nodes", expression]);
        assert_eq!((ended.status, ended.output.as_str()), (2, ""));
        ended.complaint
    };
    insta::assert_snapshot!("no_such_node", refused("head,node[4-6]"));
    insta::assert_snapshot!("no_such_group", refused("@rpi4b"));
    insta::assert_snapshot!("no_such_source", refused("@rack:1"));
    let (status, _, complaint) = piped(&place, &["nodes", "-"], b"node1 node77\n");
    assert_eq!(status, 2);
    assert!(complaint.contains("no such node `node77`"), "{complaint}");
}

#[test]
fn a_group_without_a_cluster_file_says_what_is_missing() {
    let ended = Place::empty().types(&["nodes", "node1,@worker"]);
    assert_eq!((ended.status, ended.output.as_str()), (2, ""));
    insta::assert_snapshot!("no_cluster_file", ended.complaint);
    let ended = Place::empty().types(&["nodes", "--groups"]);
    assert_eq!((ended.status, ended.output.as_str()), (2, ""));
}

#[test]
fn an_empty_expression_is_called_so_and_nothing_in_it_is_marked() {
    for place in [Place::empty(), Place::with(RECIPE)] {
        for expression in ["", " "] {
            let ended = place.types(&["nodes", expression]);
            assert_eq!((ended.status, ended.output.as_str()), (2, ""));
            assert_eq!(
                ended.complaint,
                "error: an empty node set\nhint: name nodes: `node[1-3]`, `@worker`, `@all!node2`\n"
            );
        }
    }
}

#[test]
fn names_are_read_from_standard_input() {
    let place = Place::empty();
    let read = |args: &[&str], input: &[u8]| piped(&place, args, input);
    let (_, folded, _) = read(&["nodes"], b"n1 n3\n\tn2\n\nm[1-2]!m1");
    assert_eq!(folded, "m2,n[1-3]\n");
    let many: Vec<_> = (0..300_000).map(|n| format!("node{n}")).collect();
    let (_, folded, _) = read(&["nodes", "-", "x"], many.join("\n").as_bytes());
    assert_eq!(folded, "node[0-299999],x\n");
    let long = vec!["n1"; 500_000].join(",");
    assert_eq!(
        read(&["nodes"], long.as_bytes()).1,
        "n1\n",
        "a word of many blocks"
    );
    let (status, _, complaint) = read(&["nodes"], b"n1\nn2 n[5-1]\n");
    assert_eq!(status, 2);
    insta::assert_snapshot!("input_refused", complaint);
    let (status, _, complaint) = read(&["nodes"], b"n1\n\xff\n");
    assert_eq!(status, 2);
    assert!(complaint.contains("line 2"), "{complaint}");
}

#[test]
fn who_reads_no_further_ends_it_quietly() {
    let place = Place::empty();
    let mut child = place
        .command(["nodes", "--expand", "n[1-4000000]"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 3];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(&first, b"n1\n");
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}
