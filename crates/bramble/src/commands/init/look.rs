//! How a step of the interview looks on a terminal. Not in here: asking it.

use bramble_plan::interview::{Complaint, Consequence, QUESTIONS, Step};
use bramble_view::style::Label;

/// Widest line.
const WIDTH: usize = 78;

/// Longest name of a choice that stands beside what follows from it; of a public
/// key nobody reads more.
const NAME: usize = 40;

/// What is said before the first step.
pub(super) fn greeting() -> String {
    let key = |name: &str| Label::Command.paint(name);
    format!(
        "{}\nTwelve questions lead to a cluster file. Nothing is written before the end.\n\n  \
         {}  takes what stands in brackets    {}  tells more\n  \
         {}      goes back one step               {}  quits",
        Label::Heading.paint("A new cluster"),
        key("Enter"),
        key("?"),
        key("b"),
        key("q"),
    )
}

/// The head of a question, above its first step.
pub(super) fn heading(step: &Step) -> String {
    let before = step.number.map_or_else(
        || "First:".to_owned(),
        |number| format!("Question {number} of {QUESTIONS}:"),
    );
    let topic = Label::Heading.paint(step.topic);
    format!("\n{} {topic}", Label::Quiet.paint(before))
}

/// The step itself, up to where the answer is typed.
pub(super) fn step(step: &Step) -> String {
    let mut text = format!("\n    {}\n", step.title);
    for line in wrapped(step.why, 4) {
        text.extend([&Label::Quiet.paint(line), "\n"]);
    }
    let names: Vec<_> = step
        .choices
        .iter()
        .map(|choice| name(&choice.value))
        .collect();
    let longest = names.iter().map(|name| name.chars().count()).max();
    let width = longest.unwrap_or(0).min(NAME);
    let numbered = step.choices.iter().zip(&names).enumerate();
    for (index, (choice, name)) in numbered {
        let number = Label::Command.paint(format!("{:>2}", index + 1));
        let follows = &choice.follows;
        text.extend([
            format!("    {number} {name:width$}  {follows}").trim_end(),
            "\n",
        ]);
    }
    for reason in &step.missing {
        let lines = wrapped(&format!("not offered: {reason}"), 7);
        text.extend(
            lines
                .iter()
                .map(|line| format!("{}\n", Label::Quiet.paint(line))),
        );
    }
    if let Some(free) = step.free.as_ref().filter(|_| !step.choices.is_empty()) {
        // A long list is for those who ask.
        let short = free.split(": ").next().unwrap_or_default();
        let hint = if free.len() > 60 {
            format!("{short} (? lists them)")
        } else {
            free.clone()
        };
        let hint = Label::Quiet.paint(format!(" - or {hint}"));
        text.extend([
            "    ", &hint, "
",
        ]);
    }
    text
}

/// Where the answer is typed.
pub(super) fn prompt(step: &Step) -> String {
    let default = step.default.replace(',', ", ");
    let default = name(&default);
    let several = if step.several {
        "several, with commas "
    } else {
        ""
    };
    format!("    {several}[{default}] {} ", Label::Command.paint(">"))
}

/// What `?` tells.
pub(super) fn more(step: &Step) -> String {
    let mut lines = wrapped(step.more, 4);
    // "A word" and "a number" tell nobody anything.
    if let Some(free) = step.free.as_ref().filter(|free| free.len() > 10) {
        lines.extend(wrapped(&format!("You can type {free}."), 4));
    }
    lines.join("\n") + "\n"
}

/// What follows from an answer.
pub(super) fn follows(consequence: &Consequence) -> Option<String> {
    let text = consequence.text.as_ref().filter(|text| !text.is_empty())?;
    let mark = Label::Good.paint("\u{2192}");
    let lines = wrapped(text, 6);
    Some(format!("    {mark} {}", lines.join("\n").trim_start()))
}

/// What is asked after the last step.
pub(super) fn last(file: &str) -> String {
    let key = |name: &str| Label::Command.paint(name);
    format!(
        "\n{}\n\n    {} writes {file}, {} goes back, {} quits {} ",
        Label::Heading.paint("That is all."),
        key("Enter"),
        key("b"),
        key("q"),
        key(">")
    )
}

/// What `?` tells after the last step.
pub(super) fn more_at_the_end(file: &str) -> String {
    let text = format!(
        "Nothing is written yet. Enter or `yes` writes {file} and checks it; b goes back, and \
         every answer is still there; q or `no` quits without writing. The file can be changed \
         with any editor afterwards."
    );
    wrapped(&text, 4).join("\n")
}

/// Why an answer was not taken.
pub(super) fn refused(complaint: &Complaint) -> String {
    // What an arrow key types would move the cursor.
    let what = complaint.what.replace(char::is_control, "\u{fffd}");
    let what = wrapped(&what, 8).join("\n");
    let mut text = format!("    {}: {}", Label::Bad.paint("no"), what.trim_start());
    if let Some(remedy) = &complaint.remedy {
        text.push('\n');
        text.push_str(&wrapped(remedy, 8).join("\n"));
    }
    text
}

fn name(value: &str) -> String {
    if value.chars().count() <= NAME {
        return value.to_owned();
    }
    let start: String = value.chars().take(NAME - 12).collect();
    format!("{start}...")
}

/// Lines of at most [`WIDTH`], each with `indent` blanks before it.
fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.extend([" ", word]);
            }
            _ => lines.push(format!("{:indent$}{word}", "")),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_a_terminal_and_no_word_is_lost() {
        let text = "a longer text of many words ".repeat(9);
        let lines = wrapped(&text, 4);
        assert!(
            lines
                .iter()
                .all(|line| line.len() <= WIDTH && line.starts_with("    "))
        );
        let words: Vec<_> = lines
            .iter()
            .flat_map(|line| line.split_whitespace())
            .collect();
        assert_eq!(words, text.split_whitespace().collect::<Vec<_>>());
    }
}
