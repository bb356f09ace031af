//! `[identity.NODE]`: which board a node is. Not in here: what an address and a
//! number look like (`identity` of the crate).

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use toml::Spanned;

use super::draft::Draft;
use crate::diagnostic::{Diagnostic, Label};
use crate::identity::{MacAddress, SerialNumber};
use crate::reader::{Key, Kind, Report, Section, Text, Value};
use crate::suggest;

/// The keys of `[identity.NODE]`.
pub(super) const KEYS: &[Key] = &[
    Key::new(
        "mac",
        Kind::Text,
        r#""dc:a6:32:01:02:03""#,
        "the hardware address of its Ethernet interface at the cluster's switch",
    ),
    Key::new(
        "serial",
        Kind::Text,
        r#""10000000abcdef01""#,
        "the serial number that the board says of itself",
    ),
];

/// `[identity.NODE]` as it is written.
#[derive(Debug)]
pub(super) struct IdentityTable {
    node: Spanned<String>,
    mac: Option<Spanned<MacAddress>>,
    serial: Option<Spanned<SerialNumber>>,
}

/// Reads all of them.
pub(super) fn read(root: &mut Section<'_>) -> Vec<IdentityTable> {
    let entries = root.get("identity").and_then(Value::entries);
    let entries = entries.unwrap_or_default().into_iter();
    entries.filter_map(table).collect()
}

fn table(value: Value<'_>) -> Option<IdentityTable> {
    let node = Spanned::new(value.span(), value.key().to_owned());
    let mut section = value.section(format!("`[identity.{}]`", value.key()))?;
    let mac = section.get("mac");
    let mac = mac.and_then(|value| word(&value.text()?, "invalid-mac", "a hardware address"));
    let serial = section.get("serial");
    let serial = serial.and_then(|value| word(&value.text()?, "invalid-serial", "a serial number"));
    section.finish();
    Some(IdentityTable { node, mac, serial })
}

fn word<T: FromStr<Err: Display>>(
    text: &Text<'_>,
    code: &'static str,
    what: &str,
) -> Option<Spanned<T>> {
    match text.value.parse() {
        Ok(value) => Some(Spanned::new(text.span.clone(), value)),
        Err(error) => {
            let title = format!("`{text}` is not {what}: {error}");
            let help = "write it as the board says it, or delete the line: \
                        `bramble adopt` and `bramble discover` find it out";
            text.fail(code, title, "no board has this", help)
        }
    }
}

/// What the file says of the node called `name`.
pub(super) fn of(
    tables: &[IdentityTable],
    name: &str,
) -> (Option<MacAddress>, Option<SerialNumber>) {
    let Some(table) = tables.iter().find(|table| table.node.get_ref() == name) else {
        return (None, None);
    };
    let mac = table.mac.as_ref().map(|mac| *mac.get_ref());
    let serial = table.serial.as_ref();
    (mac, serial.map(|serial| serial.get_ref().clone()))
}

/// Tells about identities of nobody, and about boards that would be two nodes.
/// `all_named` is whether every node's name could be read.
pub(super) fn check(
    tables: &[IdentityTable],
    drafts: &[Draft<'_>],
    all_named: bool,
    report: &Report<'_>,
) {
    for table in tables.iter().filter(|_| all_named) {
        check_name(&table.node, drafts, report);
    }
    let macs = tables.iter().map(|table| (table, table.mac.as_ref()));
    check_twice("hardware address", macs, report);
    let serials = tables.iter().map(|table| (table, table.serial.as_ref()));
    check_twice("serial number", serials, report);
}

fn check_name(node: &Spanned<String>, drafts: &[Draft<'_>], report: &Report<'_>) {
    let name = node.get_ref();
    let names = drafts.iter().map(|draft| draft.name.as_str());
    if names.clone().any(|known| known == name) {
        return;
    }
    let title = format!("no node is called `{name}`");
    let help = suggest::remedy(name, names);
    let help = help.unwrap_or_else(|| "name a node of this file".to_owned());
    let label = Label::new(node.span(), "no such node");
    report.push_missing(Diagnostic::error("unknown-node", title, label).with_help(help));
}

fn check_twice<'a, T: Ord + Display + 'a>(
    what: &str,
    given: impl Iterator<Item = (&'a IdentityTable, Option<&'a Spanned<T>>)>,
    report: &Report<'_>,
) {
    let mut owners = BTreeMap::new();
    for (table, value) in given {
        let Some(value) = value else { continue };
        let Some((owner, first)) = owners.insert(value.get_ref(), (&table.node, value)) else {
            continue;
        };
        let title = format!(
            "`{}` and `{}` have the same {what} {}",
            owner.get_ref(),
            table.node.get_ref(),
            value.get_ref()
        );
        let label = Label::new(value.span(), "again here");
        let diagnostic = Diagnostic::error("duplicate-identity", title, label)
            .with_secondary(Label::new(first.span(), "first here"))
            .with_help("one board is one node: delete the one that is wrong");
        report.push(diagnostic);
    }
}
