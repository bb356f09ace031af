//! Hardware as the catalogue knows it, every figure with its source. A figure
//! that is absent is unknown, and nothing passes a check for lack of one.
//!
//! Not in here: the figures themselves, which are data in the `catalogue/` folder
//! at the root of the project.

mod board;
mod builtin;
mod card;
mod figures;
mod poe;
mod power;
mod price;
mod reference;
mod registry;
mod speed;
mod switch;
mod system;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

pub use board::{Board, Exclusion};
pub use card::{Card, Medium};
pub use figures::{Ethernet, Heat, Intake, Load, MeasuredAt, Settings, WakeUp};
pub use poe::{Carrier, Hat, MeasuredCluster, PoeFeed, PoeHeader};
pub use power::{Cable, Connector, Supply};
pub use price::Price;
pub use reference::{
    MacPrefix, PoeClass, PoeStandard, PriceChange, Reference, Top500List, Top500Rank, WireGauge,
};
pub use speed::{Speed, SpeedByMemory};
pub use switch::{Mesh, Switch};
pub use system::{FirstBoot, Image};

pub(crate) use board::{BOARD, read_board};
pub(crate) use card::{CARD, read_card};
pub(crate) use poe::{CARRIER, HAT, read_carrier, read_hat};
pub(crate) use power::{CABLE, SUPPLY, read_cable, read_supply};
pub(crate) use switch::{SWITCH, read_switch};
pub(crate) use system::{IMAGE, read_image};

/// Items of one kind by id, shared by all who name them.
pub type Items<T> = BTreeMap<String, Arc<T>>;

/// All the hardware that bramble knows, by id.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Catalogue {
    /// Single-board computers and the like.
    pub boards: Items<Board>,
    /// What a board boots from or keeps data on.
    pub cards: Items<Card>,
    /// Power supplies and chargers.
    pub supplies: Items<Supply>,
    /// Network switches.
    pub switches: Items<Switch>,
    /// What takes power for a board from its network cable.
    pub hats: Items<Hat>,
    /// What compute modules are plugged into.
    pub carriers: Items<Carrier>,
    /// Power cables.
    pub cables: Items<Cable>,
    /// Operating systems.
    pub images: Items<Image>,
}

impl Catalogue {
    /// The catalogue that comes with bramble.
    pub fn builtin() -> Self {
        builtin::read()
    }

    /// The same, with the items of `other` in place of those of the same ids.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.boards.extend(other.boards);
        self.cards.extend(other.cards);
        self.supplies.extend(other.supplies);
        self.switches.extend(other.switches);
        self.hats.extend(other.hats);
        self.carriers.extend(other.carriers);
        self.cables.extend(other.cables);
        self.images.extend(other.images);
        self
    }

    /// The board called `id`, or that has it as another name.
    pub fn board(&self, id: &str) -> Option<&Arc<Board>> {
        let called = |board: &&Arc<Board>| board.aliases.iter().any(|alias| alias == id);
        self.boards
            .get(id)
            .or_else(|| self.boards.values().find(called))
    }
}
