//! The plan of a cluster, in all its forms.

use bramble_cluster::catalogue::{Catalogue, Reference};
use bramble_plan::{Finding, Plan, Site, checks};
use bramble_testkit::{RECIPE, cluster};
use bramble_view::purchase;

use crate::{plain, styled};

/// The plan of a cluster file, with what `find` finds.
fn plan_with(text: &str, find: fn(&Site<'_>) -> Vec<Finding>) -> Plan {
    let (catalogue, reference) = (Catalogue::builtin(), Reference::builtin());
    let cluster = cluster(text);
    let site = Site::new(&cluster, &catalogue, &reference);
    Plan::of(&site, &find(&site))
}

/// The plan of a cluster file, as if no rule found anything.
fn plan(text: &str) -> Plan {
    plan_with(text, |_| Vec::new())
}

/// One error, one warning and one note.
fn three(site: &Site<'_>) -> Vec<Finding> {
    use bramble_cluster::diagnostic::Severity::{Error, Note, Warning};
    use bramble_cluster::place::Table;
    use bramble_plan::Figure;
    let finding = |severity, title: &str| {
        Finding::new("some-rule", severity, title, Table::Network.key("switch"))
            .about(&site.cluster.groups[1], site)
            .figure(Figure::new("budget", 63.0, "W").said_by(Some("its maker")))
            .remedy("write `switch = \"another\"`, which has a larger budget")
    };
    vec![
        finding(
            Error,
            "the switch has too little <power> for five boards that are fed by it | and more",
        ),
        finding(Warning, "it gets warm"),
        finding(Note, "its weight is not known"),
    ]
}

/// A small cluster with what the others lack: `PoE`, pounds and dollars, rent.
const FED_BY_THE_SWITCH: &str = r#"
    [cluster]
    name = "super"
    currency = "GBP"
    [cost]
    rented = "20.00/month"
    rates = { USD = 0.79 }
    [network]
    subnet = "192.168.20.0/24"
    access = "direct"
    switch = "tenda-teg1105p-4-63w"
    [power]
    electricity = "0.28/kWh"
    [head]
    name = "pi1"
    board = "rpi4b"
    ram = "2GB"
    hat = "rpi-poe-hat"
    card = "sandisk-ultra-32GB"
    roles = ["worker"]
    [[nodes]]
    names = "pi2"
    board = "rpi4b"
    ram = "2GB"
    hat = "rpi-poe-hat"
    card = "sandisk-ultra-32GB"
    [[parts]]
    name = "rack <with> & without | \"bars\" `here"
    price = 20
"#;

/// A tower of VIM3 boards: nobody measured them, and nothing has a price.
const TOWER: &str = r#"
    [cluster]
    name = "tower"
    [network]
    subnet = "192.168.10.0/24"
    access = "direct"
    switch = "tplink-8-port"
    [head]
    name = "master"
    board = "vim3-basic"
    card = "emmc"
    supply = "hds-hdd10t-60w"
    [[nodes]]
    names = "vim[1-5]"
    board = "vim3-basic"
    card = "emmc"
    supply = "hds-hdd10t-60w"
    image = "its-own"
    [catalogue.images.its-own]
    name = "Ubuntu"
    uses = "2GB"
"#;

#[test]
fn the_recipe_is_planned_on_a_terminal() {
    insta::assert_snapshot!(plain(&purchase::text(&plan(RECIPE))));
}

#[test]
fn what_stands_out_on_a_terminal_is_styled() {
    let text = purchase::text(&plan_with(FED_BY_THE_SWITCH, three));
    insta::assert_snapshot!(styled(text.split("Resources").next().unwrap()));
}

#[test]
fn a_cluster_in_two_currencies_is_held_against_a_rented_server() {
    insta::assert_snapshot!(plain(&purchase::text(&plan(FED_BY_THE_SWITCH))));
}

#[test]
fn what_nobody_knows_is_said() {
    insta::assert_snapshot!(plain(&purchase::text(&plan(TOWER))));
}

#[test]
fn the_plan_is_written_as_markdown() {
    insta::assert_snapshot!(purchase::markdown(&plan_with(FED_BY_THE_SWITCH, three)));
}

#[test]
fn the_plan_is_written_as_a_page() {
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>100 % of it</text></svg>";
    insta::assert_snapshot!(purchase::html(
        &plan_with(FED_BY_THE_SWITCH, three),
        drawing
    ));
}

#[test]
fn a_page_loads_nothing_and_runs_nothing() {
    let page = purchase::html(&plan_with(RECIPE, checks::run), "<svg/>");
    for taboo in [
        "<script", "http://", "https://", "@import", "url(", "onload", "<link",
    ] {
        assert!(!page.contains(taboo), "{taboo}");
    }
}

#[test]
fn many_nodes_are_told_as_ranges() {
    let many = RECIPE
        .replace("node[1-5]", "node[1-9999]")
        .replace("10.55.0.0/24", "10.55.0.0/16");
    let text = plain(&purchase::text(&plan(&many)));
    let addresses = text.split("Addresses\n").nth(1).unwrap();
    insta::assert_snapshot!(addresses);
}

#[test]
fn no_line_is_wider_than_a_terminal() {
    for text in [RECIPE, FED_BY_THE_SWITCH, TOWER] {
        let long = text.replace("rack", &"a very long name of a part indeed ".repeat(9));
        let shown = plain(&purchase::text(&plan_with(&long, checks::run)));
        for line in shown.lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}

#[test]
fn a_plan_in_a_line_has_what_one_remembers() {
    assert_eq!(
        purchase::summary(&plan(RECIPE)),
        "garden: 6 nodes, 24 cores, 9 GB of memory, 404.00 USD, 33 W at work"
    );
}
