//! The nodes by name, before they have addresses. Not in here: addresses
//! (`addresses`) and what a node is (`resolve`).

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use toml::Spanned;

use super::nodes::Group;
use crate::diagnostic::{Diagnostic, Label};
use crate::name::NodeName;
use crate::nodeset::{LIMIT, NodeSet};
use crate::reader::Report;

/// A node before it has an address.
#[derive(Debug, Clone)]
pub(super) struct Draft<'a> {
    pub(super) name: NodeName,
    pub(super) group: &'a Group,
    /// Which group that is; the head's is the first.
    pub(super) group_index: usize,
    /// How many of the group come before it.
    nth: u32,
}

impl Draft<'_> {
    /// The address that the file gives it: the group's, counted up. Absent if
    /// the group has none, or if it cannot be counted that far.
    pub(super) fn given_address(&self) -> Option<Ipv4Addr> {
        let first = self.group.address.as_ref()?;
        u32::from(*first.get_ref())
            .checked_add(self.nth)
            .map(Ipv4Addr::from)
    }
}

/// All nodes, the head first; nothing if there are absurdly many.
pub(super) fn drafts<'a>(groups: &'a [Group], report: &Report<'_>) -> Option<Vec<Draft<'a>>> {
    let mut drafts = Vec::new();
    for (group_index, group) in groups.iter().enumerate() {
        let Some(names) = &group.names else { continue };
        if drafts.len() + names.get_ref().len() > LIMIT {
            let title = format!("that is more than {LIMIT} nodes");
            let label = Label::new(names.span(), "too many together with those above");
            let help = "write fewer: no cluster has as many";
            report.push(Diagnostic::error("too-many-nodes", title, label).with_help(help));
            return None;
        }
        let named = (0..).zip(names.get_ref());
        drafts.extend(named.map(|(nth, name)| Draft {
            name,
            group,
            group_index,
            nth,
        }));
    }
    check_names(&drafts, groups, report);
    Some(drafts)
}

/// Tells about names that two groups give, once for each two.
fn check_names(drafts: &[Draft<'_>], groups: &[Group], report: &Report<'_>) {
    let mut owners = BTreeMap::new();
    let mut twice: BTreeMap<_, Vec<NodeName>> = BTreeMap::new();
    for draft in drafts {
        let owner = *owners.entry(&draft.name).or_insert(draft.group_index);
        if owner != draft.group_index {
            twice
                .entry((owner, draft.group_index))
                .or_default()
                .push(draft.name.clone());
        }
    }
    let place = |group: usize| {
        groups[group]
            .names
            .as_ref()
            .map(Spanned::span)
            .unwrap_or_default()
    };
    for ((first, second), names) in twice {
        let names: NodeSet = names.into_iter().collect();
        let title = format!("the name `{names}` is given twice");
        let label = Label::new(place(second), "given again here");
        let diagnostic = Diagnostic::error("duplicate-name", title, label)
            .with_secondary(Label::new(place(first), "given here first"))
            .with_help("change one of the two: every node needs a name of its own");
        report.push(diagnostic);
    }
}
