//! A systemd unit that runs, starts again with the node, and has read what it
//! reads.

use std::collections::BTreeSet;

use super::{Difference, Key, Kind, Line, Resource, Verdict};
use crate::record::Record;

/// Services.
///
/// A unit that must read changed input is marked in `/run/bramble/pending`
/// before the first change and unmarked after its restart. A run that is cut
/// off in between leaves the mark, so the next one restarts the unit although
/// the files are right by then. A restart of the node clears the marks, and is
/// itself a restart of the unit.
pub const KIND: Kind = Kind {
    name: "service",
    observe: include_str!("observe.sh"),
    apply: include_str!("apply.sh"),
};

/// A systemd unit.
#[derive(Debug, Clone)]
pub struct Service {
    unit: String,
    wanted: Wanted,
    reads: Vec<Key>,
    refresh: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Running,
    Stopped,
}

impl Service {
    /// `unit`, with its suffix, runs and starts with the node.
    pub fn running(unit: impl Into<String>) -> Self {
        Self {
            unit: unit.into(),
            wanted: Wanted::Running,
            reads: Vec::new(),
            refresh: "restart",
        }
    }

    /// `unit`, with its suffix, neither runs nor starts with the node. A unit
    /// that is not there at all is as good.
    pub fn stopped(unit: impl Into<String>) -> Self {
        Self {
            wanted: Wanted::Stopped,
            ..Self::running(unit)
        }
    }

    /// It reads these resources: when one changes, it is restarted.
    #[must_use]
    pub fn reads(mut self, keys: impl IntoIterator<Item = Key>) -> Self {
        self.reads.extend(keys);
        self
    }

    /// It reads its input again without a restart.
    #[must_use]
    pub fn reloads(mut self) -> Self {
        self.refresh = "reload-or-restart";
        self
    }

    fn fact(&self) -> Record {
        let active = match self.wanted {
            Wanted::Running => "active",
            Wanted::Stopped => "inactive",
        };
        Record::new([&self.unit, active, self.switched(), ""])
    }

    fn switched(&self) -> &'static str {
        match self.wanted {
            Wanted::Running => "enabled",
            Wanted::Stopped => "disabled",
        }
    }

    /// Why the unit must read its input again, if it must.
    fn stale(&self, seen: &Record, changed: &BTreeSet<Key>) -> Option<String> {
        let read: Vec<_> = self
            .reads
            .iter()
            .filter(|key| changed.contains(key))
            .collect();
        match read.as_slice() {
            [] if seen.field(PENDING).is_empty() => None,
            [] => Some("it was not restarted after an earlier change".to_owned()),
            [key] => Some(format!("{key} changes")),
            [key, rest @ ..] => Some(format!("{key} and {} more change", rest.len())),
        }
    }

    fn start(&self, seen: &Record, changed: &BTreeSet<Key>) -> Verdict {
        let stale = self.stale(seen, changed);
        let active = seen.field(ACTIVE) == "active";
        let enable = seen.field(ENABLED) != "enabled";
        let (action, verb) = match (&stale, active) {
            (Some(reason), true) => (format!("{}, since {reason}", self.refresh), self.refresh),
            (_, false) => ("start".to_owned(), "restart"),
            (None, true) if enable => ("enable".to_owned(), "none"),
            (None, true) => return Verdict::Same,
        };
        let switch = if enable { "enable" } else { "none" };
        let step = Record::new([self.unit.as_str(), switch, verb]);
        let mut difference = Difference::new(action, step, Some(self.fact()));
        difference.prepare = Some(Record::new([self.unit.as_str(), "pending"]));
        difference.lines = self.lines(seen);
        difference.verdict()
    }

    fn stop(&self, seen: &Record) -> Verdict {
        let idle = matches!(seen.field(ACTIVE), "inactive" | "failed");
        if idle && seen.field(ENABLED) != "enabled" {
            return Verdict::Same;
        }
        let step = Record::new([self.unit.as_str(), "disable", "stop"]);
        let mut difference = Difference::new("stop", step, Some(self.fact()));
        difference.lines = self.lines(seen);
        difference.verdict()
    }

    fn lines(&self, seen: &Record) -> Vec<Line> {
        let fact = self.fact();
        [ACTIVE, ENABLED]
            .into_iter()
            .filter(|&field| seen.field(field) != fact.field(field))
            .flat_map(|field| {
                // Of a unit that is not there yet there is nothing to be enabled.
                let old = Some(seen.field(field)).filter(|old| !old.is_empty());
                let old = old.map(|old| Line::Removed(old.to_owned()));
                old.into_iter()
                    .chain([Line::Added(fact.field(field).to_owned())])
            })
            .collect()
    }
}

/// Fields of the fact.
const ACTIVE: usize = 1;
const ENABLED: usize = 2;
const PENDING: usize = 3;

impl Resource for Service {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn id(&self) -> String {
        self.unit.clone()
    }

    fn question(&self) -> Record {
        Record::new([self.unit.as_str(), self.switched()])
    }

    fn differ(&self, seen: Option<&Record>, changed: &BTreeSet<Key>) -> Verdict {
        let nothing = Record::new([self.unit.as_str(), "inactive", "", ""]);
        let seen = seen.unwrap_or(&nothing);
        match self.wanted {
            Wanted::Running => self.start(seen, changed),
            Wanted::Stopped => self.stop(seen),
        }
    }
}
