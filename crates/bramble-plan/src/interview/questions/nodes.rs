//! Question 2: how many nodes, and what they are.

use super::super::complaint::Complaint;
use super::super::form::{Form, Free};
use super::super::hardware;
use super::super::question::Question;
use super::super::resolved::View;
use super::super::text::nearest;

/// Most workers: a subnet of 254 addresses has room for them, the head, a router
/// and what else is on it.
const MOST: u32 = 200;

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
            let cores = view.number("workers") * board.cores?;
            let workers = view.number("workers");
            let name = &board.name;
            Some(format!("{workers} x {name}: {cores} cores for jobs."))
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
            let speed = board.ethernet_speed()?;
            Some(format!(
                "All that the workers fetch comes through its {speed}."
            ))
        },
    },
];

/// Any other board of the catalogue.
fn other(view: &View<'_>) -> Free {
    let listed = hardware::boards(view);
    let more = view.vocabulary.catalogue.boards.keys();
    let more = more.filter(|id| !listed.iter().any(|choice| &choice.value == *id));
    let more: Vec<_> = more.map(String::as_str).collect();
    Free::new(
        format!("another board: {}", more.join(", ")),
        |answer, view| {
            let boards = &view.vocabulary.catalogue.boards;
            if boards.contains_key(answer) {
                return Ok(answer.to_owned());
            }
            let what = format!("no board is called {answer}");
            Err(match nearest(answer, boards.keys().map(String::as_str)) {
                Some(near) => Complaint::new(what, format!("did you mean {near}?")),
                None => Complaint::new(
                    what,
                    "name one of the list; your own hardware can be added to the file later",
                ),
            })
        },
    )
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
