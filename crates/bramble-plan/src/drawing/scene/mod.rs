//! What the schematic says, as text and numbers: what there is of nodes, switches
//! and supplies, and what is on which port. Not in here: where it stands (`layout`).

mod fold;
mod hubs;
mod item;
mod lines;
mod marks;
mod strips;
mod title;
mod watts;
mod world;

use bramble_cluster::cluster::Place;
use bramble_cluster::diagnostic::Severity;

use crate::finding::Finding;
use crate::site::Site;
use fold::Fold;
use marks::Marks;
use watts::Draws;

pub(crate) use title::Title;
pub(crate) use world::{Sight, World};

/// What the schematic says.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) title: Title,
    /// Nodes, or stacks of equal nodes. The head is the first, and alone.
    pub(crate) items: Vec<Item>,
    pub(crate) hubs: Vec<Hub>,
    /// Whether neighbouring switches are linked by air.
    pub(crate) meshed: bool,
    /// Supplies that feed several.
    pub(crate) strips: Vec<Strip>,
    pub(crate) button: Option<Button>,
    pub(crate) world: World,
    pub(crate) told: Vec<Told>,
}

/// Numbers of findings, counted from 0, in order.
pub(crate) type Numbers = Vec<usize>;

/// A node, or several equal ones.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) place: Place,
    /// How many nodes.
    pub(crate) count: usize,
    pub(crate) address: String,
    /// What it is made of, a line each.
    pub(crate) lines: Vec<String>,
    /// What it lacks.
    pub(crate) lacks: Vec<String>,
    /// The supply that feeds nothing else.
    pub(crate) own_supply: Option<OwnSupply>,
    /// Where its network cable ends: `port 3`.
    pub(crate) port: Option<String>,
    /// Where its power cable ends: `outlet 2.4`.
    pub(crate) outlet: Option<String>,
    /// Whether the network cable feeds it.
    pub(crate) poe: bool,
    /// Whether a wire of the button ends at it.
    pub(crate) wired: bool,
    pub(crate) findings: Numbers,
}

/// A supply that feeds one node.
#[derive(Debug)]
pub(crate) struct OwnSupply {
    pub(crate) name: String,
    pub(crate) detail: String,
    pub(crate) gauge: Option<Gauge>,
    pub(crate) findings: Numbers,
}

/// What is asked of what there is, in thousandths of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gauge {
    pub(crate) share: u32,
}

/// A switch, or all of them in one.
#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) name: String,
    pub(crate) detail: String,
    /// What its power is asked for, if it feeds anything.
    pub(crate) gauge: Option<Gauge>,
    pub(crate) sockets: Vec<Socket>,
    /// Whether the file names it.
    pub(crate) named: bool,
    /// Whether it stands for several.
    pub(crate) stacked: bool,
    pub(crate) findings: Numbers,
}

/// A port of a switch, or an outlet of a supply.
#[derive(Debug)]
pub(crate) struct Socket {
    /// Its number, or how many it stands for.
    pub(crate) label: String,
    pub(crate) end: End,
}

/// What is at the other end of a cable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    Nothing,
    /// Items; more than one where modules share a cable.
    Items(Vec<usize>),
    /// The switch at this place.
    Hub(usize),
    Router,
}

/// A supply that feeds several, or all of a kind in one.
#[derive(Debug)]
pub(crate) struct Strip {
    pub(crate) name: String,
    pub(crate) detail: String,
    pub(crate) gauge: Option<Gauge>,
    pub(crate) sockets: Vec<Socket>,
    pub(crate) stacked: bool,
    pub(crate) findings: Numbers,
}

/// The one button for all boards.
#[derive(Debug)]
pub(crate) struct Button {
    pub(crate) detail: String,
    pub(crate) findings: Numbers,
}

/// A finding in the list.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) severity: Severity,
    pub(crate) id: &'static str,
    pub(crate) title: String,
}

impl Scene {
    /// What the schematic of `site` says, with `findings` where they are.
    pub(crate) fn of(site: &Site<'_>, findings: &[Finding]) -> Self {
        let draws = Draws::of(site);
        let fold = Fold::of(site);
        let mut items = item::items(site, &fold, &draws);
        let mut hubs = hubs::hubs(site, &fold);
        let mut strips = strips::strips(site, &fold, &draws, &mut items);
        item::plug(&mut items, &hubs, &strips);
        let mut button = item::wire(site, &fold, &mut items);
        let mut world = world::world(site);
        let marks = Marks::of(site, &fold, findings);
        marks.put(&mut items, &mut hubs, &mut strips);
        marks.put_elsewhere(button.as_mut(), &mut world);
        Self {
            title: title::title(site, &draws),
            items,
            meshed: site
                .wiring
                .switches
                .iter()
                .any(|unit| unit.switch.mesh.is_some()),
            hubs,
            strips,
            button,
            world,
            told: findings.iter().map(told).collect(),
        }
    }
}

fn told(finding: &Finding) -> Told {
    let nodes = match finding.nodes.len() {
        0 => String::new(),
        _ => format!(" ({})", finding.nodes.fold()),
    };
    Told {
        severity: finding.severity,
        id: finding.id,
        title: format!("{}{nodes}", finding.title.replace('`', "")),
    }
}

impl End {
    /// The items at the end.
    pub(crate) fn items(&self) -> &[usize] {
        match self {
            Self::Items(items) => items,
            _ => &[],
        }
    }
}
