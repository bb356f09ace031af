//! A group of equal nodes as rules look at it: what it is made of, and where in the
//! cluster file it stands. Not in here: any rule.

use bramble_cluster::catalogue::Board;
use bramble_cluster::cluster::{Boot, Group, Hardware};
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::{Place, Table};

use crate::finding::Finding;
use crate::site::Site;

/// A group with its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'a> {
    pub(super) index: usize,
    pub(super) group: &'a Group,
    pub(super) site: &'a Site<'a>,
}

impl<'a> Placed<'a> {
    /// All groups, the head first.
    pub(super) fn all(site: &'a Site<'a>) -> impl Iterator<Item = Self> {
        let groups = site.cluster.groups.iter().enumerate();
        groups.map(move |(index, group)| Self { index, group, site })
    }

    /// The groups with `role`.
    pub(super) fn with_role(site: &'a Site<'a>, role: &str) -> impl Iterator<Item = Self> {
        Self::all(site).filter(move |placed| placed.has_role(role))
    }

    /// What each of its nodes is made of.
    pub(super) fn hardware(&self) -> &'a Hardware {
        &self.group.hardware
    }

    /// The board of each.
    pub(super) fn board(&self) -> &'a Board {
        &self.group.hardware.board
    }

    /// Whether its nodes have `role`, which all of a group share.
    pub(super) fn has_role(&self, role: &str) -> bool {
        let members = self.group.members(self.site.cluster);
        members.first().is_some_and(|node| node.has_role(role))
    }

    /// Whether its nodes boot from the network. The head does not: it is what the
    /// others boot from.
    pub(super) fn boots_from_network(&self) -> bool {
        self.index > 0 && self.site.cluster.boot == Boot::Network && !self.hardware().adopt
    }

    /// Where its key `key` stands.
    pub(super) fn key(&self, key: &'static str) -> Place {
        Table::Group(self.index).key(key)
    }

    /// A finding about all its nodes, at its key `key`.
    pub(super) fn found(
        &self,
        id: &'static str,
        severity: Severity,
        key: &'static str,
        title: impl Into<String>,
    ) -> Finding {
        Finding::new(id, severity, title, self.key(key)).about(self.group, self.site)
    }

    /// A note that something cannot be checked for lack of a figure.
    pub(super) fn unknown(
        &self,
        id: &'static str,
        key: &'static str,
        title: impl Into<String>,
    ) -> Finding {
        self.found(id, Severity::Note, key, title)
            .label("not known")
    }
}

/// How to tell bramble what it does not know of `board`.
pub(super) fn tell(board: &Board, keys: &str) -> String {
    format!("add `[catalogue.boards.{}]` with {keys}", board.id)
}
