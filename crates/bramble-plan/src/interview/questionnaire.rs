//! An answers file to fill in: every step with its choices and what is proposed.
//! Not in here: reading it back (`answers_file`).

use std::collections::BTreeSet;

use bramble_cluster::file::Vocabulary;

use super::Defaults;
use super::cluster_file::Table;
use super::form::{Choice, Form};
use super::question::Question;
use super::questions;
use super::resolved::{Given, View, resolve};
use super::text::quoted;

/// Answers that together bring every step and every choice to light. A test holds
/// that no step is missing.
const SCENES: &[&[(&str, &str)]] = &[
    &[],
    &[("storage", "ssd")],
    &[("power", "charger")],
    &[("power", "poe")],
    &[("board", "cm5")],
    &[("board", "cm5"), ("power", "backplane")],
    &[("board", "cm5"), ("storage", "emmc")],
    &[("access", "direct")],
    &[("uplink", "ethernet")],
    &[("shared", "drive")],
    &[("board", "vim3-pro")],
    &[("board", "rpi400")],
    &[("head_board", "rpi400")],
    &[("currency", "EUR")],
];

/// Widest line of comment.
const WIDTH: usize = 80;

/// A step as a scene shows it.
struct Seen {
    scene: &'static [(&'static str, &'static str)],
    form: Form,
}

/// The whole file.
pub(super) fn write(vocabulary: Vocabulary<'_>, defaults: &Defaults) -> String {
    let mut file = String::from(
        "# Answers for `bramble init --answers FILE`.\n\
         #\n\
         # Take the `#` away from a line to answer it otherwise than proposed. Steps\n\
         # that are left out are answered as proposed; some are only asked after\n\
         # certain other answers, which is said beside them.\n",
    );
    let mut number = None;
    for question in questions::all() {
        if question.number != number {
            number = question.number;
            let title = number.map(|number| format!("\n# {number}. {}\n", question.topic));
            file.push_str(&title.unwrap_or_default());
        }
        let seen = seen(question, vocabulary, defaults);
        file.push('\n');
        file.push_str(&entry(question, &seen));
    }
    file
}

/// The step in every scene in which it is asked.
fn seen(question: &Question, vocabulary: Vocabulary<'_>, defaults: &Defaults) -> Vec<Seen> {
    let in_scene = |scene: &&'static [(&'static str, &'static str)]| {
        let given: Given = scene
            .iter()
            .map(|(id, answer)| (*id, (*answer).to_owned()))
            .collect();
        let values = resolve(vocabulary, defaults, &given);
        let view = View {
            vocabulary,
            defaults,
            values: &values,
        };
        // A scene whose answers cannot be given in this catalogue shows nothing.
        let stands = scene.iter().all(|(id, answer)| view.is(id, answer));
        let form = (question.form)(&view).filter(|_| stands)?;
        Some(Seen { scene, form })
    };
    SCENES.iter().filter_map(in_scene).collect()
}

fn entry(question: &Question, seen: &[Seen]) -> String {
    let Some(first) = seen.first() else {
        return String::new();
    };
    let mut lines = format!("# {}", question.title);
    if let Some(condition) = condition(first.scene) {
        lines.push_str(&condition);
    }
    lines.push('\n');
    for (choice, scene) in choices(seen) {
        let condition = condition(scene).filter(|_| scene != first.scene);
        let condition = condition.unwrap_or_default();
        let line = format!("#   {:18} {}", choice.value, choice.follows);
        let line = line.trim_end();
        let short = line.len() + condition.len() <= WIDTH;
        let parts = if short || condition.is_empty() {
            format!("{line}{condition}\n")
        } else {
            format!("{line}\n#     {}\n", condition.trim_start())
        };
        lines.push_str(&parts);
    }
    if let Some(free) = &first.form.free {
        let or = if first.form.choices.is_empty() {
            ""
        } else {
            "or "
        };
        lines.push_str(&wrapped(&format!("{or}{}", free.hint)));
    }
    let mut table = Table::new("", "");
    table.row(&format!("#{}", question.id), &value(&first.form), "");
    lines + table.end().trim_start()
}

/// Every choice of any scene, with the first scene that offers it.
fn choices(seen: &[Seen]) -> Vec<(&Choice, &'static [(&'static str, &'static str)])> {
    let mut known = BTreeSet::new();
    let mut all = Vec::new();
    for one in seen {
        for choice in &one.form.choices {
            if known.insert(choice.value.as_str()) {
                all.push((choice, one.scene));
            }
        }
    }
    all
}

/// ` (with board = "cm5")`.
fn condition(scene: &[(&str, &str)]) -> Option<String> {
    let answers: Vec<_> = scene
        .iter()
        .map(|(id, answer)| format!("{id} = {}", quoted(answer)))
        .collect();
    (!answers.is_empty()).then(|| format!(" (with {})", answers.join(" and ")))
}

/// What is proposed, as TOML.
fn value(form: &Form) -> String {
    if form.several {
        return super::text::list(form.default.split(','));
    }
    if form.default.parse::<u32>().is_ok() {
        return form.default.clone();
    }
    quoted(&form.default)
}

/// A comment of more lines where it is long.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut line = String::from("#  ");
    for word in text.split(' ') {
        if line.len() + 1 + word.len() > WIDTH {
            lines.extend([line.as_str(), "\n"]);
            line = String::from("#    ");
        }
        line.extend([" ", word]);
    }
    lines + &line + "\n"
}
