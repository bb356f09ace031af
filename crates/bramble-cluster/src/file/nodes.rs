//! `[[nodes]]`: nodes of one kind, and what they have in common with the head.
//! Not in here: the head's own keys (`head`).

use std::net::Ipv4Addr;

use toml::Spanned;

use super::known::{Known, WORKER};
use crate::catalogue::Board;
use crate::cluster::Uplink;
use crate::diagnostic::{Diagnostic, Label, Span};
use crate::name::{NodeName, RoleName};
use crate::nodeset::{self, NodeSet, PlainNames, Problem};
use crate::reader::{Section, Text, Value, name_remedy};
use crate::unit::Memory;

/// Nodes that one table describes. The head is a group of one.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// The table's header.
    pub(super) span: Span,
    pub(super) names: Option<Spanned<NodeSet>>,
    pub(super) board: Option<Board>,
    pub(super) memory: Option<Memory>,
    /// The address of the first; the others count up from it.
    pub(super) address: Option<Spanned<Ipv4Addr>>,
    /// Absent if one of them is unknown.
    pub(super) roles: Option<Vec<Spanned<RoleName>>>,
    pub(super) uplink: Option<Uplink>,
}

/// Reads all `[[nodes]]`.
pub(super) fn read(root: &mut Section<'_>, known: &Known<'_>) -> Vec<Group> {
    let example = r#"[{ names = "node[1-5]", board = "rpi4b" }]"#;
    let tables = root
        .optional("nodes", example)
        .and_then(Value::list)
        .unwrap_or_default();
    let sections = tables
        .into_iter()
        .filter_map(|table| table.section("`[[nodes]]`"));
    sections.map(|section| group(section, known)).collect()
}

fn group(mut section: Section<'_>, known: &Known<'_>) -> Group {
    let names = section.required("names", r#""node[1-5]""#);
    let names = names.and_then(|value| node_set(&value.text()?));
    let group = common(&mut section, known, &[WORKER]);
    section.finish();
    Group { names, ..group }
}

/// The keys that `[head]` and `[[nodes]]` share.
pub(super) fn common(section: &mut Section<'_>, known: &Known<'_>, roles: &[&str]) -> Group {
    let (board, memory) = board(section, known);
    section.check("card", r#""sandisk-ultra-32GB""#, |value| {
        known.card(&value.text()?)
    });
    section.check("supply", r#""psu-15w""#, |value| {
        known.supply(&value.text()?)
    });
    let address = section.optional("address", r#""10.55.0.10""#);
    let address = address.and_then(|value| self::address(&value.text()?));
    let roles = match section.optional("roles", r#"["worker"]"#) {
        Some(value) => self::roles(value, known),
        None => default_roles(roles, &section.span()),
    };
    Group {
        span: section.span(),
        names: None,
        board,
        memory,
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

/// The board and which of its memory sizes there is.
fn board(section: &mut Section<'_>, known: &Known<'_>) -> (Option<Board>, Option<Memory>) {
    let text = section
        .required("board", r#""rpi4b""#)
        .and_then(Value::text);
    let board = text.as_ref().and_then(|text| known.board(text));
    let ram = section.optional("ram", r#""4GB""#);
    let memory = match (ram, &board, &text) {
        (Some(value), Some(board), _) => value.text().and_then(|text| one_of(&text, board)),
        (Some(value), None, _) => value.text().and_then(|text| text.quantity()),
        (None, Some(board), Some(text)) => only_size(text, board),
        (None, _, _) => None,
    };
    (board, memory)
}

fn one_of(text: &Text<'_>, board: &Board) -> Option<Memory> {
    let memory = text.quantity::<Memory>()?;
    if board.memory.contains(&memory) {
        return Some(memory);
    }
    let title = format!("the {} is not sold with {memory}", board.name);
    text.fail(
        "unknown-ram",
        title,
        "no such size",
        format!("it can be {}", sizes(board)),
    )
}

fn only_size(text: &Text<'_>, board: &Board) -> Option<Memory> {
    if let [only] = board.memory.as_slice() {
        return Some(*only);
    }
    let title = format!("the {} is sold with several sizes of memory", board.name);
    let help = format!("add `ram = ` and the size, which can be {}", sizes(board));
    text.lack("missing-ram", title, "which size is it?", &help)
}

/// The sizes as the file writes them.
fn sizes(board: &Board) -> String {
    let sizes: Vec<_> = board
        .memory
        .iter()
        .map(|size| size.to_string().replace(' ', ""))
        .collect();
    let quoted: Vec<_> = sizes.iter().map(|size| format!("`\"{size}\"`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} or {last}", first.join(", ")),
        None => String::new(),
    }
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
        Problem::TooMany => (
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
