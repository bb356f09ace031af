//! Where in the cluster file something stands, by table and key, so that what is
//! found out later can point there. Not in here: who points.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::diagnostic::Span;

/// A table of the cluster file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// `[cluster]`.
    Cluster,
    /// `[cost]`.
    Cost,
    /// `[os]`.
    Os,
    /// `[network]`.
    Network,
    /// `[time]`.
    Time,
    /// `[storage]`.
    Storage,
    /// An entry of `shared` in `[storage]`, counted from 0.
    Share(usize),
    /// `[scheduler]`.
    Scheduler,
    /// `[power]`.
    Power,
    /// `[head]` is 0, then each `[[nodes]]`: as [`crate::Cluster::groups`].
    Group(usize),
    /// A `[[parts]]`, counted from 0.
    Part(usize),
}

/// A key of a table; the table itself if the key is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The table.
    pub table: Table,
    /// The key in it.
    pub key: &'static str,
}

/// Where the keys of one cluster file stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places(Vec<(Place, Span)>);

impl Table {
    /// The key called `key` in it.
    pub const fn key(self, key: &'static str) -> Place {
        Place { table: self, key }
    }

    /// Its header.
    pub const fn header(self) -> Place {
        self.key("")
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cluster => f.write_str("cluster"),
            Self::Cost => f.write_str("cost"),
            Self::Os => f.write_str("os"),
            Self::Network => f.write_str("network"),
            Self::Time => f.write_str("time"),
            Self::Storage => f.write_str("storage"),
            Self::Share(index) => write!(f, "storage.shared[{index}]"),
            Self::Scheduler => f.write_str("scheduler"),
            Self::Power => f.write_str("power"),
            Self::Group(0) => f.write_str("head"),
            Self::Group(index) => write!(f, "nodes[{}]", index - 1),
            Self::Part(index) => write!(f, "parts[{index}]"),
        }
    }
}

impl fmt::Display for Place {
    /// As a path: `nodes[0].supply`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key {
            "" => self.table.fmt(f),
            key => write!(f, "{}.{key}", self.table),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Places {
    pub(crate) fn new(mut found: Vec<(Place, Span)>) -> Self {
        found.sort_by_key(|(place, _)| *place);
        Self(found)
    }

    /// Where `place` stands: the table if the key is left out, and the beginning
    /// of the file if the table is.
    pub fn span(&self, place: Place) -> Span {
        self.find(place)
            .or_else(|| self.find(place.table.header()))
            .unwrap_or(0..0)
    }

    /// Whether the file has `place`.
    pub fn has(&self, place: Place) -> bool {
        self.find(place).is_some()
    }

    fn find(&self, place: Place) -> Option<Span> {
        let at = self.0.binary_search_by_key(&place, |(place, _)| *place);
        Some(self.0[at.ok()?].1.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_a_path() {
        assert_eq!(Table::Group(0).key("supply").to_string(), "head.supply");
        assert_eq!(Table::Group(2).header().to_string(), "nodes[1]");
        assert_eq!(
            Table::Share(0).key("on").to_string(),
            "storage.shared[0].on"
        );
    }
}
