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
    for typed in [["run", "@all", "uptime"], ["ssh", "head", "uptime"]] {
        let ended = place.types(&typed);
        assert_eq!(ended.status, 2);
        let tip = "write `--` before the command";
        assert!(ended.complaint.contains(tip), "{}", ended.complaint);
    }
}
