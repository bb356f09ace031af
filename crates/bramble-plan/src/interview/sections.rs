//! The tables of the head and the workers, and of hardware that the catalogue does
//! not have. Not in here: the other tables (`cluster_file`).

use bramble_cluster::catalogue::{Board, Medium};

use super::cluster_file::Table;
use super::hardware::{self, OPEN, Seat};
use super::questions::{raspberry, scheduled};
use super::resolved::View;
use super::text::{list, quoted};

/// The microSD card of a head that has another medium than the workers, if the
/// catalogue has none.
const HEAD_CARD: &str = "32GB";

/// `[head]`.
pub(super) fn head(view: &View<'_>) -> String {
    let comment = match view.get("access") {
        "gateway" if view.is("uplink", "wifi") => {
            "The head is on your Wi-Fi with one leg, on the switch with the other. The\n\
             pass phrase is never in this file."
        }
        "gateway" => "The head is on your network with one port, on the switch with the other.",
        _ => "The head leads the others.",
    };
    let mut table = Table::new(comment, "[head]");
    table.text("name", view.get("head_name"), "");
    hardware_rows(view, &mut table, "head_board", "head_ram");
    media_rows(&mut table, &head_media(view));
    power_rows(&mut table, &head_power(view));
    system_rows(view, &mut table);
    match view.get("uplink") {
        "" => {}
        "wifi" => table.row(
            "uplink",
            &format!("{{ wifi = {} }}", quoted(view.get("wifi"))),
            "",
        ),
        _ => {
            let interface = quoted(view.get("interface"));
            table.row("uplink", &format!("{{ ethernet = {interface} }}"), "");
        }
    }
    let all = ["gateway", "time", "storage", "scheduler"];
    let roles = all.into_iter().filter(|role| match *role {
        "gateway" => view.is("access", "gateway"),
        "storage" => !view.is("shared", "none"),
        "scheduler" => scheduled(view),
        _ => true,
    });
    table.row("roles", &list(roles), "");
    table.end()
}

/// `[[nodes]]`.
pub(super) fn nodes(view: &View<'_>) -> String {
    let workers = view.number("workers");
    let prefix = view.get("prefix");
    let to = if workers == 2 { "and" } else { "to" };
    let (comment, names) = match workers {
        1 => (format!("The worker: {prefix}1."), format!("{prefix}1")),
        _ => (
            format!("{workers} equal workers: {prefix}1 {to} {prefix}{workers}."),
            format!("{prefix}[1-{workers}]"),
        ),
    };
    let mut table = Table::new(&comment, "[[nodes]]");
    table.text("names", &names, "");
    hardware_rows(view, &mut table, "board", "ram");
    media_rows(&mut table, &worker_media(view));
    power_rows(&mut table, &worker_power(view));
    if view.is("install", "adopt") {
        table.row("adopt", "true", "runs a system already; no card is written");
    }
    table.row("roles", &list(["worker"]), "");
    table.end()
}

/// What the catalogue lacks: cards of which only the size is known, and cores.
pub(super) fn catalogue(view: &View<'_>) -> String {
    let tables = [cards(view), cores(view)];
    let tables: Vec<_> = tables.into_iter().filter(|one| !one.is_empty()).collect();
    tables.join("\n")
}

fn cores(view: &View<'_>) -> String {
    let steps = [("cores", "board"), ("head_cores", "head_board")];
    let asked = steps.iter().filter(|(step, _)| view.number(step) > 0);
    let tables = asked.map(|(step, board)| {
        let header = format!("[catalogue.boards.{}]", view.get(board));
        let mut table = Table::new("", &header);
        table.row("cores", view.get(step), "as answered; nobody else said it");
        table.end()
    });
    tables.collect::<Vec<_>>().join("\n")
}

fn cards(view: &View<'_>) -> String {
    let mut sizes: Vec<_> = [worker_media(view), head_media(view)]
        .into_iter()
        .filter_map(|media| media.own)
        .collect();
    sizes.sort();
    sizes.dedup();
    let tables = sizes.iter().enumerate().map(|(index, own)| {
        let comment = match index {
            0 => "Drives of which only the size is known. Put in name and price of yours.",
            _ => "",
        };
        let mut table = Table::new(comment, &format!("[catalogue.cards.{}]", own.id()));
        table.text("name", &own.name(), "");
        table.text("kind", own.kind, "");
        table.text("capacity", &own.size, "");
        table.end()
    });
    tables.collect::<Vec<_>>().join("\n")
}

fn hardware_rows(view: &View<'_>, table: &mut Table, board: &str, memory: &str) {
    let name = hardware::board(view, board).map_or("", |board| board.name.as_str());
    table.text("board", view.get(board), name);
    if !view.get(memory).is_empty() {
        table.text("ram", view.get(memory), "");
    }
}

/// A card of which only kind and size are known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct OwnCard {
    kind: &'static str,
    size: String,
}

impl OwnCard {
    fn id(&self) -> String {
        let size = self.size.to_lowercase().replace('.', "-");
        format!("{}-{size}", self.kind)
    }

    fn name(&self) -> String {
        match self.kind {
            "microsd" => format!("microSD card, {}", self.size),
            "nvme" => format!("NVMe SSD, {}", self.size),
            "sata" => format!("SATA SSD, {}", self.size),
            _ => format!("USB SSD, {}", self.size),
        }
    }
}

/// What a node boots from and keeps data on.
#[derive(Default)]
struct Media {
    emmc: Option<String>,
    card: Option<String>,
    drive: Option<String>,
    own: Option<OwnCard>,
}

fn media_rows(table: &mut Table, media: &Media) {
    if let Some(emmc) = &media.emmc {
        table.text("emmc", emmc, "soldered to the board");
    }
    if let Some(card) = &media.card {
        table.text("card", card, "what it boots from");
    }
    if let Some(drive) = &media.drive {
        table.row("drives", &list([drive.as_str()]), "for data");
    }
}

/// The card that an answer means: one of the catalogue, or a size.
fn card(view: &View<'_>, answer: &str, kind: &'static str) -> (String, Option<OwnCard>) {
    if view.vocabulary.catalogue.cards.contains_key(answer) {
        return (answer.to_owned(), None);
    }
    let own = OwnCard {
        kind,
        size: answer.to_owned(),
    };
    (own.id(), Some(own))
}

/// Workers that boot from the network have no card, but a drive for data may be there.
fn worker_media(view: &View<'_>) -> Media {
    let media = media(view);
    if !view.is("install", "network") {
        return media;
    }
    match view.get("storage") {
        "ssd" => Media {
            drive: media.card,
            own: media.own,
            ..Media::default()
        },
        "microsd" => Media::default(),
        _ => Media {
            card: None,
            ..media
        },
    }
}

/// Whether a worker has room of its own for data.
pub(super) fn worker_keeps_data(view: &View<'_>) -> bool {
    let media = worker_media(view);
    media.card.is_some() || media.drive.is_some() || !view.is("install", "network")
}

/// Whether the head has a drive for data.
pub(super) fn head_has_drive(view: &View<'_>) -> bool {
    head_media(view).drive.is_some()
}

/// The first partition of a drive for data at the head, as Linux names it: a disk
/// it boots from has the first name of its kind.
pub(super) fn data_device(view: &View<'_>) -> &'static str {
    let board = hardware::board(view, "board");
    let same = view.is("head_board", view.get("board"));
    let kind = board.filter(|_| same).map(hardware::ssd_kind);
    match (view.get("storage"), kind) {
        ("emmc-ssd", Some("nvme")) => "/dev/nvme0n1p1",
        ("ssd", Some("usb" | "sata")) => "/dev/sdb1",
        _ => "/dev/sda1",
    }
}

/// What the answers say that boards of the workers' kind have.
fn media(view: &View<'_>) -> Media {
    let Some(board) = hardware::board(view, "board") else {
        return Media::default();
    };
    let emmc = Some(view.get("emmc")).filter(|size| !size.is_empty());
    let emmc = emmc.map(str::to_owned);
    let kind = hardware::ssd_kind(board);
    match view.get("storage") {
        "microsd" => {
            let (card, own) = card(view, view.get("card"), "microsd");
            Media {
                card: Some(card),
                own,
                ..Media::default()
            }
        }
        "ssd" => {
            let (card, own) = card(view, view.get("ssd"), kind);
            Media {
                card: Some(card),
                own,
                ..Media::default()
            }
        }
        "emmc-ssd" => {
            let (drive, own) = card(view, view.get("ssd"), kind);
            Media {
                emmc,
                card: Some("emmc".to_owned()),
                drive: Some(drive),
                own,
            }
        }
        _ => Media {
            emmc,
            card: Some("emmc".to_owned()),
            ..Media::default()
        },
    }
}

/// As the workers if it is the same board; else a microSD card, eMMC, or what it
/// has already.
fn head_media(view: &View<'_>) -> Media {
    if view.is("head_board", view.get("board")) {
        return media(view);
    }
    let Some(board) = hardware::board(view, "head_board") else {
        return Media::default();
    };
    if board.media.contains(&Medium::Microsd) {
        let answer = match view.get("card") {
            "" => microsd(view),
            answer => answer.to_owned(),
        };
        let (card, own) = card(view, &answer, "microsd");
        return Media {
            card: Some(card),
            own,
            ..Media::default()
        };
    }
    let sizes = hardware::emmc(board);
    let middle = sizes.get(sizes.len() / 2).filter(|_| sizes.len() > 1);
    let card = (!sizes.is_empty()).then(|| "emmc".to_owned());
    Media {
        emmc: middle.cloned(),
        card,
        ..Media::default()
    }
}

/// The first microSD card of the catalogue, else a size.
fn microsd(view: &View<'_>) -> String {
    let cards = view.vocabulary.catalogue.cards.values();
    let mut right = cards.filter(|card| card.medium.is_none_or(|one| one == Medium::Microsd));
    right
        .next()
        .map_or_else(|| HEAD_CARD.to_owned(), |card| card.id.clone())
}

/// What feeds a node, and what it sits on.
#[derive(Default)]
struct Feed {
    carrier: Option<String>,
    hat: Option<String>,
    supply: Option<String>,
}

fn power_rows(table: &mut Table, feed: &Feed) {
    if let Some(carrier) = &feed.carrier {
        table.text("carrier", carrier, "");
    }
    if let Some(hat) = &feed.hat {
        table.text("hat", hat, "fed by the switch, through the cable");
    }
    if let Some(supply) = &feed.supply {
        table.text("supply", supply, "");
    }
}

fn worker_power(view: &View<'_>) -> Feed {
    let answer = |id| Some(view.get(id)).filter(|one| !matches!(*one, "" | OPEN));
    Feed {
        carrier: answer("carrier").map(str::to_owned),
        hat: answer("hat").map(str::to_owned),
        supply: answer("supply").map(str::to_owned),
    }
}

/// A head of the workers' board is fed as they are, except from a charger: it is
/// the last that should go down with the others. Another board has a supply of its
/// own, unless the charger is all there is.
fn head_power(view: &View<'_>) -> Feed {
    let Some(board) = hardware::board(view, "head_board") else {
        return Feed::default();
    };
    if view.is("head_board", view.get("board")) && !view.is("power", "charger") {
        return worker_power(view);
    }
    let carriers = hardware::carriers(view, board, Seat::Single);
    let carrier = carriers.first().filter(|_| board.module);
    let own = own_supply(view, board);
    Feed {
        carrier: carrier.map(|choice| choice.value.clone()),
        hat: None,
        supply: own.or_else(|| head_on_charger(view).then(|| view.get("supply").to_owned())),
    }
}

fn own_supply(view: &View<'_>, board: &Board) -> Option<String> {
    let (_, supply) = hardware::own_supplies(view, board);
    Some(supply).filter(|supply| supply != OPEN)
}

/// Whether the head, too, is on the charger: no supply of its own is known for it.
pub(super) fn head_on_charger(view: &View<'_>) -> bool {
    let board = hardware::board(view, "head_board");
    let charger = view.is("power", "charger") && !view.is("supply", OPEN);
    let same = view.is("head_board", view.get("board"));
    charger && same && board.is_some_and(|board| own_supply(view, board).is_none())
}

/// Where the head's system differs from the workers'.
fn system_rows(view: &View<'_>, table: &mut Table) {
    let (head, workers) = (raspberry(view, "head_board"), raspberry(view, "board"));
    let known = |id: &'static str| view.vocabulary.catalogue.images.contains_key(id);
    let foreign = view.get("image").starts_with("raspios") && !head;
    let image = match (foreign, head && !workers) {
        (true, _) => Some("debian-13"),
        (_, true) => Some("raspios-lite-arm64-trixie"),
        _ => None,
    };
    if let Some(image) = image.filter(|id| known(id) && *id != view.get("image")) {
        table.text("image", image, "");
    }
    // A Raspberry Pi that leads other machines gets a card of its own.
    if foreign || view.is("install", "adopt") && (workers || !head) {
        table.row("adopt", "true", "runs a system already; no card is written");
    }
}
