//! Which hardware of the catalogue goes together, as far as choices depend on it.
//! Not in here: figures, which the catalogue has, and whether power suffices,
//! which the checks of the plan say.

use bramble_cluster::catalogue::{Board, Carrier, Intake, Medium, Supply};

use super::form::Choice;
use super::resolved::View;

/// Boards that are listed, in this order. All others of the catalogue can be typed.
const LISTED: &[&str] = &[
    "rpi5",
    "rpi4b",
    "rpi3bplus",
    "cm5",
    "cm4",
    "vim3-pro",
    "vim3-basic",
];

/// The answer that leaves hardware open.
pub(super) const OPEN: &str = "open";

/// The boards that are listed, each with what it is.
pub(super) fn boards(view: &View<'_>) -> Vec<Choice> {
    let catalogue = view.vocabulary.catalogue;
    let listed = LISTED.iter().filter_map(|id| catalogue.boards.get(*id));
    listed.map(|board| choice(board)).collect()
}

/// The board that answers step `id`.
pub(super) fn board<'a>(view: &View<'a>, id: &str) -> Option<&'a Board> {
    let catalogue = view.vocabulary.catalogue;
    catalogue.boards.get(view.get(id)).map(AsRef::as_ref)
}

/// The cores of the board that answers step `id`: known, or as was answered.
pub(super) fn cores(view: &View<'_>, id: &str) -> Option<u32> {
    let own = match id {
        "head_board" if !view.is(id, view.get("board")) => "head_cores",
        _ => "cores",
    };
    let answered = || Some(view.number(own)).filter(|cores| *cores > 0);
    board(view, id)?.cores.or_else(answered)
}

/// `Raspberry Pi 5: 4 cores, 1 to 16 GB, 938 Mb/s`.
fn described(board: &Board) -> String {
    let mut parts = Vec::new();
    parts.extend(board.cores.map(|cores| format!("{cores} cores")));
    let memory: Vec<_> = board.memory.iter().map(ToString::to_string).collect();
    if let [first, .., last] = memory.as_slice() {
        let unit = last.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let first = first.strip_suffix(unit).unwrap_or(first);
        parts.push(format!("{first} to {last}"));
    } else {
        parts.extend(memory);
    }
    parts.extend(board.ethernet_speed().map(|speed| speed.to_string()));
    if board.module {
        parts.push("on a carrier".to_owned());
    }
    // Compute modules say by themselves whose they are.
    let name = board.name.strip_prefix("Raspberry Pi ");
    let name = name.filter(|name| name.starts_with("Compute"));
    let name = name.unwrap_or(&board.name);
    if parts.is_empty() {
        return name.to_owned();
    }
    format!("{name}: {}", parts.join(", "))
}

/// The board as a choice.
pub(super) fn choice(board: &Board) -> Choice {
    Choice::new(&board.id, described(board))
}

/// Sizes of memory as the cluster file writes them.
pub(super) fn memory(board: &Board) -> Vec<String> {
    let sizes = board.memory.iter();
    sizes
        .map(|size| size.to_string().replace(' ', ""))
        .collect()
}

/// Sizes of soldered eMMC as the cluster file writes them.
pub(super) fn emmc(board: &Board) -> Vec<String> {
    let gigabytes = |bytes: u64| format!("{}GB", bytes / 1_000_000_000);
    let sizes = board.emmc.iter();
    sizes.map(|size| gigabytes(size.bytes())).collect()
}

/// Whether the board takes `medium`. Of one nobody knows much of, everything but
/// eMMC is believed.
pub(super) fn takes(board: &Board, medium: Medium) -> bool {
    board.media.contains(&medium) || board.media.is_empty() && medium != Medium::Emmc
}

/// How an SSD is attached: the fastest way there is.
pub(super) fn ssd_kind(board: &Board) -> &'static str {
    let ways = [
        (Medium::Nvme, "nvme"),
        (Medium::Sata, "sata"),
        (Medium::Usb, "usb"),
    ];
    let way = ways.iter().find(|(medium, _)| board.media.contains(medium));
    way.map_or("usb", |(_, kind)| kind)
}

/// Whether the card of a module is its carrier's: such a slot is dead beside eMMC.
pub(super) fn shares_slot(board: &Board) -> bool {
    let both = [Medium::Emmc, Medium::Microsd];
    board
        .exclusions
        .iter()
        .any(|one| both.iter().all(|medium| one.parts.contains(medium)))
}

/// Hats that feed the board through its network cable.
pub(super) fn hats(view: &View<'_>, board: &Board) -> Vec<Choice> {
    let header = board.poe.as_ref().and_then(|poe| poe.header);
    if header != Some(true) {
        return Vec::new();
    }
    let hats = view.vocabulary.catalogue.hats.values();
    let fitting = hats.filter(|hat| hat.fits.contains(&board.id));
    fitting
        .map(|hat| {
            let gives = hat.poe.gives();
            let gives = gives.map_or_else(String::new, |power| format!(", gives {power}"));
            Choice::new(&hat.id, format!("{}{gives}", hat.name))
        })
        .collect()
}

/// The hat to propose: of those whose standard is known, which alone lets the
/// switch's budget be checked, the one that may take most.
pub(super) fn best_hat(view: &View<'_>, board: &Board) -> String {
    let hats = view.vocabulary.catalogue.hats.values();
    let known = hats.filter(|hat| hat.fits.contains(&board.id) && hat.poe.standard.is_some());
    let best = known.max_by_key(|hat| hat.poe.standard.clone());
    best.map_or_else(String::new, |hat| hat.id.clone())
}

/// What a module is plugged into: for one module, for several, or fed
/// through the network cable.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Seat {
    Single,
    Several,
    Poe,
}

/// The carriers of one kind that fit the board.
pub(super) fn carriers(view: &View<'_>, board: &Board, seat: Seat) -> Vec<Choice> {
    let right = |carrier: &Carrier| match seat {
        Seat::Poe => carrier.poe.is_some(),
        Seat::Several => carrier.slots > 1,
        Seat::Single => carrier.slots == 1 && carrier.poe.is_none(),
    };
    let carriers = view.vocabulary.catalogue.carriers.values();
    let fitting = carriers.filter(|carrier| carrier.fits.contains(&board.id) && right(carrier));
    fitting
        .map(|carrier| {
            let slots = match carrier.slots {
                1 => String::new(),
                slots => format!(", {slots} modules on each"),
            };
            Choice::new(&carrier.id, format!("{}{slots}", carrier.name))
        })
        .collect()
}

/// Supplies for one board that fit it, and the one to propose.
pub(super) fn own_supplies(view: &View<'_>, board: &Board) -> (Vec<Choice>, String) {
    let fits = |supply: &&Supply| supply.ports.unwrap_or(1) == 1 && plugs(supply, board);
    let mut fitting: Vec<_> = supplies(view).filter(fits).collect();
    fitting.sort_by_key(|supply| supply.port());
    let enough = |supply: &&&Supply| suffices(supply, board);
    let default = fitting.iter().find(enough).or(fitting.last());
    let default = default.map_or(OPEN, |supply| supply.id.as_str()).to_owned();
    (fitting.into_iter().map(named).collect(), default)
}

/// Supplies that feed several boards.
pub(super) fn chargers(view: &View<'_>) -> Vec<Choice> {
    supplies(view)
        .filter(|supply| supply.ports.unwrap_or(1) > 1)
        .map(named)
        .collect()
}

fn supplies<'a>(view: &View<'a>) -> impl Iterator<Item = &'a Supply> {
    let supplies = view.vocabulary.catalogue.supplies.values();
    supplies.map(AsRef::as_ref)
}

fn named(supply: &Supply) -> Choice {
    Choice::new(&supply.id, supply.name.clone())
}

/// Whether the plug fits: as far as both are known. A board of unknown intake is
/// not promised any.
fn plugs(supply: &Supply, board: &Board) -> bool {
    let Some(intake) = &board.intake else {
        return false;
    };
    match (supply.connector, intake.connector) {
        (Some(supply), Some(board)) => supply == board,
        _ => true,
    }
}

/// Whether the supply gives what the maker asks, within a twentieth: a supply of
/// 5 V for 5.1 V is what everybody uses.
fn suffices(supply: &Supply, board: &Board) -> bool {
    let asked = board.intake.as_ref().and_then(Intake::asked);
    match (supply.port(), asked) {
        (Some(gives), Some(asked)) => gives.milli() * 21 / 20 >= asked.milli(),
        _ => false,
    }
}
