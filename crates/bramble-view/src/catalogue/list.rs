//! What there is, kind by kind, with the figures that one compares by.

use bramble_cluster::catalogue::{
    Board, Cable, Card, Carrier, Hat, Image, Load, Price, Supply, Switch,
};
use bramble_cluster::unit::Memory;
use bramble_plan::finding::number;
use bramble_plan::power::given;
use bramble_plan::search::Item;

use super::board::connector;
use crate::grid::{Column, Grid, Row, WIDTH, left, right, whole};
use crate::style::Label;

/// What stands where nobody knows.
const UNKNOWN: &str = "?";

/// The items in a table for each kind.
pub fn list(items: &[Item<'_>]) -> String {
    let kinds = items.chunk_by(|one, next| one.kind() == next.kind());
    let tables = kinds.map(|items| {
        let (title, columns) = heading(&items[0]);
        let ends = [whole("id"), left("name")];
        let columns = ends.into_iter().chain(columns).collect();
        let rows = items.iter().map(|item| {
            let first = [item.id().to_owned(), item.name().to_owned()];
            Row::of([first.to_vec(), cells(item)].concat())
        });
        let rows = rows.collect();
        format!(
            "{}\n{}",
            Label::Heading.paint(title),
            Grid { columns, rows }.text(WIDTH)
        )
    });
    let text = tables.collect::<Vec<_>>().join("\n");
    let legend = [
        "?: not known; most: the most that was measured",
        "every figure has its source: bramble catalogue show ID",
    ];
    let [marks, sources] = legend.map(|line| Label::Quiet.paint(line));
    format!("{text}\n{marks}\n{sources}\n")
}

fn heading(item: &Item<'_>) -> (&'static str, Vec<Column>) {
    match item {
        Item::Board(_) => (
            "Boards",
            vec![
                right("cores"),
                right("memory"),
                right("Mb/s"),
                right("most"),
                right("Gflop/s"),
                right("price"),
            ],
        ),
        Item::Card(_) => (
            "Cards and drives",
            vec![left("kind"), right("room"), right("price")],
        ),
        Item::Supply(_) => (
            "Supplies",
            vec![
                right("ports"),
                right("total"),
                right("a port"),
                right("price"),
            ],
        ),
        Item::Switch(_) => (
            "Switches",
            vec![right("ports"), right("speed"), right("PoE"), right("price")],
        ),
        Item::Hat(_) => (
            "PoE hats",
            vec![
                left("for"),
                left("standard"),
                right("gives"),
                right("price"),
            ],
        ),
        Item::Carrier(_) => (
            "Carriers",
            vec![left("for"), right("slots"), right("NVMe"), right("price")],
        ),
        Item::Cable(_) => (
            "Power cables",
            vec![
                left("plug"),
                right("wires"),
                right("length"),
                right("price"),
            ],
        ),
        Item::Image(_) => (
            "Operating systems",
            vec![left("release"), left("for"), right("takes")],
        ),
    }
}

fn cells(item: &Item<'_>) -> Vec<String> {
    match item {
        Item::Board(board) => self::board(board),
        Item::Card(card) => self::card(card),
        Item::Supply(supply) => self::supply(supply),
        Item::Switch(switch) => self::switch(switch),
        Item::Hat(hat) => self::hat(hat),
        Item::Carrier(carrier) => self::carrier(carrier),
        Item::Cable(cable) => self::cable(cable),
        Item::Image(image) => self::image(image),
    }
}

fn board(board: &Board) -> Vec<String> {
    let memory = match board.memory.as_slice() {
        [] => None,
        [only] => Some(only.to_string()),
        [least, .., most] => Some(range(*least, *most)),
    };
    let load = board.load.as_ref().or(board.load_usb.as_ref());
    let speed = board.speed.as_ref().and_then(|speed| speed.hpl);
    let no_port = board
        .ethernet
        .as_ref()
        .is_some_and(|port| port.port == Some(false));
    let network = board
        .ethernet_speed()
        .map(|rate| rate.bits_per_second() / 1_000_000);
    vec![
        known(board.cores),
        memory.unwrap_or_else(|| UNKNOWN.to_owned()),
        if no_port {
            "none".to_owned()
        } else {
            known(network)
        },
        known(load.and_then(Load::most)),
        speed.map_or(UNKNOWN.to_owned(), |rate| number(rate.as_f64())),
        price(&board.prices),
    ]
}

fn card(card: &Card) -> Vec<String> {
    let kind = card.medium.map(|medium| medium.to_string());
    vec![known(kind), known(card.capacity), price(&card.prices)]
}

fn supply(supply: &Supply) -> Vec<String> {
    vec![
        known(supply.ports),
        known(given(supply)),
        known(supply.port()),
        price(&supply.prices),
    ]
}

fn switch(switch: &Switch) -> Vec<String> {
    let feeds = switch.poe_ports.is_some() || switch.poe_budget.is_some();
    let poe = if feeds {
        known(switch.poe_budget)
    } else {
        "no".to_owned()
    };
    vec![
        switch.ports.to_string(),
        known(switch.speed),
        poe,
        price(&switch.prices),
    ]
}

fn hat(hat: &Hat) -> Vec<String> {
    vec![
        hat.fits.join(", "),
        known(hat.poe.standard.as_ref()),
        known(hat.poe.gives()),
        price(&hat.prices),
    ]
}

fn carrier(carrier: &Carrier) -> Vec<String> {
    let nvme = carrier.nvme.map(|has| if has { "yes" } else { "no" });
    vec![
        carrier.fits.join(", "),
        carrier.slots.max(1).to_string(),
        known(nvme),
        price(&carrier.prices),
    ]
}

fn cable(cable: &Cable) -> Vec<String> {
    let gauge = cable.gauge.map(|gauge| format!("{gauge} AWG"));
    vec![
        known(cable.connector.map(connector)),
        known(gauge),
        known(cable.length),
        price(&cable.prices),
    ]
}

fn image(image: &Image) -> Vec<String> {
    vec![
        known(image.release.as_ref()),
        known(image.architecture.as_ref()),
        known(image.uses),
    ]
}

fn known<T: ToString>(value: Option<T>) -> String {
    value.map_or(UNKNOWN.to_owned(), |value| value.to_string())
}

/// `1-8 GB`: from the smallest to the largest memory.
fn range(least: Memory, most: Memory) -> String {
    let (least, most) = (least.to_string(), most.to_string());
    match (least.split_once(' '), most.split_once(' ')) {
        (Some((number, unit)), Some((_, other))) if unit == other => format!("{number}-{most}"),
        _ => format!("{least}-{most}"),
    }
}

/// From the cheapest variant to the dearest, where they have one currency.
fn price(prices: &[Price]) -> String {
    let least = prices.iter().min_by_key(|price| price.money.amount);
    let most = prices.iter().max_by_key(|price| price.money.amount);
    let Some((least, most)) = least
        .zip(most)
        .map(|(least, most)| (least.money, most.money))
    else {
        return UNKNOWN.to_owned();
    };
    let [lower, upper] = [least, most].map(|money| number(money.amount.as_f64()));
    if least == most || least.currency != most.currency {
        format!("{upper} {}", most.currency)
    } else {
        format!("{lower}-{upper} {}", most.currency)
    }
}
