//! What nodes ask of what feeds them, and what that gives. Not in here: whether it
//! is enough, which the checks say.

use bramble_cluster::unit::Power;

use super::Gauge;
use crate::consumption::Consumption;
use crate::finding::number;
use crate::site::Site;

/// The most that each node was seen to draw.
#[derive(Debug)]
pub(super) struct Draws(Vec<Option<Power>>);

/// A sum in which some terms may be unknown.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    pub(super) known: Power,
    pub(super) all: bool,
    pub(super) any: bool,
}

impl Draws {
    pub(super) fn of(site: &Site<'_>) -> Self {
        let mut draws = vec![None; site.cluster.nodes.len()];
        for group in &site.cluster.groups {
            let most = Consumption::of(&group.hardware, site.catalogue).most;
            if let Some(members) = draws.get_mut(group.nodes.clone()) {
                members.fill(most);
            }
        }
        Self(draws)
    }

    /// What `node` draws at most.
    pub(super) fn node(&self, node: usize) -> Option<Power> {
        self.0.get(node).copied().flatten()
    }

    /// What `nodes` draw together at most.
    pub(super) fn asked<'a>(&self, nodes: impl IntoIterator<Item = &'a usize>) -> Asked {
        let mut asked = Asked {
            all: true,
            ..Asked::default()
        };
        for &node in nodes {
            match self.node(node) {
                Some(power) => {
                    asked.known = asked.known + power;
                    asked.any = true;
                }
                None => asked.all = false,
            }
        }
        asked
    }
}

impl Asked {
    /// In words, with what it `gives`: `asks 31.2 W, gives 60 W`. What nobody knows
    /// is a question mark.
    pub(super) fn of(self, gives: Option<Power>) -> String {
        let asks = match (self.any, self.all) {
            (true, true) => format!("asks {}", watts(self.known)),
            (true, false) => format!("asks over {}", watts(self.known)),
            (false, true) => "feeds nothing".to_owned(),
            (false, false) => "asks ?".to_owned(),
        };
        match gives {
            Some(gives) => format!("{asks}, gives {}", watts(gives)),
            None => format!("{asks}, gives ?"),
        }
    }

    /// As a share of what is given, where both are known.
    pub(super) fn gauge(self, gives: Option<Power>) -> Option<Gauge> {
        share(self.known, gives?).filter(|_| self.any)
    }
}

/// `asked` as a share of what is given; more than all of it if it is more by anything.
pub(super) fn share(asked: Power, gives: Power) -> Option<Gauge> {
    let share = (asked.milli() * 1000)
        .checked_add(gives.milli().saturating_sub(1))?
        .checked_div(gives.milli())?;
    let share = u32::try_from(share).unwrap_or(u32::MAX);
    Some(Gauge { share })
}

/// For people, to a tenth.
pub(super) fn watts(power: Power) -> String {
    let tenths = |value: f64| number((value * 10.0).round() / 10.0);
    match power.as_f64() {
        kilo if kilo >= 1000.0 => format!("{} kW", tenths(kilo / 1000.0)),
        watts => format!("{} W", tenths(watts)),
    }
}
