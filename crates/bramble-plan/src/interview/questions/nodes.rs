//! Question 2: how many nodes, and what they are.

use bramble_cluster::suggest::nearest;

use super::super::complaint::Complaint;
use super::super::form::{Form, Free};
use super::super::hardware;
use super::super::question::Question;
use super::super::resolved::View;
use super::super::trial;

/// Most workers: a subnet of 254 addresses has room for them, the head, a router
/// and what else is on it.
const MOST: u32 = 200;

/// Most cores of a board.
const MOST_CORES: u32 = 256;

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        id: "workers",
        number: Some(2),
        topic: "nodes",
        title: "How many workers?",
        why: "Workers run the jobs. The head, which leads them, is one more.",
        more: "Four or five are enough to meet everything that makes a cluster \
               interesting. More can be added at any time by changing one line.",
        form: |_| {
            let free = Free::new("a number", |answer, _| number(answer, MOST));
            Some(Form::text(free, "4"))
        },
        follows: |view| {
            Some(format!(
                "{} nodes with the head.",
                view.number("workers") + 1
            ))
        },
    },
    Question {
        id: "board",
        number: Some(2),
        topic: "nodes",
        title: "Which board is a worker?",
        why: "It sets cores, memory, network speed and what power each node needs.",
        more: "Equal workers make equal progress: in a parallel job all wait for the \
               slowest. `bramble plan` compares speed and cost of your choice.",
        form: |view| Some(Form::one(hardware::boards(view), "rpi5").or(other(view))),
        follows: |view| {
            let board = hardware::board(view, "board")?;
            let cores = view.number("workers") * hardware::cores(view, "board")?;
            let workers = view.number("workers");
            let name = &board.name;
            let text = || format!("{workers} x {name}: {cores} cores for jobs.");
            trial::warning(view, trial::CABLE).or_else(|| Some(text()))
        },
    },
    Question {
        id: "head_board",
        number: Some(2),
        topic: "nodes",
        title: "Which board is the head?",
        why: "It does no jobs, but all traffic and all common files go through it.",
        more: "The same board as the workers is the simplest: one kind of spare part. \
               A faster network port helps more than a faster processor. It can also be \
               a small computer that you have already.",
        form: |view| {
            let mut choices = hardware::boards(view);
            let same = view.get("board");
            // The workers' own board comes first, listed or not.
            if let Some(board) = hardware::board(view, "board") {
                choices.retain(|choice| choice.value != same);
                choices.insert(0, hardware::choice(board));
            }
            Some(Form::one(choices, same).or(other(view)))
        },
        follows: |view| {
            let board = hardware::board(view, "head_board")?;
            let speed = board.ethernet_speed();
            let text = |speed| format!("All that the workers fetch comes through its {speed}.");
            trial::warning(view, trial::CABLE).or_else(|| speed.map(text))
        },
    },
    Question {
        id: "cores",
        number: Some(2),
        topic: "nodes",
        title: "How many cores has a worker?",
        why: "The catalogue does not know it, and every core runs a task.",
        more: "`nproc` on the board prints it, and so do most data sheets. It is \
               written into the file, under `[catalogue.boards]`.",
        form: |view| cores_unknown(view, "board"),
        follows: |view| {
            let cores = view.number("workers") * hardware::cores(view, "board")?;
            Some(format!("{cores} cores for jobs."))
        },
    },
    Question {
        id: "head_cores",
        number: Some(2),
        topic: "nodes",
        title: "How many cores has the head?",
        why: "The catalogue does not know it.",
        more: "`nproc` on the board prints it, and so do most data sheets. It is \
               written into the file, under `[catalogue.boards]`.",
        form: |view| {
            let same = view.is("head_board", view.get("board"));
            cores_unknown(view, "head_board").filter(|_| !same)
        },
        follows: |_| None,
    },
];

/// Asks for the cores of the board that answers step `id`, if nobody knows them.
fn cores_unknown(view: &View<'_>, id: &str) -> Option<Form> {
    let unknown = hardware::board(view, id)?.cores.is_none();
    let free = Free::new("a number", |answer, _| number(answer, MOST_CORES));
    unknown.then(|| Form::text(free, "4"))
}

/// Any other board of the catalogue.
fn other(view: &View<'_>) -> Free {
    let listed = hardware::boards(view);
    let more = view.vocabulary.catalogue.boards.keys();
    let more = more.filter(|id| !listed.iter().any(|choice| &choice.value == *id));
    let more: Vec<_> = more.map(String::as_str).collect();
    Free::new(
        format!("another board: {}", more.join(", ")),
        |answer, view| match view.vocabulary.catalogue.board(answer) {
            Some(board) => Ok(board.id.clone()),
            None => Err(no_board(answer, view)),
        },
    )
}

fn no_board(answer: &str, view: &View<'_>) -> Complaint {
    let known = || view.vocabulary.catalogue.boards.keys().map(String::as_str);
    let what = format!("no board is called {answer}");
    // Ids of Raspberry Pis begin with `rpi`, which people leave out.
    let short = answer.to_lowercase();
    let full = short.starts_with("pi").then(|| format!("r{short}"));
    let near = nearest(answer, known()).or_else(|| nearest(full.as_deref()?, known()));
    match near {
        Some(near) => Complaint::new(what, format!("did you mean {near}?")),
        None => Complaint::new(
            what,
            "name one of the list; your own hardware can be added to the file later",
        ),
    }
}

/// A number from 1 to `most`.
pub(super) fn number(answer: &str, most: u32) -> Result<String, Complaint> {
    match answer.parse::<u32>() {
        Ok(number) if (1..=most).contains(&number) => Ok(number.to_string()),
        _ => {
            let short: String = answer.chars().take(40).collect();
            Err(Complaint::new(
                format!("{short} cannot stand here"),
                format!("type a number from 1 to {most}"),
            ))
        }
    }
}
