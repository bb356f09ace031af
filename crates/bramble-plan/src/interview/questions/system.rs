//! Questions 6 to 8: which system, how it gets onto the nodes, and the account on
//! it. Not in here: boot cards, which `bramble-card` makes.

use bramble_cluster::catalogue::FirstBoot;

use super::super::complaint::Complaint;
use super::super::form::{Choice, Form, Free};
use super::super::hardware;
use super::super::probe::{Probe, line};
use super::super::question::Question;
use super::super::resolved::View;

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        id: "image",
        number: Some(6),
        topic: "operating system",
        title: "Which operating system runs on the workers?",
        why: "One release for all: Slurm and MPI of different releases do not talk.",
        more: "An official image is tested on the board and gets updates. Your own can \
               be a file here or at an address; it should be Debian or a child of it, \
               since that is what bramble configures.",
        form: |view| Some(images(view)),
        follows: |_| None,
    },
    Question {
        id: "install",
        number: Some(7),
        topic: "the system onto the nodes",
        title: "How does the system get onto the nodes?",
        why: "By card or network a node has name, keys and address at its first start.",
        more: "`bramble card write` writes many cards at once, each with its own name \
               and keys. A machine that already runs Debian or a child of it is taken \
               over as it is by `bramble adopt`.",
        form: ways,
        follows: |_| None,
    },
    Question {
        id: "user",
        number: Some(8),
        topic: "first configuration",
        title: "What is the account on every node called?",
        why: "The same name and number everywhere, or shared files change owners.",
        more: "The first start makes it by itself; nothing is typed on any node. It may \
               become root with `sudo` without a password, since there is none to steal \
               or to forget. What else the nodes need comes with `bramble up`, as often \
               as you like.",
        form: |_| {
            let free = Free::new("a word", |answer, view| {
                let cluster = line("user", answer);
                Probe {
                    cluster,
                    ..Probe::default()
                }
                .keep(answer, view)
            });
            Some(Form::text(free, "pi"))
        },
        follows: |view| {
            let user = view.get("user");
            Some(format!(
                "{user} on every node: keys only, sudo without a password."
            ))
        },
    },
];

/// Whether the answer of step `id` is a board of Raspberry Pi's.
pub(in super::super) fn raspberry(view: &View<'_>, id: &str) -> bool {
    let board = hardware::board(view, id);
    board.is_some_and(|board| board.name.starts_with("Raspberry Pi"))
}

/// Images that boot the workers: Raspberry Pi OS only boots boards of Raspberry
/// Pi's, and x86 images no board of the others that are listed.
fn images(view: &View<'_>) -> Form {
    let raspberry = raspberry(view, "board");
    let images = view.vocabulary.catalogue.images.values();
    let right = images.filter(|image| raspberry || !image.id.starts_with("raspios"));
    let choices: Vec<_> = right
        .map(|image| Choice::new(&image.id, image.name.clone()))
        .collect();
    let default = if raspberry {
        "raspios-lite-arm64-trixie"
    } else {
        "debian-13"
    };
    let mut choices = choices;
    // What is proposed comes first.
    choices.sort_by_key(|choice| choice.value != default);
    let free = Free::new("your own: a path such as ./mine.img.xz, or a URL", own);
    let mut form = Form::one(choices, default).or(free);
    if form.choices.is_empty() {
        default.clone_into(&mut form.default);
    }
    if !raspberry {
        let reason = "Raspberry Pi OS: it boots boards of Raspberry Pi only";
        form.missing.push(reason.to_owned());
    }
    form
}

/// An image of one's own, as the reader takes it.
fn own(answer: &str, view: &View<'_>) -> Result<String, Complaint> {
    let rest = format!("[os]\n{}", line("image", answer));
    Probe {
        rest,
        ..Probe::default()
    }
    .keep(answer, view)
}

/// Whether the image can be put on cards: what only machines run already cannot.
fn writable(view: &View<'_>) -> bool {
    let image = view.vocabulary.catalogue.images.get(view.get("image"));
    image.is_none_or(|image| image.first_boot != Some(FirstBoot::None))
}

fn ways(view: &View<'_>) -> Option<Form> {
    let board = hardware::board(view, "board")?;
    let write = match view.get("storage") {
        "microsd" => "write microSD cards here, put them in, switch on",
        "ssd" => "write the SSDs here in a USB case, put them in, switch on",
        _ => "write each eMMC through a USB cable, then switch on",
    };
    let (mut choices, mut missing) = (Vec::new(), Vec::new());
    if writable(view) {
        choices.push(Choice::new("card", write));
    } else {
        let image = view.get("image");
        missing.push(format!(
            "card: {image} stands for what a machine runs already"
        ));
    }
    match board.network_boot {
        Some(true) if writable(view) => {
            let follows = "workers boot from the head; only the head has a card";
            choices.push(Choice::new("network", follows));
        }
        Some(true) => {}
        Some(false) => missing.push(format!("network: the {} cannot boot from it", board.name)),
        None => missing.push(format!(
            "network: the {} is not known to boot from it",
            board.name
        )),
    }
    let follows = "the nodes run a system already; bramble takes them over";
    choices.push(Choice::new("adopt", follows));
    let mut form = Form::one(choices, "card");
    form.missing = missing;
    Some(form)
}
