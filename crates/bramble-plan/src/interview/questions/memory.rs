//! Questions 3 and 4: memory and flash, and what the nodes boot from. Not in here:
//! whether it all fits, which the checks of the plan say in full.

use bramble_cluster::catalogue::{Board, Medium};
use bramble_cluster::unit::{Capacity, Memory};

use super::super::complaint::Complaint;
use super::super::form::{Choice, Form, Free};
use super::super::hardware;
use super::super::question::Question;
use super::super::resolved::View;
use super::nodes::number;
use super::purpose::scheduled;

/// Least room for any of the systems, with some to work in.
const LEAST_CARD: u64 = 4_000_000_000;

/// Most tasks on one node.
const MOST_TASKS: u32 = 256;

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        id: "ram",
        number: Some(3),
        topic: "memory and flash",
        title: "How much memory has each worker?",
        why: "It is soldered: what you buy is what there will ever be.",
        more: "Think of what one task needs, times the tasks that run on one node at \
               the same time. The system itself takes some hundred MB.",
        form: |view| {
            let board = hardware::board(view, "board")?;
            memory_unknown(board).or_else(|| sizes_of(board))
        },
        follows: |_| None,
    },
    Question {
        id: "head_ram",
        number: Some(3),
        topic: "memory and flash",
        title: "How much memory has the head?",
        why: "Spare memory of the head caches the files that it serves.",
        more: "2 GB are enough to lead a handful of workers. More helps when the head \
               runs services of its own.",
        form: |view| {
            let board = hardware::board(view, "head_board")?;
            let same = view.is("head_board", view.get("board"));
            if let Some(mut form) = memory_unknown(board) {
                if same {
                    view.get("ram").clone_into(&mut form.default);
                }
                return Some(form);
            }
            let mut form = sizes_of(board)?;
            // It runs no jobs: what a core gets tells nothing.
            for choice in &mut form.choices {
                choice.follows.clear();
            }
            let default = if same { view.get("ram") } else { &form.default };
            Some(Form::one(form.choices, default))
        },
        follows: |_| None,
    },
    Question {
        id: "job_memory",
        number: Some(3),
        topic: "memory and flash",
        title: "How much memory does one task need?",
        why: "A node that runs out of memory ends tasks, and jobs with them.",
        more: "Run one task on any computer and look at its peak: `/usr/bin/time -v` \
               calls it maximum resident set size. A guess is fine for now.",
        form: |view| {
            if !scheduled(view) {
                return None;
            }
            let small = memory_of(view).is_some_and(|memory| memory.mib() < 1024);
            let default = if small { "100MB" } else { "500MB" };
            Some(Form::text(
                Free::new("a size, such as 500MB", task),
                default,
            ))
        },
        follows: |_| None,
    },
    Question {
        id: "tasks_per_node",
        number: Some(3),
        topic: "memory and flash",
        title: "How many tasks run on one worker at the same time?",
        why: "Together they must fit into its memory. One for each core is usual.",
        more: "More tasks than cores take turns and gain nothing. Fewer leave cores \
               idle, but each task has more memory.",
        form: |view| {
            let free = Free::new("a number", tasks);
            scheduled(view).then(|| Form::text(free, usual_tasks(view).to_string()))
        },
        follows: needed,
    },
    Question {
        id: "per_node",
        number: Some(3),
        topic: "memory and flash",
        title: "How much does a worker store on its own card?",
        why: "Own data is fast and on one node only; common files come in question 10.",
        more: "Scratch files, container images and data sets that every node needs a \
               copy of. The system is counted apart.",
        form: |_| {
            let free = Free::new("a size, such as 8GB", |answer, _| room(answer, 1));
            Some(Form::text(free, "4GB"))
        },
        follows: |_| None,
    },
    Question {
        id: "storage",
        number: Some(4),
        topic: "eMMC, SSD or microSD",
        title: "What do the workers boot from?",
        why: "Cards are cheap and wear out; eMMC is faster and fixed; SSDs are fastest.",
        more: "A microSD card is written in a reader and swapped in a minute. eMMC is \
               written through a cable with the board in a special mode. An SSD costs \
               more and forgives a sudden loss of power less. On a compute module an \
               SSD and eMMC do work side by side: one is on PCI Express, the other on \
               the SD bus.",
        form: storage,
        follows: |_| None,
    },
    Question {
        id: "emmc",
        number: Some(4),
        topic: "eMMC, SSD or microSD",
        title: "How large is the workers' eMMC?",
        why: "It is soldered, and the system takes its share of it.",
        more: "It is part of the board's order number. `bramble plan` shows what is \
               left after the system and your data.",
        form: |view| {
            let sizes = hardware::emmc(hardware::board(view, "board")?);
            let asked = view.get("storage").starts_with("emmc") && sizes.len() > 1;
            let middle = sizes.get(sizes.len() / 2).cloned().unwrap_or_default();
            let choice = |size| Choice::new(size, "");
            asked.then(|| Form::one(sizes.into_iter().map(choice).collect(), &middle))
        },
        follows: |view| left(view, "emmc"),
    },
    Question {
        id: "card",
        number: Some(4),
        topic: "eMMC, SSD or microSD",
        title: "Which microSD card?",
        why: "Every node gets the same one, so that one image fits all.",
        more: "Say a size if yours is not listed; name and price can be added to the \
               file later.",
        form: |view| {
            let cards = drives(view, &[Medium::Microsd]);
            let free = Free::new("a size, such as 64GB", |answer, _| room(answer, LEAST_CARD));
            view.is("storage", "microsd")
                .then(|| with_size(cards, free, "32GB"))
        },
        follows: |view| left(view, "card"),
    },
    Question {
        id: "ssd",
        number: Some(4),
        topic: "eMMC, SSD or microSD",
        title: "Which SSD is in each worker?",
        why: "It decides the room for data, and is a good part of the cost.",
        more: "Say a size if yours is not listed; name and price can be added to the \
               file later.",
        form: |view| {
            let cards = drives(view, &[Medium::Nvme, Medium::Sata, Medium::Usb]);
            let free = Free::new("a size, such as 256GB", |answer, _| {
                room(answer, LEAST_CARD)
            });
            let asked = matches!(view.get("storage"), "ssd" | "emmc-ssd");
            asked.then(|| with_size(cards, free, "256GB"))
        },
        follows: |view| left(view, "ssd"),
    },
];

/// Asks for a size of memory, if nobody knows what the board is sold with.
fn memory_unknown(board: &Board) -> Option<Form> {
    let hint = "a size, such as 4GB: the catalogue does not know what it is sold with";
    let free = Free::new(hint, |answer, _| size(answer));
    board.memory.is_empty().then(|| Form::text(free, "4GB"))
}

/// The sizes of memory to choose from, if there are several.
fn sizes_of(board: &Board) -> Option<Form> {
    let sizes = hardware::memory(board);
    let default = if sizes.iter().any(|size| size == "4GB") {
        "4GB".to_owned()
    } else {
        sizes.last()?.clone()
    };
    let each = |(size, memory): (String, &Memory)| {
        let cores = board.cores.filter(|cores| *cores > 0);
        let each =
            cores.map(|cores| format!("{} for each core", Memory::from_mib(memory.mib() / cores)));
        Choice::new(size, each.unwrap_or_default())
    };
    let choices = sizes
        .into_iter()
        .zip(&board.memory)
        .map(each)
        .collect::<Vec<_>>();
    (choices.len() > 1).then(|| Form::one(choices, &default))
}

/// What a worker has.
fn memory_of(view: &View<'_>) -> Option<Memory> {
    let board = hardware::board(view, "board")?;
    match view.get("ram") {
        "" => board.memory.first().copied(),
        size => size.parse().ok(),
    }
}

/// One task for each core, as far as they fit.
fn usual_tasks(view: &View<'_>) -> u32 {
    let cores = hardware::cores(view, "board");
    let fitting = memory_of(view).zip(view.get("job_memory").parse::<Memory>().ok());
    let fitting = fitting.map(|(memory, task)| memory.mib() / task.mib().max(1));
    cores
        .unwrap_or(4)
        .min(fitting.unwrap_or(u32::MAX))
        .clamp(1, MOST_TASKS)
}

/// What the tasks of a node need together.
fn needed(view: &View<'_>) -> Option<String> {
    let (tasks, task) = (view.number("tasks_per_node"), view.get("job_memory"));
    let task: Memory = task.parse().ok()?;
    let together = Memory::from_mib(tasks.checked_mul(task.mib())?);
    let sum = format!("{tasks} x {task} = {together}");
    let Some(memory) = memory_of(view) else {
        return Some(format!("{sum} on each worker."));
    };
    Some(if together.mib() > memory.mib() / 10 * 8 {
        format!("{sum} of {memory}: tight, the system needs some too.")
    } else {
        format!("{sum} of {memory}: that fits.")
    })
}

/// Memory, and not none.
fn size(answer: &str) -> Result<String, Complaint> {
    let plain = answer.replace(' ', "");
    match plain.parse::<Memory>() {
        Ok(size) if size.mib() > 0 => Ok(plain),
        Ok(_) => Err(Complaint::new(
            "no memory at all is too little",
            "type a size, such as 500MB",
        )),
        Err(_) => Err(no_size(answer, "500MB")),
    }
}

/// Memory of one task, as far as a worker has it.
fn task(answer: &str, view: &View<'_>) -> Result<String, Complaint> {
    let plain = size(answer)?;
    let task = plain.parse::<Memory>().ok();
    match task.zip(memory_of(view)) {
        Some((task, memory)) if task > memory => Err(Complaint::new(
            format!("{task} for one task is too much: a worker has {memory}"),
            "type a smaller size, or go back and give the workers more memory",
        )),
        _ => Ok(plain),
    }
}

/// Tasks that fit together into the memory of a worker.
fn tasks(answer: &str, view: &View<'_>) -> Result<String, Complaint> {
    let tasks = number(answer, MOST_TASKS)?;
    let task = view.get("job_memory").parse::<Memory>().ok();
    let Some((task, memory)) = task.zip(memory_of(view)) else {
        return Ok(tasks);
    };
    let most = memory.mib() / task.mib().max(1);
    if tasks.parse().is_ok_and(|tasks: u32| tasks <= most) {
        return Ok(tasks);
    }
    Err(Complaint::new(
        format!("{tasks} x {task} is too much: a worker has {memory}"),
        format!("type a number from 1 to {most}, or go back and say less for one task"),
    ))
}

/// What is left of the drive that answers step `id`.
fn left(view: &View<'_>, id: &str) -> Option<String> {
    if id == "ssd" && !view.is("storage", "ssd") {
        // The system is on another.
        return None;
    }
    let answer = view.get(id);
    let known = view.vocabulary.catalogue.cards.get(answer);
    let room = known.and_then(|card| card.capacity);
    let room = room.or_else(|| answer.parse().ok())?;
    let own: Capacity = view.get("per_node").parse().ok()?;
    Some(match room.bytes().checked_sub(own.bytes()) {
        Some(left) => {
            let left = Capacity::from_bytes(left);
            format!("{room}: your {own} leave {left} for the system and the rest.")
        }
        None => format!("{room}, and you keep {own}: too small. Go back with b."),
    })
}

/// Room of at least `least` bytes.
fn room(answer: &str, least: u64) -> Result<String, Complaint> {
    let plain = answer.replace(' ', "");
    match plain.parse::<Capacity>() {
        Ok(room) if room.bytes() >= least => Ok(plain),
        Ok(_) => Err(Complaint::new(
            format!("{plain} is too small"),
            "type a larger size",
        )),
        Err(_) => Err(no_size(answer, "32GB")),
    }
}

fn no_size(answer: &str, example: &str) -> Complaint {
    let short: String = answer.chars().take(40).collect();
    let remedy = format!("type a number and its unit, such as {example}");
    Complaint::new(format!("{short} is no size"), remedy)
}

fn storage(view: &View<'_>) -> Option<Form> {
    let board = hardware::board(view, "board")?;
    let slot = hardware::shares_slot(board);
    let mut choices = Vec::new();
    if hardware::takes(board, Medium::Microsd) {
        let follows = if slot {
            "a card in the carrier, and modules without eMMC (Lite)"
        } else {
            "a card in each board: cheap, swapped in a minute"
        };
        choices.push(Choice::new("microsd", follows));
    }
    if !board.emmc.is_empty() {
        choices.push(Choice::new(
            "emmc",
            "soldered: nothing to lose, written by cable",
        ));
    }
    if !board.emmc.is_empty() && hardware::takes(board, Medium::Nvme) {
        choices.push(Choice::new(
            "emmc-ssd",
            "boots from eMMC, data on an SSD beside it",
        ));
    }
    let ssd = match hardware::ssd_kind(board) {
        "nvme" => "an NVMe SSD in each: fast and roomy, costs more",
        "sata" => "a SATA SSD in each: fast and roomy, costs more",
        _ => "an SSD on USB in each: fast and roomy, costs more",
    };
    if [Medium::Nvme, Medium::Sata, Medium::Usb]
        .iter()
        .any(|one| hardware::takes(board, *one))
    {
        choices.push(Choice::new("ssd", ssd));
    }
    if choices.is_empty() {
        choices.push(Choice::new("microsd", "a card in each board"));
    }
    let mut form = Form::one(choices, if board.module { "emmc" } else { "microsd" });
    if slot {
        let reason = "microSD beside eMMC: both are on one bus, and the slot of the \
                      carrier is dead where a module has eMMC";
        form.missing.push(reason.to_owned());
    }
    Some(form)
}

/// The catalogue's cards of some kinds. A card of unknown kind is a microSD card.
fn drives(view: &View<'_>, kinds: &[Medium]) -> Vec<Choice> {
    let cards = view.vocabulary.catalogue.cards.values();
    let right = cards.filter(|card| kinds.contains(&card.medium.unwrap_or(Medium::Microsd)));
    right
        .map(|card| Choice::new(&card.id, card.name.clone()))
        .collect()
}

/// The first of the cards, else `size` of any.
fn with_size(cards: Vec<Choice>, free: Free, size: &str) -> Form {
    let mut form = Form::one(cards, "").or(free);
    if form.choices.is_empty() {
        size.clone_into(&mut form.default);
    }
    form
}
