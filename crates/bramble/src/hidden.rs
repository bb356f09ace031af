//! Secrets that are typed, and not shown. Not in here: what they are for.

use std::io::{self, IsTerminal as _, stderr, stdin};

use bramble_cluster::Secret;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

/// Asks for a secret on the terminal, with nothing of it shown. `None` where nobody can
/// answer.
pub(crate) fn ask(
    question: &str,
    console: &mut Console,
) -> Result<Option<Secret<String>>, Failure> {
    if !stdin().is_terminal() || !stderr().is_terminal() {
        return Ok(None);
    }
    console.prompt(question);
    typed(rpassword::read_password()).map(Some)
}

/// The same where standard input and standard error are taken by something else: on the
/// terminal that the command was started from.
pub(crate) fn ask_at_terminal(
    question: &str,
    console: &mut Console,
) -> Result<Secret<String>, Failure> {
    console.clear_status();
    typed(rpassword::prompt_password(question))
}

fn typed(answer: io::Result<String>) -> Result<Secret<String>, Failure> {
    answer.map(Secret::new).map_err(|error| match error.kind() {
        // Ctrl-C comes as a character while a secret is typed.
        io::ErrorKind::Interrupted => Failure::new(Exit::Interrupted, "interrupted"),
        _ => Failure::new(Exit::Host, format!("no answer can be read: {error}")),
    })
}
