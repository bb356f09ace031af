//! How cards come along, as it is seen: bars on a terminal, events as JSON. Not in
//! here: what happens to them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bramble_cluster::NodeName;
use bramble_media::News;
use bramble_view::card::{Bar, Doing, bars};
use serde::Serialize;

use super::place::short;
use crate::console::Console;

/// How often bars are drawn anew and events told.
const EVERY: Duration = Duration::from_millis(200);

/// All cards of a run.
pub(crate) struct Courses<'a> {
    console: &'a mut Console,
    cards: Vec<Course>,
    total: u64,
    shown: Instant,
}

/// One card.
#[derive(Debug)]
struct Course {
    node: NodeName,
    path: PathBuf,
    doing: Doing,
    position: u64,
    since: Instant,
}

/// How far a card is, as JSON.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Told<'a> {
    Writing(Far<'a>),
    Reading(Far<'a>),
}

#[derive(Debug, Serialize)]
struct Far<'a> {
    node: &'a NodeName,
    device: &'a Path,
    /// In bytes.
    position: u64,
    /// In bytes.
    total: u64,
}

impl<'a> Courses<'a> {
    /// Cards as node and path, with what is done to them first, and the length of the
    /// image in bytes.
    pub(crate) fn new(
        console: &'a mut Console,
        first: Doing,
        cards: impl IntoIterator<Item = (NodeName, PathBuf)>,
        total: u64,
    ) -> Self {
        let now = Instant::now();
        let course = |(node, path)| Course {
            node,
            path,
            doing: first,
            position: 0,
            since: now,
        };
        Self {
            console,
            cards: cards.into_iter().map(course).collect(),
            total,
            shown: now,
        }
    }

    /// Takes news of the card at `index`.
    pub(crate) fn take(&mut self, index: usize, news: &News) {
        let now = Instant::now();
        let Some(card) = self.cards.get_mut(index) else {
            return;
        };
        match news {
            News::Written { position } => card.go(Doing::Writing, *position, now),
            News::Verified { position } => card.go(Doing::Reading, *position, now),
            News::Ended { well } => card.go(ended(*well), self.total, now),
        }
        if now.duration_since(self.shown) >= EVERY || matches!(news, News::Ended { .. }) {
            self.shown = now;
            self.show(now);
        }
    }

    fn show(&mut self, now: Instant) {
        if self.console.wants_json() {
            for card in &self.cards {
                if let Some(told) = card.told(self.total) {
                    self.console.print_event(&told);
                }
            }
            return;
        }
        let bar = |card: &Course| card.bar(self.total, now);
        let lines = bars(&self.cards.iter().map(bar).collect::<Vec<_>>());
        self.console.status_lines(&lines);
    }
}

fn ended(well: bool) -> Doing {
    if well { Doing::Done } else { Doing::Failed }
}

impl Course {
    fn go(&mut self, doing: Doing, position: u64, now: Instant) {
        if self.doing != doing {
            self.doing = doing;
            self.since = now;
        }
        self.position = position;
    }

    fn bar(&self, total: u64, now: Instant) -> Bar {
        Bar {
            name: format!("{} {}", self.node, short(&self.path)),
            doing: self.doing,
            position: self.position,
            total,
            since: now.duration_since(self.since),
        }
    }

    fn told(&self, total: u64) -> Option<Told<'_>> {
        let far = Far {
            node: &self.node,
            device: &self.path,
            position: self.position,
            total,
        };
        match self.doing {
            Doing::Writing => Some(Told::Writing(far)),
            Doing::Reading => Some(Told::Reading(far)),
            Doing::Done | Doing::Failed => None,
        }
    }
}
