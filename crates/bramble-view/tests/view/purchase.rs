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
    insta::assert_snapshot!(plain(&purchase::text(&plan(RECIPE), 100)));
}

#[test]
fn what_stands_out_on_a_terminal_is_styled() {
    let text = purchase::text(&plan_with(FED_BY_THE_SWITCH, three), 100);
    insta::assert_snapshot!(styled(text.split("Resources").next().unwrap()));
}

#[test]
fn a_cluster_in_two_currencies_is_held_against_a_rented_server() {
    insta::assert_snapshot!(plain(&purchase::text(&plan(FED_BY_THE_SWITCH), 100)));
}

#[test]
fn what_nobody_knows_is_said() {
    insta::assert_snapshot!(plain(&purchase::text(&plan(TOWER), 100)));
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
    let text = plain(&purchase::text(&plan(&many), 100));
    let addresses = text.split("Addresses\n").nth(1).unwrap();
    insta::assert_snapshot!(addresses);
}

#[test]
fn no_line_is_wider_than_a_terminal() {
    for text in [RECIPE, FED_BY_THE_SWITCH, TOWER] {
        let long = text.replace("rack", &"a very long name of a part indeed ".repeat(9));
        let shown = plain(&purchase::text(&plan_with(&long, checks::run), 100));
        for line in shown.lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}

#[test]
fn a_plan_in_a_line_has_what_one_remembers() {
    assert_eq!(
        purchase::summary(&plan(RECIPE)),
        "garden: 6 nodes, 24 cores, 9 GB of memory, at least 404.00 USD, 33 W at work"
    );
}

#[test]
fn a_narrow_terminal_is_kept_to_and_no_name_is_broken() {
    let text = RECIPE.replace("garden.lan", "quite.a-long-domain.lan");
    for width in [60, 72, 80, 100, 120] {
        let text = plain(&purchase::text(&plan(&text), width));
        assert!(text.contains("node5.quite.a-long-domain.lan"), "{width}");
        for line in text.lines() {
            let wide = line.chars().count();
            assert!(
                wide <= width || line.trim().contains("http"),
                "{width}: {line}"
            );
        }
    }
}

#[test]
fn a_cluster_that_never_pays_for_itself_is_told_so_in_years() {
    let dear = FED_BY_THE_SWITCH.replace("20.00/month", "2.50/month");
    let text = plain(&purchase::text(&plan(&dear), 100));
    assert!(text.contains("years: never, in its life"), "{text}");
    assert!(text.contains("With nothing to do: after"), "{text}");
}

#[test]
fn what_a_switch_cannot_set_aside_it_is_not_said_to() {
    let many = FED_BY_THE_SWITCH
        .replace("\"pi2\"", "\"pi[2-4]\"")
        .replace("rpi-poe-hat", "rpi-poe-plus-hat");
    let text = plain(&purchase::text(&plan(&many), 100)).replace("\n    ", " ");
    assert!(text.contains("would have to set aside"), "{text}");
    assert!(!text.contains("sets aside"), "{text}");
}

#[test]
fn what_a_system_takes_is_seen_in_a_large_sum() {
    let drive = "drives = [\"ssd\", \"ssd\"]\n    card = \"sandisk-ultra-32GB\"";
    let own = "\n[catalogue.cards.ssd]\nname = \"SSD\"\nkind = \"usb3\"\ncapacity = \"1TB\"\n";
    let text = FED_BY_THE_SWITCH.replace("card = \"sandisk-ultra-32GB\"", drive) + own;
    let text = plain(&purchase::text(&plan(&text), 100));
    assert!(text.contains("4.06 TB"), "{text}");
}

#[test]
fn a_price_of_another_size_is_told_apart() {
    let text = FED_BY_THE_SWITCH.to_owned()
        + "\n[catalogue.boards.rpi4b]\nprices = [{ amount = 35.00, currency = \"GBP\" }]\n";
    let told = |text: &str| plain(&purchase::text(&plan(text), 100));
    let said =
        "Priced as of another size, or it is not said of which: Raspberry Pi 4 Model B, 2 GB";
    assert!(told(&text).contains(said), "{}", told(&text));
    assert!(!told(FED_BY_THE_SWITCH).contains("another size"));
}

#[test]
fn the_speed_in_the_summary_says_of_whom_it_is() {
    let head = FED_BY_THE_SWITCH.replace("roles = [\"worker\"]", "");
    let line = |text: &str| purchase::summary(&plan(text));
    assert!(
        line(&head).ends_with("Gflop/s of 1 worker"),
        "{}",
        line(&head)
    );
    assert!(line(FED_BY_THE_SWITCH).ends_with("Gflop/s"));
}
