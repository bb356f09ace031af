//! `[[nodes]]`: nodes of one kind, and what they have in common with the head.
//! Not in here: the head's own keys (`head`).

use std::net::Ipv4Addr;
use std::sync::Arc;

use toml::Spanned;

use super::hardware;
use super::known::{Known, WORKER};
use crate::cluster::{Hardware, Uplink};
use crate::diagnostic::{Diagnostic, Label, Span};
use crate::name::{NodeName, RoleName};
use crate::nodeset::{self, NodeSet, PlainNames, Problem};
use crate::place::Table;
use crate::reader::{Key, Kind, Section, Text, Value, joined, name_remedy};

/// Nodes that one table describes. The head is a group of one.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// The table's header.
    pub(super) span: Span,
    pub(super) names: Option<Spanned<NodeSet>>,
    pub(super) hardware: Option<Arc<Hardware>>,
    /// The address of the first; the others count up from it.
    pub(super) address: Option<Spanned<Ipv4Addr>>,
    /// Absent if one of them is unknown.
    pub(super) roles: Option<Vec<Spanned<RoleName>>>,
    pub(super) uplink: Option<Uplink>,
}

/// What `[[nodes]]` has besides the keys that all nodes have.
const OWN_KEYS: [Key; 1] = [Key::new(
    "names",
    Kind::Text,
    r#""node[1-5]""#,
    "their host names: a node set",
)
.required()];

/// The keys that `[head]` and `[[nodes]]` share.
pub(super) const COMMON: [Key; 15] = joined(&hardware::KEYS, &SHARED);

const SHARED: [Key; 2] = [
    Key::new(
        "address",
        Kind::Text,
        r#""10.55.0.10""#,
        "of the node, or of the first of the group, the others counting up",
    )
    .or("the next free"),
    Key::new(
        "roles",
        Kind::List(&Kind::Text),
        r#"["worker"]"#,
        "what they are for",
    )
    .or("head: gateway, time, storage, scheduler; nodes: worker"),
];

/// The keys of `[[nodes]]`.
pub(super) const NODES_KEYS: &[Key] = &joined::<16>(&OWN_KEYS, &COMMON);

/// Reads all `[[nodes]]`.
pub(super) fn read(root: &mut Section<'_>, known: &Known<'_>) -> Vec<Group> {
    let tables = root.get("nodes").and_then(Value::list).unwrap_or_default();
    let sections = tables.into_iter().enumerate().filter_map(|(index, table)| {
        Some(table.section("`[[nodes]]`")?.at(Table::Group(index + 1)))
    });
    sections.map(|section| group(section, known)).collect()
}

fn group(mut section: Section<'_>, known: &Known<'_>) -> Group {
    let names = section.get("names");
    let names = names.and_then(|value| node_set(&value.text()?));
    let group = common(&mut section, known, &[WORKER]);
    section.finish();
    Group { names, ..group }
}

/// The keys that `[head]` and `[[nodes]]` share.
pub(super) fn common(section: &mut Section<'_>, known: &Known<'_>, roles: &[&str]) -> Group {
    let hardware = hardware::read(section, known);
    let address = section.get("address");
    let address = address.and_then(|value| self::address(&value.text()?));
    let roles = match section.get("roles") {
        Some(value) => self::roles(value, known),
        None => default_roles(roles, &section.span()),
    };
    Group {
        span: section.span(),
        names: None,
        hardware: hardware.map(Arc::new),
        address,
        roles,
        uplink: None,
    }
}

fn default_roles(roles: &[&str], header: &Span) -> Option<Vec<Spanned<RoleName>>> {
    let role = |role: &&str| Some(Spanned::new(header.clone(), role.parse().ok()?));
    roles.iter().map(role).collect()
}

fn roles(value: Value<'_>, known: &Known<'_>) -> Option<Vec<Spanned<RoleName>>> {
    let mut roles: Vec<Spanned<RoleName>> = Vec::new();
    let mut sure = true;
    for item in value.list()? {
        match item.text().and_then(|text| known.role(&text)) {
            Some(role) if roles.iter().any(|other| other.get_ref() == &role) => {}
            Some(role) => roles.push(Spanned::new(item.span(), role)),
            None => sure = false,
        }
    }
    sure.then_some(roles)
}

pub(super) fn address(text: &Text<'_>) -> Option<Spanned<Ipv4Addr>> {
    if let Ok(address) = text.value.parse() {
        return Some(Spanned::new(text.span.clone(), address));
    }
    let title = format!("`{text}` is no IPv4 address");
    let help = "write four numbers joined by dots, such as `10.55.0.10`, without a prefix length";
    text.fail("invalid-address", title, "not an address", help)
}

/// The names of new nodes.
fn node_set(text: &Text<'_>) -> Option<Spanned<NodeSet>> {
    let error = match nodeset::parse(text.value, &PlainNames) {
        Ok(set) if !set.is_empty() => return Some(Spanned::new(text.span.clone(), set)),
        Ok(_) => return empty(text),
        Err(_) if text.value.trim().is_empty() => return empty(text),
        Err(error) => error,
    };
    let (code, help) = remedy(&error.problem);
    let title = match &error.problem {
        problem @ Problem::Name { .. } => problem.to_string(),
        problem => format!("`{text}` does not name nodes: {problem}"),
    };
    text.fail_inside(error.at, |span| {
        Diagnostic::error(code, title, Label::new(span, "here")).with_help(help)
    })
}

/// The code of a problem with names, and what to do about it.
fn remedy(problem: &Problem) -> (&'static str, String) {
    match problem {
        Problem::TooMany(_) => (
            "too-many-nodes",
            "write fewer: no cluster has as many".to_owned(),
        ),
        Problem::Name { name, .. } => ("invalid-name", name_remedy::<NodeName>(name)),
        Problem::Descending(range) => {
            let (last, first) = range.split_once('-').unwrap_or_default();
            ("invalid-node-set", format!("write `{first}-{last}`"))
        }
        Problem::Padding(_) => {
            let help = "write both ends with the same number of digits, such as `node[01-10]`";
            ("invalid-node-set", help.to_owned())
        }
        _ => {
            let help = "write names like `node[1-5,8]` or `rack1,rack2`";
            ("invalid-node-set", help.to_owned())
        }
    }
}

fn empty(text: &Text<'_>) -> Option<Spanned<NodeSet>> {
    let title = format!("`{text}` names no node at all");
    let help = "write at least one name, such as `node[1-5]`, or delete the table";
    text.fail("empty-node-set", title, "nobody", help)
}
