//! Question 5: how the nodes are fed. Not in here: whether that is enough, which
//! the checks of the plan say.

use bramble_cluster::catalogue::Board;

use super::super::complaint::Complaint;
use super::super::form::{Choice, Form, Free};
use super::super::hardware::{self, OPEN, Seat};
use super::super::probe::{Probe, line};
use super::super::question::Question;
use super::super::resolved::View;
use super::super::sections::head_on_charger;
use super::super::switches;
use super::super::trial;
use super::network::NONE;

const OPEN_SUPPLY: &str = "yours is not listed: add it to the file later";

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        id: "power",
        number: Some(5),
        topic: "power",
        title: "How are the workers fed?",
        why: "A board below its voltage slows down, or restarts in the middle of a job.",
        more: "A supply for each board has room for USB devices. A charger with \
               several ports saves sockets, but gives each port less than a Pi 5 asks \
               for. PoE brings power through the network cable and needs a hat on each \
               board and a switch that has enough watts for all.",
        form: ways,
        follows: |_| None,
    },
    Question {
        id: "supply",
        number: Some(5),
        topic: "power",
        title: "Which supply?",
        why: "Its watts are held against what the boards draw when all cores work.",
        more: "`bramble check` tells when a supply gives less than a board's maker \
               asks for, and by how much.",
        form: |view| {
            let board = hardware::board(view, "board")?;
            let (mut choices, default) = match view.get("power") {
                "own" => hardware::own_supplies(view, board),
                "charger" => chargers(view),
                _ => return None,
            };
            choices.push(Choice::new(OPEN, OPEN_SUPPLY));
            let choices = (choices, default.as_str(), OPEN);
            Some(trial::accepted(view, "supply", trial::SUPPLY, choices))
        },
        follows: |view| trial::warning(view, trial::SUPPLY).or_else(|| counted(view)),
    },
    Question {
        id: "hat",
        number: Some(5),
        topic: "power",
        title: "Which PoE hat?",
        why: "It must fit the board, and its class is what the switch reserves for it.",
        more: "A hat of 802.3at can give a board twice what one of 802.3af can, and \
               the switch sets twice as much aside for it.",
        form: |view| {
            let board = hardware::board(view, "board")?;
            let hats = hardware::hats(view, board);
            if !view.is("power", "poe") || hats.is_empty() {
                return None;
            }
            let default = hats_fed(view, &hats).unwrap_or_else(|| hardware::best_hat(view, board));
            Some(Form::one(hats, &default))
        },
        follows: |view| trial::warning(view, trial::SEAT),
    },
    Question {
        id: "carrier",
        number: Some(5),
        topic: "power",
        title: "Which carrier do the modules sit on?",
        why: "It decides the slots, the ports, and how the modules get power.",
        more: "An NVMe SSD behind a PCI Express switch of the carrier cannot be booted \
               from; `bramble check` knows which carriers that is true for.",
        form: |view| {
            let board = hardware::board(view, "board")?;
            let fits = |seat| hardware::carriers(view, board, seat);
            let mut choices = match view.get("power") {
                _ if !board.module => return None,
                "poe" => fits(Seat::Poe),
                "backplane" => fits(Seat::Several),
                _ => fits(Seat::Single),
            };
            if !view.is("power", "poe") {
                choices.push(Choice::new(OPEN, OPEN_SUPPLY));
            }
            let asked = choices.len() > 1 || view.is("power", "poe");
            let choices = (choices, "", OPEN);
            asked.then(|| trial::accepted(view, "carrier", trial::SEAT, choices))
        },
        follows: |view| trial::warning(view, trial::SEAT),
    },
    Question {
        id: "currency",
        number: Some(5),
        topic: "power",
        title: "In which currency do you count?",
        why: "Prices of parts and of power are added up in it.",
        more: "The three letters of its code, such as EUR, GBP or USD. Prices of the \
               catalogue in other currencies need a rate: `rates` under `[cost]`.",
        form: |_| {
            let choices = vec![Choice::new(NONE, "leave prices as they are")];
            let free = Free::new("a code, such as EUR", currency);
            Some(Form::one(choices, NONE).or(free))
        },
        follows: |_| None,
    },
    Question {
        id: "electricity",
        number: Some(5),
        topic: "power",
        title: "What does a kWh of electricity cost you?",
        why: "A cluster that is always on costs its price again in some years.",
        more: "Your bill names it. `bramble plan` multiplies it with what the nodes \
               draw, idle and busy.",
        form: |view| {
            let choices = vec![Choice::new(NONE, "not known, or not worth counting")];
            let free = Free::new("a price in your currency, such as 0.30", price);
            (!view.is("currency", NONE)).then(|| Form::one(choices, NONE).or(free))
        },
        follows: |_| None,
    },
];

fn currency(answer: &str, view: &View<'_>) -> Result<String, Complaint> {
    let code = answer.to_uppercase();
    let cluster = line("currency", &code);
    Probe {
        cluster,
        ..Probe::default()
    }
    .keep(&code, view)
}

/// The price of a kWh, with or without that it is one.
fn price(answer: &str, view: &View<'_>) -> Result<String, Complaint> {
    let bare = answer.strip_suffix("kWh").map(str::trim_end);
    let bare = bare.and_then(|price| price.strip_suffix('/'));
    let bare = bare.unwrap_or(answer).trim();
    let electricity = line("electricity", &format!("{bare}/kWh"));
    let rest = format!("[power]\n{electricity}");
    Probe {
        rest,
        ..Probe::default()
    }
    .keep(bare, view)
}

/// The hat to propose: one that gives the board enough and that a switch of the
/// catalogue can feed in all boards, the best first; else one that gives enough.
fn hats_fed(view: &View<'_>, hats: &[Choice]) -> Option<String> {
    let best = hardware::best_hat(view, hardware::board(view, "board")?);
    let mut ids: Vec<_> = hats.iter().map(|hat| hat.value.as_str()).collect();
    ids.sort_by_key(|id| *id != best);
    ids.retain(|id| trial::fault(view, &[("hat", id)], trial::SEAT).is_none());
    let fed = |id: &&&str| {
        let mut switches = switches::choices(view, true).into_iter();
        switches.any(|switch| {
            let tried = [("hat", **id), ("switch", &switch.value)];
            trial::fault(view, &tried, trial::SWITCH).is_none()
        })
    };
    let right = ids.iter().find(fed).or(ids.first());
    right.map(|id| (*id).to_owned())
}

fn ways(view: &View<'_>) -> Option<Form> {
    let board = hardware::board(view, "board")?;
    let workers = view.number("workers");
    let mut choices = vec![
        Choice::new(
            "own",
            format!("a supply for each: {workers} plugs and cables"),
        ),
        Choice::new(
            "charger",
            "chargers with several ports: few plugs, less power each",
        ),
    ];
    let poe = poe(view, board);
    if poe {
        choices.push(Choice::new(
            "poe",
            "through the network cable: one cable a node",
        ));
    }
    if board.module && !hardware::carriers(view, board, Seat::Several).is_empty() {
        let follows = "several modules on one carrier with one supply";
        choices.push(Choice::new("backplane", follows));
    }
    let mut form = Form::one(choices, "own");
    if !poe {
        form.missing.push(no_poe(board));
    }
    Some(form)
}

/// Whether there is something to feed the board through its network cable.
fn poe(view: &View<'_>, board: &Board) -> bool {
    let carriers = || hardware::carriers(view, board, Seat::Poe);
    !hardware::hats(view, board).is_empty() || board.module && !carriers().is_empty()
}

fn no_poe(board: &Board) -> String {
    let reason = match board.poe.as_ref().and_then(|poe| poe.header) {
        Some(false) => "has no pins for it",
        _ if board.module => "has no carrier in the catalogue that takes it",
        _ => "has no hat in the catalogue for it",
    };
    format!("PoE: the {} {reason}", board.name)
}

/// Chargers, and the first that feeds the board; where none does, that yours is
/// none of them.
fn chargers(view: &View<'_>) -> (Vec<Choice>, String) {
    let chargers = hardware::chargers(view);
    let feeds = |one: &&Choice| {
        let tried = [("supply", one.value.as_str())];
        trial::fault(view, &tried, trial::SUPPLY).is_none()
    };
    let right = chargers.iter().find(feeds).map(|one| one.value.clone());
    (chargers, right.unwrap_or_else(|| OPEN.to_owned()))
}

/// How many chargers it takes.
fn counted(view: &View<'_>) -> Option<String> {
    let supply = view.get("supply");
    if supply == OPEN {
        return Some("`bramble check` will remind you that none is named.".to_owned());
    }
    let ports = view.vocabulary.catalogue.supplies.get(supply)?.ports?;
    let boards = view.number("workers") + u32::from(head_on_charger(view));
    (ports > 1).then(|| {
        let number = boards.div_ceil(ports);
        let ending = if number == 1 { "" } else { "s" };
        format!("{number} charger{ending} of {ports} ports for {boards} boards.")
    })
}
