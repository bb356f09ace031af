//! `bramble plan` as it is typed. Not in here: what a plan says, which the crates
//! that make and show it test.

use std::fs;

use bramble_testkit::RECIPE;
use serde_json::Value;

use crate::typed::Place;

/// A cluster that nobody should buy: the switch cannot feed five boards of class 4.
const TOO_WEAK: &str = r#"
    [cluster]
    name = "weak"
    [network]
    subnet = "10.55.0.0/24"
    access = "direct"
    switch = "mine"
    [head]
    name = "head"
    board = "rpi4b"
    ram = "4GB"
    hat = "rpi-poe-plus-hat"
    [[nodes]]
    names = "node[1-4]"
    board = "rpi4b"
    ram = "4GB"
    hat = "rpi-poe-plus-hat"
    [catalogue.switches.mine]
    name = "Mine"
    ports = 8
    poe_ports = 8
    poe_standard = "802.3at"
    poe_budget = "40W"
"#;

#[test]
fn a_plan_is_read_on_the_terminal_and_says_how_to_go_on() {
    let ended = Place::with(RECIPE).types(&["plan"]);
    assert_eq!((ended.status, ended.complaint.as_str()), (0, ""));
    assert!(
        ended.output.starts_with("garden: 6 nodes, 24 cores, "),
        "{}",
        ended.output
    );
    assert!(ended.output.contains("404.00 USD"), "{}", ended.output);
    let last = ended.output.lines().last().unwrap();
    assert!(
        last.contains("bramble draw") && last.contains("bramble try"),
        "{last}"
    );
}

#[test]
fn a_plan_that_nobody_should_buy_ends_with_1_and_is_shown_all_the_same() {
    let ended = Place::with(TOO_WEAK).types(&["plan"]);
    assert_eq!(ended.status, 1, "{}", ended.complaint);
    assert!(
        ended.output.contains("error[poe-budget]"),
        "{}",
        ended.output
    );
    assert!(ended.output.contains("\nAddresses\n"), "{}", ended.output);
}

#[test]
fn a_plan_as_json_has_every_figure() {
    let ended = Place::with(RECIPE).types(&["plan", "--json"]);
    assert_eq!(ended.status, 0);
    let plan: Value = serde_json::from_str(&ended.output).unwrap();
    assert_eq!(plan["cluster"], "garden");
    assert_eq!(plan["parts"]["totals"][0]["amount"], 404.0);
    assert_eq!(plan["parts"]["totals"][0]["currency"], "USD");
    assert_eq!(plan["parts"]["lines"].as_array().unwrap().len(), 12);
    assert_eq!(plan["resources"]["without_head"]["cores"], 20);
    assert_eq!(plan["addresses"][1]["name"], "node1.garden.lan");
    assert_eq!(plan["addresses"][1]["address"], "10.55.0.2");
    assert!(plan["findings"].is_array());
}

#[test]
fn the_form_follows_the_option_or_else_the_ending_of_the_file() {
    let place = Place::with(RECIPE);
    for (args, begins) in [
        (&["plan", "--markdown"][..], "# garden"),
        (&["plan", "--md"], "# garden"),
        (&["plan", "--html"], "<!DOCTYPE html>"),
    ] {
        let ended = place.types(args);
        assert!(
            ended.output.starts_with(begins),
            "{args:?}: {}",
            ended.output
        );
    }
    for (file, begins) in [
        ("a.md", "# garden"),
        ("a.html", "<!DOCTYPE html>"),
        ("a.json", "{"),
        ("a.txt", "garden: 6 nodes"),
    ] {
        let ended = place.types(&["plan", "-o", file]);
        assert_eq!((ended.status, ended.output.as_str()), (0, ""), "{file}");
        assert!(
            ended
                .complaint
                .starts_with(&format!("{file}: the plan of garden")),
            "{}",
            ended.complaint
        );
        let text = fs::read_to_string(place.path(file)).unwrap();
        assert!(text.starts_with(begins), "{file}: {text}");
        assert!(!text.contains('\u{1b}'), "{file}");
    }
    let ended = place.types(&["plan", "--markdown", "-o", "b.html"]);
    assert_eq!(ended.status, 0);
    assert!(
        fs::read_to_string(place.path("b.html"))
            .unwrap()
            .starts_with("# garden")
    );
}

#[test]
fn a_page_has_the_drawing_in_it() {
    let ended = Place::with(RECIPE).types(&["plan", "--html"]);
    assert!(
        ended.output.contains("src=\"data:image/svg+xml,%3Csvg"),
        "{}",
        ended.output
    );
}

#[test]
fn one_form_at_a_time_is_written() {
    let place = Place::with(RECIPE);
    assert_eq!(place.types(&["plan", "--html", "--markdown"]).status, 2);
    let ended = place.types(&["plan", "--html", "--json"]);
    assert_eq!(ended.status, 2);
    assert_eq!(
        ended.complaint,
        "error: the plan is written in one form at a time\n\
         hint: write one of `--json`, `--markdown` and `--html`\n"
    );
}

#[test]
fn what_cannot_be_written_is_told_and_nothing_is_left_behind() {
    let place = Place::with(RECIPE);
    let ended = place.types(&["plan", "-o", "there/is/none.html"]);
    assert_eq!(ended.status, 2);
    assert!(
        ended
            .complaint
            .contains("cannot write HERE/there/is/none.html"),
        "{}",
        ended.complaint
    );
    fs::create_dir(place.path("folder.html")).unwrap();
    assert_eq!(place.types(&["plan", "-o", "folder.html"]).status, 2);
    let left = fs::read_dir(place.path("")).unwrap().count();
    assert_eq!(left, 2, "the cluster file and the folder");
}

#[test]
fn a_file_with_errors_has_no_plan() {
    let ended = Place::with(RECIPE.replace("rpi4b", "rpi4")).types(&["plan"]);
    assert_eq!((ended.status, ended.output.as_str()), (2, ""));
    assert!(
        ended.complaint.contains("did you mean `rpi4b`?"),
        "{}",
        ended.complaint
    );
    assert!(
        ended.complaint.contains("error: bramble.toml has errors"),
        "{}",
        ended.complaint
    );
}

#[test]
fn an_ending_that_names_no_form_is_refused_before_anything_is_written() {
    let place = Place::with(RECIPE);
    for file in ["p.pdf", "p"] {
        let ended = place.types(&["plan", "-o", file]);
        assert_eq!((ended.status, ended.output.as_str()), (2, ""), "{file}");
        assert!(
            ended
                .complaint
                .contains("its ending is none of .txt, .md, .html and .json"),
            "{}",
            ended.complaint
        );
    }
    assert_eq!(place.types(&["plan", "-o", "p.txt"]).status, 0);
}
