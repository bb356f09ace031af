//! What a node draws, from what was measured. Not in here: sums over a cluster
//! (`power`), and what feeds it (`checks`).

use bramble_cluster::catalogue::{Board, Catalogue, Load};
use bramble_cluster::cluster::Hardware;
use bramble_cluster::unit::{Power, Voltage};
use serde::Serialize;

/// USB devices get 5 V.
const USB: Voltage = Voltage::from_milli(5_000);

/// What one node draws. What is absent is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Consumption {
    /// With nothing to do.
    pub idle: Option<Power>,
    /// With all cores busy.
    pub load: Option<Power>,
    /// The most that was measured, which is what a supply has to give.
    pub most: Option<Power>,
    /// What its USB devices draw, as far as the file says; in the figures above.
    pub usb: Power,
    /// The board whose figures stand in.
    pub stands_in: Option<String>,
    /// Who says so.
    pub source: Option<String>,
}

impl Consumption {
    /// What a node of `hardware` draws.
    pub fn of(hardware: &Hardware, catalogue: &Catalogue) -> Self {
        let usb = hardware.usb.iter().filter_map(|device| device.current);
        let usb: Power = usb.map(|current| USB.at(current)).sum();
        let Some((load, proxy)) = measured(&hardware.board, catalogue) else {
            return Self {
                usb,
                ..Self::default()
            };
        };
        let speed = hardware.board.speed.as_ref();
        let variant = speed.and_then(|speed| speed.power(hardware.memory));
        let with_usb = |power: Option<Power>| power.map(|power| power + usb);
        Self {
            idle: with_usb(load.idle),
            load: with_usb(load.stress.or(load.hpl)),
            most: with_usb(load.most().max(variant)),
            usb,
            stands_in: proxy.map(|board| board.name.clone()),
            source: load.source.clone(),
        }
    }
}

/// What was measured of `board`, or of the board that stands in for it, or on the
/// USB side of its supply.
fn measured<'a>(
    board: &'a Board,
    catalogue: &'a Catalogue,
) -> Option<(&'a Load, Option<&'a Board>)> {
    let load = board.load.as_ref().or(board.load_usb.as_ref())?;
    let proxy = load.proxy.as_ref().and_then(|id| catalogue.boards.get(id));
    match proxy {
        Some(proxy) => Some((proxy.load.as_ref()?, Some(proxy))),
        None => Some((load, None)),
    }
}
