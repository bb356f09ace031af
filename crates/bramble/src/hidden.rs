//! Secrets that are typed, and not shown. Not in here: what they are for.

use std::io::{IsTerminal as _, stderr, stdin};

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
    let answer = rpassword::read_password()
        .map_err(|error| Failure::new(Exit::Host, format!("no answer can be read: {error}")))?;
    Ok(Some(Secret::new(answer)))
}
