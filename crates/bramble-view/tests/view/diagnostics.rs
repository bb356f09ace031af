//! Diagnostics.

use bramble_cluster::catalogue::Catalogue;
use bramble_cluster::diagnostic::{Diagnostic, Label};
use bramble_cluster::file::{self, Vocabulary};

use crate::{plain, styled};

/// A cluster file with something wrong in every table.
const WRONG: &str = r#"[cluster]
name = "My Garden"
[network]
subnet = "10.55.0.0/24"
swich = "netgear-8-port"
[head]
name = "head"
board = "rpi4"
[[nodes]]
names = "node[1-2]"
board = "rpi3bplus"
address = "10.56.0.2"
[[nodes]]
names = "node2"
board = "rpi3bplus"
"#;

fn shown(text: &str) -> String {
    let catalogue = Catalogue::builtin();
    let roles = roles();
    let vocabulary = Vocabulary {
        catalogue: &catalogue,
        roles: &roles,
    };
    let reading = file::read(text, &vocabulary);
    bramble_view::diagnostics::diagnostics("garden/bramble.toml", text, &reading.diagnostics)
}

fn roles() -> Vec<&'static str> {
    vec!["gateway", "time", "storage", "scheduler", "worker"]
}

#[test]
fn several_errors_of_one_file() {
    insta::assert_snapshot!(plain(&shown(WRONG)));
}

#[test]
fn an_error_with_styles() {
    insta::assert_snapshot!(styled(&shown("[cluster]\nname = 1\n")));
}

#[test]
fn nothing_wrong_shows_nothing() {
    assert_eq!(shown(bramble_testkit::RECIPE), "");
}

/// Both ends of the text, where a marker has nothing to stand on, and a file
/// without any text.
#[test]
fn a_place_at_the_end_of_a_file_can_be_shown() {
    for (text, span) in [
        ("", 0..0),
        ("a = 1", 5..5),
        ("a = 1\n", 6..6),
        ("\u{1f33f}", 0..4),
    ] {
        let diagnostic = Diagnostic::warning("odd", "something is odd", Label::new(span, "here"));
        let shown = plain(&bramble_view::diagnostics::diagnostics(
            "x.toml",
            text,
            &[diagnostic],
        ));
        assert!(shown.contains("warning[odd]: something is odd"), "{shown}");
    }
}
