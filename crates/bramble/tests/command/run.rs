//! `run`, as far as it goes without a node that answers.

use bramble_testkit::RECIPE;

use crate::typed::Place;

/// The recipe with a head that nobody can log in to: this machine, whoever listens
/// here.
fn nowhere() -> Place {
    let found = RECIPE.replace("uplink = { ", "uplink = { reach = \"127.0.0.1\", ");
    assert_ne!(found, RECIPE);
    Place::with(found)
}

#[test]
fn a_node_that_is_not_reached_counts_as_255_where_the_largest_status_is_wanted() {
    let place = nowhere();
    for (typed, status) in [(&["-S"][..], 255), (&["--status"], 255), (&[], 4)] {
        let typed = [&["run", "--cold", "head"], typed, &["--", "true"]].concat();
        let ended = place.types(&typed);
        assert_eq!(ended.status, status, "{}", ended.complaint);
        assert!(
            ended.complaint.contains("unreachable"),
            "{}",
            ended.complaint
        );
    }
}

#[test]
fn an_earlier_answer_of_a_node_that_is_not_reached_stays_and_is_told() {
    let place = nowhere();
    std::fs::create_dir(place.path("logs")).unwrap();
    std::fs::write(place.path("logs/head"), "old").unwrap();
    let typed = ["run", "--cold", "head", "--out", "logs", "--", "true"];
    let ended = place.types(&typed);
    let told = "0 answers in logs\nfrom an earlier run, in logs: head\n";
    assert!(ended.complaint.contains(told), "{}", ended.complaint);
    let kept = std::fs::read_to_string(place.path("logs/head")).unwrap();
    assert_eq!(kept, "old");
}

#[test]
fn whoever_forgets_what_stands_before_a_command_is_told() {
    let place = nowhere();
    for (typed, tip) in [
        (
            &["run", "@all", "uname", "-r"][..],
            "bramble run @all -- uname -r\n",
        ),
        (&["ssh", "head", "df"], "bramble ssh head -- df\n"),
        (
            &["--lab", "run", "node[1-2]", "a b"],
            "bramble --lab run 'node[1-2]' -- 'a b'\n",
        ),
    ] {
        let ended = place.types(typed);
        assert_eq!(ended.status, 2);
        let tip = format!("write `--` before the command: {tip}");
        assert!(ended.complaint.contains(&tip), "{}", ended.complaint);
    }
}

#[test]
fn nodes_that_are_typed_one_by_one_are_to_be_one_argument() {
    let ended = nowhere().types(&["run", "node2", "node3", "@board:rpi5", "-l", "--", "id"]);
    assert_eq!(ended.status, 2);
    let tip = "write node sets as one argument: node2,node3,@board:rpi5\n";
    assert!(ended.complaint.contains(tip), "{}", ended.complaint);
}

#[test]
fn a_slip_of_the_command_line_is_told_as_one() {
    let place = nowhere();
    std::fs::write(place.path("file"), "").unwrap();
    for (typed, told) in [
        (
            &["--out", "file", "--", "true"][..],
            "error: file is a file\nhint: name a directory: each node gets a file in it\n",
        ),
        (
            &["--script", "gone"],
            "error: cannot read gone: No such file or directory (os error 2)\n",
        ),
        (
            &["-e", "FOO", "--", "true"],
            "error: FOO is not set here; give `-e FOO=VALUE`\n",
        ),
        (
            &["--fanout", "0", "--", "true"],
            "'--fanout <NODES>': wants a number of 1 or more\n",
        ),
        (
            &["--timeout", "0", "--", "true"],
            "wants more than 0 seconds, and at most a year\n",
        ),
        (
            &["--script", "-"],
            "error: standard input is empty: there is nothing to run\n",
        ),
    ] {
        let ended = place.types(&[&["run", "--cold", "head"], typed].concat());
        assert_eq!(ended.status, 2, "{typed:?}");
        assert!(ended.complaint.contains(told), "{}", ended.complaint);
    }
    let ended = place.types(&["cp", "@all:/etc/motd", "file"]);
    assert_eq!(ended.status, 2);
    assert_eq!(
        ended.complaint,
        "error: file is a file\nhint: name a directory: each node gets one in it, with what it has\n"
    );
}

#[test]
fn what_is_typed_twice_about_the_whole_is_typed_once() {
    let typed = [
        "--lab", "--lab", "--json", "nodes", "--json", "--lab", "node1",
    ];
    let ended = nowhere().types(&typed);
    assert_eq!((ended.status, ended.complaint.as_str()), (0, ""));
}

#[test]
fn a_command_that_is_suggested_means_the_cluster_that_was_meant() {
    let place = nowhere();
    std::fs::rename(place.path("bramble.toml"), place.path("my file.toml")).unwrap();
    let ended = place.types(&["-f", "my file.toml", "run", "nod1", "--", "true"]);
    let hint = "hint: see all nodes: `bramble -f 'my file.toml' nodes @all`\n";
    assert!(ended.complaint.ends_with(hint), "{}", ended.complaint);
}

#[test]
fn why_the_way_is_closed_is_told_once_and_no_copy_leaves_an_empty_directory() {
    let place = nowhere();
    let ended = place.types(&["run", "--cold", "@all", "--", "true"]);
    assert_eq!(ended.status, 4);
    let told = "node[1-5] (behind head)";
    assert!(ended.complaint.contains(told), "{}", ended.complaint);
    let ended = place.types(&["--cold", "cp", "@all:/etc/motd", "new"]);
    assert_eq!(ended.status, 4);
    let told = "fail  node[1-5]: behind head\n";
    assert!(ended.complaint.contains(told), "{}", ended.complaint);
    assert!(!place.path("new").exists());
}
