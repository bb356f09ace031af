//! Everything about what is not a board.

use bramble_cluster::catalogue::{
    Cable, Card, Carrier, FirstBoot, Hat, Image, Mesh, PoeFeed, Price, Supply, Switch,
};
use bramble_plan::power::given;

use super::board::connector;
use super::sheet::{Sheet, plain, several, yes};

pub(super) fn card(card: &Card) -> Vec<Sheet> {
    let sheet = Sheet::of(
        "Card or drive",
        [
            ("kind", card.medium.map(|kind| kind.to_string())),
            ("fits on it", plain(card.capacity.as_ref())),
        ],
        card.source.as_ref(),
    );
    priced(vec![sheet], &card.prices)
}

pub(super) fn supply(supply: &Supply) -> Vec<Sheet> {
    let sheet = Sheet::of(
        "Supply",
        [
            ("ports", plain(supply.ports.as_ref())),
            ("gives in total", plain(given(supply).as_ref())),
            ("voltage", plain(supply.voltage.as_ref())),
            ("gives on one port", plain(supply.port().as_ref())),
            ("USB Power Delivery", yes(supply.usb_pd)),
            (
                "shape of its ports",
                supply.connector.map(|plug| connector(plug).to_owned()),
            ),
        ],
        supply.source.as_ref(),
    );
    priced(vec![sheet], &supply.prices)
}

pub(super) fn switch(switch: &Switch) -> Vec<Sheet> {
    let mut sheet = Sheet::of(
        "Switch",
        [
            ("ports", Some(switch.ports.to_string())),
            ("a port carries", plain(switch.speed.as_ref())),
            ("managed", yes(switch.managed)),
        ],
        switch.source.as_ref(),
    );
    let mesh = switch.mesh.map(|mesh| match mesh {
        Mesh::Wifi => "over the air".to_owned(),
    });
    sheet.add("linked to others", mesh);
    priced(vec![sheet, feeding(switch)], &switch.prices)
}

/// What the switch feeds through its ports.
fn feeding(switch: &Switch) -> Sheet {
    let figures = [
        plain(switch.poe_ports.as_ref()),
        switch.poe_standard.clone(),
        plain(switch.poe_budget.as_ref()),
    ];
    let title = "Power over Ethernet";
    if figures.iter().all(Option::is_none) {
        let none = Some("none, as far as is known".to_owned());
        return Sheet::of(title, [("ports that feed", none)], None);
    }
    let [ports, standard, budget] = figures;
    let figures = [
        ("ports that feed", ports),
        ("by the standard", standard),
        ("gives in total", budget),
    ];
    Sheet::of(title, figures, switch.source.as_ref())
}

pub(super) fn hat(hat: &Hat) -> Vec<Sheet> {
    let mut sheet = feed("Power over Ethernet", &hat.poe, hat.source.as_ref());
    let fits = ("fits on".to_owned(), several(&hat.fits));
    sheet.figures.insert(0, fits);
    sheet.add("to know", hat.note.clone());
    priced(vec![sheet], &hat.prices)
}

pub(super) fn carrier(carrier: &Carrier) -> Vec<Sheet> {
    let mut sheet = Sheet::of(
        "Carrier",
        [
            ("takes", several(&carrier.fits)),
            ("modules at a time", Some(carrier.slots.max(1).to_string())),
            ("microSD slot", carrier.microsd.clone()),
            ("NVMe", yes(carrier.nvme)),
        ],
        carrier.source.as_ref(),
    );
    let behind = "a PCI Express switch: boot loaders do not look there";
    let behind = carrier.nvme_behind_switch.then(|| behind.to_owned());
    sheet.add("NVMe is behind", behind);
    let mut sheets = vec![sheet];
    if let Some(poe) = &carrier.poe {
        sheets.push(feed("Power over Ethernet", poe, carrier.source.as_ref()));
    }
    sheets.extend(carrier.measured.as_ref().map(|full| {
        Sheet::of(
            "Measured when full",
            [
                ("modules", Some(format!("{} x {}", full.nodes, full.board))),
                ("linear equations (HPL)", Some(full.hpl.to_string())),
                ("power at the wall", Some(full.power.to_string())),
            ],
            full.source.as_ref(),
        )
    }));
    priced(sheets, &carrier.prices)
}

pub(super) fn cable(cable: &Cable) -> Vec<Sheet> {
    let gauge = cable.gauge.map(|gauge| format!("{gauge} AWG"));
    let sheet = Sheet::of(
        "Power cable",
        [
            (
                "plug at the board",
                cable.connector.map(|plug| connector(plug).to_owned()),
            ),
            ("length", plain(cable.length.as_ref())),
            ("wires", gauge),
            ("resistance of one", plain(cable.resistance.as_ref())),
        ],
        cable.source.as_ref(),
    );
    priced(vec![sheet], &cable.prices)
}

pub(super) fn image(image: &Image) -> Vec<Sheet> {
    let first_boot = image.first_boot.map(|reader| match reader {
        FirstBoot::CloudInit => "cloud-init",
        FirstBoot::CustomToml => "custom.toml or firstrun.sh",
        FirstBoot::None => "nothing",
    });
    vec![Sheet::of(
        "Operating system",
        [
            ("release", image.release.clone()),
            ("for processors", image.architecture.clone()),
            ("takes of a card", plain(image.uses.as_ref())),
            ("listed at", image.os_list.clone()),
            ("first boot is set up by", first_boot.map(str::to_owned)),
        ],
        image.source.as_ref(),
    )]
}

fn feed(title: &'static str, feed: &PoeFeed, source: Option<&String>) -> Sheet {
    Sheet::of(
        title,
        [
            ("standard", feed.standard.clone()),
            ("class", plain(feed.class.as_ref())),
            ("gives the board", plain(feed.gives().as_ref())),
            ("at", plain(feed.voltage.as_ref())),
        ],
        source,
    )
}

/// The sheets, and what one costs.
fn priced(mut sheets: Vec<Sheet>, prices: &[Price]) -> Vec<Sheet> {
    sheets.extend(Sheet::prices(prices));
    sheets
}
