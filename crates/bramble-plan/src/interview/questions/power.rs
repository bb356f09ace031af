//! Question 5: how the nodes are fed. Not in here: whether that is enough, which
//! the checks of the plan say.

use bramble_cluster::catalogue::Board;

use super::super::form::{Choice, Form};
use super::super::hardware::{self, OPEN, Seat};
use super::super::question::Question;
use super::super::resolved::View;
use super::super::sections::head_on_charger;

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
                "charger" => (hardware::chargers(view), String::new()),
                _ => return None,
            };
            let default = match choices.first() {
                Some(first) if default.is_empty() => first.value.clone(),
                _ => default,
            };
            choices.push(Choice::new(OPEN, OPEN_SUPPLY));
            Some(Form::one(choices, &default))
        },
        follows: chargers,
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
            let default = hardware::best_hat(view, board);
            let asked = view.is("power", "poe") && !hats.is_empty();
            asked.then(|| Form::one(hats, &default))
        },
        follows: |_| None,
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
            (choices.len() > 1 || view.is("power", "poe")).then(|| Form::one(choices, ""))
        },
        follows: |_| None,
    },
];

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

/// How many chargers it takes.
fn chargers(view: &View<'_>) -> Option<String> {
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
