//! What holds for any text at all.

use proptest::prelude::*;

use super::*;

/// Every place lies in the text, every problem has a remedy, and there is a
/// cluster exactly if nothing is an error.
fn holds(text: &str) -> Result<(), TestCaseError> {
    let reading = read(text);
    for diagnostic in &reading.diagnostics {
        for label in std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary) {
            prop_assert!(text.get(label.span.clone()).is_some(), "{diagnostic:?}");
        }
        prop_assert!(
            diagnostic
                .help
                .as_ref()
                .is_some_and(|help| !help.is_empty())
        );
        prop_assert!(!diagnostic.title.is_empty() && !diagnostic.title.contains('\n'));
    }
    let error = reading.diagnostics.iter().any(Diagnostic::is_error);
    prop_assert_eq!(reading.cluster.is_none(), error);
    if let Some(cluster) = reading.cluster {
        sound(&cluster)?;
    }
    Ok(())
}

/// What the docs of `Cluster` promise.
fn sound(cluster: &Cluster) -> Result<(), TestCaseError> {
    use std::collections::BTreeSet;
    let names: BTreeSet<_> = cluster.nodes.iter().map(|node| &node.name).collect();
    let addresses: BTreeSet<_> = cluster.nodes.iter().map(|node| node.address).collect();
    prop_assert_eq!(
        (names.len(), addresses.len()),
        (cluster.nodes.len(), cluster.nodes.len())
    );
    let subnet = cluster.network.subnet;
    let inside = |address: &std::net::Ipv4Addr| {
        subnet.contains(address) && *address != subnet.network() && *address != subnet.broadcast()
    };
    prop_assert!(addresses.iter().all(inside));
    prop_assert!(
        cluster
            .shares
            .iter()
            .all(|share| cluster.node(&share.on).is_some())
    );
    Ok(())
}

/// A valid file with a piece cut out and another put in its place.
fn mutated() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just(String::new()),
        any::<char>().prop_map(String::from),
        "[\\[\\]{}=\"'\\n.,#0-9a-z/ -]{0,4}",
        "(name|subnet|board|roles|\"10\\.55\\.0\\.[0-9]{1,3}(/[0-9]{1,2})?\"|\"node\\[[0-9,-]{0,6}\\]\")",
    ];
    let text = prop_oneof![Just(LEAST), Just(RECIPE)];
    (text, any::<prop::sample::Index>(), 0..30_usize, pieces).prop_map(|(text, at, cut, piece)| {
        let at = at.index(text.len());
        let (start, end) = (floor(text, at), floor(text, at + cut));
        format!("{}{piece}{}", &text[..start], &text[end..])
    })
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// Values of keys, right and wrong.
fn values() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("1"),
        Just("-1.5"),
        Just("true"),
        Just("[]"),
        Just("{}"),
        Just("\"\""),
        Just("1979-05-27"),
        Just("[[1]]"),
        Just("nan"),
        Just("\"\\n\""),
        Just("\"é\""),
        Just("\"255.255.255.255\""),
        Just("\"0.0.0.0/0\""),
        Just("\"10.55.0.0/31\""),
        Just("\"a[0-9999]\""),
        Just("'''\nx'''"),
        Just("{ wifi = 1 }"),
        Just("0x10"),
    ];
    let key = prop::sample::select(vec![
        "cluster.name",
        "cluster.user",
        "cluster.timezone",
        "cluster.authorized_keys",
        "cluster.purpose",
        "network.subnet",
        "network.domain",
        "head.name",
        "head.board",
        "head.ram",
        "head.address",
        "head.uplink",
        "head.roles",
        "nodes",
        "parts",
        "storage.shared",
        "storage",
        "catalogue.boards",
        "catalogue.boards.x",
        "os.image",
        "power.electricity",
        "scheduler.engine",
        "time.source",
    ]);
    prop::collection::vec((key, value), 1..6).prop_map(|lines| {
        let lines: Vec<_> = lines
            .iter()
            .map(|(key, value)| format!("{key} = {value}"))
            .collect();
        lines.join(
            "
",
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        holds(&text)?;
    }

    #[test]
    fn anything_that_looks_like_toml_is_answered(text in "([\\[\\]{}=\"'\\n.,#0-9a-z -]|é){0,60}") {
        holds(&text)?;
    }

    #[test]
    fn a_file_with_a_slip_is_answered(text in mutated()) {
        holds(&text)?;
    }

    #[test]
    fn any_value_under_any_key_is_answered(text in values()) {
        holds(&text)?;
    }
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    for (open, close) in [("[", "]"), ("{ a = ", "}"), ("a.", "")] {
        let deep = format!("a = {}1{}", open.repeat(100_000), close.repeat(100_000));
        assert!(holds(&deep).is_ok());
        assert!(holds(&format!("{}a = 1", open.repeat(100_000))).is_ok());
    }
    let tables = format!("[{}a]\n", "a.".repeat(79)).repeat(50);
    assert!(holds(&tables).is_ok());
}

#[test]
fn a_large_file_of_nonsense_is_answered() {
    for line in ["= \n", "a\n", "a = [\n", "[[nodes]]\n", "\"", "[nodes.é]\n"] {
        assert!(read(&line.repeat(20_000)).cluster.is_none());
    }
}
