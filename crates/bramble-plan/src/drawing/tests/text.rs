//! What the SVG says.

use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::{Feed, PLAIN, Shape, at_site};
use crate::drawing::{Scheme, draw, draw_in};
use crate::finding::Finding;
use crate::site::Site;

/// A finding of each severity, so that the snapshots do not hang on the rules.
fn findings(site: &Site<'_>) -> [Finding; 3] {
    let about = |severity, title: &str, place| Finding::new("rule", severity, title, place);
    [
        about(
            Severity::Error,
            "this cannot be",
            Table::Group(1).key("board"),
        ),
        about(
            Severity::Warning,
            "this may not be",
            Table::Group(0).key("uplink"),
        ),
        about(
            Severity::Note,
            "this is to be known",
            Table::Group(1).key("ram"),
        ),
    ]
    .map(|finding| finding.about_nodes(&[1], site))
}

#[test]
fn three_nodes_on_a_supply() {
    let shape = Shape {
        nodes: 2,
        button: true,
        ..PLAIN
    };
    let svg = at_site(&shape.file(), |site, _| draw(site, &findings(site)));
    insta::assert_snapshot!(svg);
}

#[test]
fn three_nodes_that_the_switch_feeds_in_the_dark() {
    let shape = Shape {
        nodes: 2,
        feed: Feed::Poe,
        switches: (5, 1),
        uplink: false,
        ..PLAIN
    };
    let svg = at_site(&shape.file(), |site, _| draw_in(Scheme::Dark, site, &[]));
    insta::assert_snapshot!(svg);
}

#[test]
fn every_node_is_named_with_its_address() {
    for nodes in [1, 5, 39, 47] {
        let svg = at_site(
            &Shape {
                nodes,
                switches: (8, 8),
                ..PLAIN
            }
            .file(),
            draw,
        );
        for node in 1..=nodes {
            assert!(
                svg.contains(&format!(">node{node}</text>")),
                "{node} of {nodes}"
            );
            assert!(
                svg.contains(&format!(">10.55.0.{}</text>", node + 1)),
                "{node} of {nodes}"
            );
        }
    }
}

#[test]
fn many_equal_nodes_are_one_stack() {
    let svg = at_site(
        &Shape {
            nodes: 9999,
            switches: (48, 300),
            ..PLAIN
        }
        .file(),
        draw,
    );
    for said in [
        "node[1-9999]",
        "9999 \u{d7} Raspberry Pi 4 Model B",
        "10.55.0.2 to 10.55.39.16",
    ] {
        assert!(svg.contains(&format!(">{said}</text>")), "{said}");
    }
    assert!(svg.len() < 40_000, "{}", svg.len());
}

#[test]
fn text_of_the_owner_cannot_end_a_tag() {
    let svg = at_site(&PLAIN.file(), draw);
    assert!(svg.contains("Wi-Fi Home &amp; &lt;Garden&gt;"));
    assert!(!svg.contains("<Garden>"));
}

#[test]
fn the_picture_tells_what_it_is_to_those_who_cannot_see_it() {
    let svg = at_site(&PLAIN.file(), draw);
    assert!(svg.contains("role=\"img\""));
    assert!(svg.contains(">The cluster shape</title>"));
    assert!(svg.contains("nodes: 6, cores: 24"));
}

#[test]
fn what_has_no_port_or_outlet_left_says_so() {
    let shape = Shape {
        nodes: 9,
        switches: (8, 1),
        ..PLAIN
    };
    let file = shape.file().replace("own = 2", "own = 1");
    let svg = at_site(&file, draw);
    assert_eq!(
        svg.matches("no switch port is left for it</text>").count(),
        2
    );
    assert_eq!(svg.matches("no outlet is left for it</text>").count(), 4);
}

#[test]
fn a_module_names_its_carrier_and_slot() {
    let module = "board = \"cm4\"\nram = \"8GB\"\nemmc = \"32GB\"\ncard = \"emmc\"\n";
    let file = format!(
        "[cluster]\nname = \"blade\"\n[network]\nsubnet = \"10.0.0.0/24\"\n\
         [head]\nname = \"head\"\nboard = \"rpi4b\"\nram = \"4GB\"\n\
         [[nodes]]\nnames = \"cm[1-6]\"\ncarrier = \"turing-pi-2\"\n{module}"
    );
    let svg = at_site(&file, draw);
    for said in [
        "in Turing Pi 2, slot 1.1",
        "in Turing Pi 2, slot 2.2",
        "Raspberry Pi Compute Module",
    ] {
        assert!(svg.contains(&format!(">{said}</text>")), "{said}");
    }
}
