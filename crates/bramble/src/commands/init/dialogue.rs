//! The interview on a terminal: asks, listens, goes back, and writes nothing. Not
//! in here: how a step looks (`look`), and the questions (`bramble-plan`).

use bramble_plan::interview::Interview;

use super::keyboard::{Keyboard, Typed};
use super::look;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt;

/// What was meant by a line.
#[derive(Debug, PartialEq, Eq)]
enum Meant<'a> {
    Answer(&'a str),
    Back,
    More,
    Quit,
}

/// Asks all steps, and last whether to write `file`. False if the person quits.
pub(super) fn hold(
    interview: &mut Interview<'_>,
    file: &str,
    console: &mut Console,
) -> Result<bool, Failure> {
    let keyboard = Keyboard::new(interrupt::flag()?);
    console.say(&look::greeting());
    let mut topic = None;
    loop {
        let Some(step) = interview.step() else {
            match confirm(file, &keyboard, console)? {
                Meant::Back => interview.back(),
                Meant::Quit => return Ok(false),
                _ => return Ok(true),
            };
            continue;
        };
        if topic != Some((step.number, step.topic)) {
            console.say(&look::heading(&step));
            topic = Some((step.number, step.topic));
        }
        console.prompt(&look::step(&step));
        if !answer(interview, &keyboard, console)? {
            return Ok(false);
        }
    }
}

/// Asks whether to write `file`: an empty line, or the way back or out.
fn confirm(
    file: &str,
    keyboard: &Keyboard,
    console: &mut Console,
) -> Result<Meant<'static>, Failure> {
    loop {
        console.prompt(&look::last(file));
        match keyboard.line() {
            Typed::Line(line) => match meant(&line) {
                Meant::Answer("" | "y" | "yes") => return Ok(Meant::Answer("")),
                Meant::Back => return Ok(Meant::Back),
                Meant::Quit | Meant::Answer("n" | "no") => return Ok(Meant::Quit),
                Meant::Answer(_) | Meant::More => console.say(&look::more_at_the_end(file)),
            },
            ended => return Err(ended_early(&ended, console)),
        }
    }
}

/// Listens until the step that is asked is another one. False to quit.
fn answer(
    interview: &mut Interview<'_>,
    keyboard: &Keyboard,
    console: &mut Console,
) -> Result<bool, Failure> {
    let Some(step) = interview.step() else {
        return Ok(true);
    };
    loop {
        console.prompt(&look::prompt(&step));
        let line = match keyboard.line() {
            Typed::Line(line) => line,
            ended => return Err(ended_early(&ended, console)),
        };
        match meant(&line) {
            Meant::Quit => return Ok(false),
            Meant::More => console.say(&look::more(&step)),
            Meant::Back if interview.back() => return Ok(true),
            Meant::Back => console.say("    this is the first step"),
            Meant::Answer(answer) => match interview.answer(answer) {
                Ok(consequence) => {
                    if let Some(text) = look::follows(&consequence) {
                        console.say(&text);
                    }
                    return Ok(true);
                }
                Err(complaint) => console.say(&look::refused(&complaint)),
            },
        }
    }
}

/// `b` and `q` are no answers to any step: no name of one letter is worth asking
/// twice for. Quoted they are.
fn meant(line: &str) -> Meant<'_> {
    match line.trim() {
        "b" | "back" => Meant::Back,
        "?" | "help" => Meant::More,
        "q" | "quit" => Meant::Quit,
        answer => match answer
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
        {
            Some(quoted) if !quoted.is_empty() => Meant::Answer(quoted),
            _ => Meant::Answer(answer),
        },
    }
}

fn ended_early(typed: &Typed, console: &mut Console) -> Failure {
    // The prompt stands on the line.
    console.say("");
    match typed {
        Typed::Interrupt => Failure::new(Exit::Interrupted, "interrupted; nothing was written"),
        _ => Failure::new(
            Exit::Usage,
            "the input ended before the last question; nothing was written",
        )
        .hint(
            "answer from a file: `bramble init --questions > answers.toml`, fill it in, \
                   then `bramble init --answers answers.toml`",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_in_quotes_is_an_answer() {
        assert_eq!(meant(" b "), Meant::Back);
        assert_eq!(meant("\"b\""), Meant::Answer("b"));
        assert_eq!(meant("\"\""), Meant::Answer("\"\""));
        assert_eq!(meant(""), Meant::Answer(""));
    }
}
