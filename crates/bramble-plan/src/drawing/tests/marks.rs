//! Findings are marked where they are, with the numbers of the list.

use bramble_cluster::cluster::Cluster;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::{Place, Table};

use super::{Feed, PLAIN, Shape, at_site};
use crate::drawing::layout::{Kind, Part, Sheet};
use crate::drawing::scene::Scene;
use crate::finding::Finding;

/// The names of the parts that are marked if a finding is at `place`, about the
/// nodes at `nodes`. The list of findings itself is left out.
fn marked(shape: Shape, place: Place, nodes: &[usize]) -> Vec<String> {
    at_site(&shape.file(), |site, _| {
        let finding = Finding::new("rule", Severity::Error, "it is wrong", place);
        let findings = [finding.about_nodes(nodes, site)];
        let sheet = Sheet::of(&Scene::of(site, &findings));
        let marked = |part: &&Part| !part.badges.is_empty() && part.kind != Kind::Words;
        let name = |part: &Part| part.texts[0].content.clone();
        sheet.parts.iter().filter(marked).map(name).collect()
    })
}

#[test]
fn what_is_about_nodes_is_at_these_nodes() {
    let place = Table::Group(1).key("board");
    assert_eq!(marked(PLAIN, place, &[2, 4]), ["node2", "node4"]);
    let all = ["node1", "node2", "node3", "node4", "node5"];
    assert_eq!(marked(PLAIN, place, &[]), all);
}

#[test]
fn what_is_about_a_supply_is_at_the_supply_of_the_nodes() {
    let two = Shape { nodes: 7, ..PLAIN };
    let place = Table::Group(1).key("supply");
    assert_eq!(marked(two, place, &[7]), ["2: charger"]);
    assert_eq!(
        marked(two, Table::Power.key("supplies"), &[]),
        ["1: charger", "2: charger"]
    );
    let own = Shape {
        feed: Feed::Own,
        ..PLAIN
    };
    assert_eq!(marked(own, place, &[3]), ["15 W supply for the"]);
    let unknown = Shape {
        feed: Feed::Unknown,
        ..PLAIN
    };
    assert_eq!(marked(unknown, place, &[3]), ["node3"]);
}

#[test]
fn what_is_about_switches_button_or_way_out_is_there() {
    let shape = Shape {
        button: true,
        ..PLAIN
    };
    assert_eq!(
        marked(shape, Table::Network.key("switch"), &[1]),
        ["switch with a long name"]
    );
    assert_eq!(
        marked(shape, Table::Power.key("button"), &[1, 2]),
        ["off and on"]
    );
    assert_eq!(
        marked(shape, Table::Group(0).key("uplink"), &[]),
        ["home router"]
    );
}

#[test]
fn what_is_about_the_cluster_at_large_is_in_the_list_only() {
    assert!(marked(PLAIN, Table::Scheduler.header(), &[]).is_empty());
}

#[test]
fn many_findings_at_one_place_are_counted() {
    at_site(&PLAIN.file(), |site, _| {
        let one = |_| {
            let place = Table::Group(1).key("board");
            Finding::new("rule", Severity::Note, "it is so", place).about_nodes(&[1], site)
        };
        let findings: Vec<_> = (0..9).map(one).collect();
        let cluster: &Cluster = site.cluster;
        let sheet = Sheet::of(&Scene::of(site, &findings));
        let name = cluster.nodes[1].name.to_string();
        let part = sheet
            .parts
            .iter()
            .find(|part| part.texts.first().is_some_and(|text| text.content == name));
        let labels: Vec<_> = part
            .unwrap()
            .badges
            .iter()
            .map(|badge| badge.label.as_str())
            .collect();
        assert_eq!(labels, ["1", "2", "3", "4", "+5"]);
    });
}

#[test]
fn ports_that_cannot_be_counted_are_marked_at_the_switch_that_is_not_named() {
    let shape = Shape {
        switches: (0, 0),
        ..PLAIN
    };
    at_site(&shape.file(), |site, findings| {
        let ports = findings.iter().position(|one| one.id == "switch-ports");
        let scene = Scene::of(site, findings);
        assert!(scene.hubs[0].findings.contains(&ports.unwrap()));
    });
}

#[test]
fn a_switch_tells_what_it_reserves_and_a_full_one_stands_out() {
    let told = |nodes| {
        let shape = Shape {
            nodes,
            feed: Feed::Poe,
            ..PLAIN
        };
        at_site(&shape.file(), |site, _| {
            let hub = Scene::of(site, &[]).hubs.remove(0);
            (hub.detail, hub.gauge.map(|gauge| gauge.share))
        })
    };
    assert_eq!(told(3), ("PoE reserves 61.6 W of 63 W".into(), Some(978)));
    assert_eq!(told(4), ("PoE has 63 W, needs 77 W".into(), Some(1223)));
}

#[test]
fn a_supply_with_one_port_gives_what_its_port_does() {
    let own = "[catalogue.supplies.one]\nname = \"one\"\nports = 1\nvoltage = \"5.1V\"\n\
               port_current = \"5A\"\n[head]";
    let text = Shape {
        feed: Feed::Own,
        ..PLAIN
    };
    let text = text.file().replace("psu-15w", "one").replace("[head]", own);
    at_site(&text, |site, _| {
        let scene = Scene::of(site, &[]);
        let supply = scene.items[0].own_supply.as_ref().unwrap();
        assert!(supply.detail.ends_with("gives 25.5 W"), "{}", supply.detail);
    });
}

#[test]
fn workers_that_boot_from_the_network_boot_from_no_card() {
    let text = PLAIN.file() + "[os]\nboot = \"network\"\n";
    at_site(&text, |site, _| {
        let scene = Scene::of(site, &[]);
        let boots = |item: usize| {
            let mut lines = scene.items[item].lines.iter();
            lines
                .find(|line| line.starts_with("boots"))
                .unwrap()
                .as_str()
        };
        assert_eq!(boots(0), "boots from microSD, 32 GB");
        assert_eq!(boots(1), "boots from the network");
    });
}
