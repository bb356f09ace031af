//! Running other programs, which never wait for somebody to type. Not in here:
//! which programs.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::failure::Failure;

/// A command that has nothing to read.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

/// Runs it, its output going where ours goes.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command
        .status()
        .map_err(|error| not_started(command, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "`{}` ended with {status}; its own words are above",
        line(command)
    )))
}

/// Runs it, its output going to the file `log`, and names that on failure.
pub(crate) fn run_quietly(command: &mut Command, log: &Path) -> Result<(), Failure> {
    let open = || File::create(log).map_err(|error| Failure::file("write", log, &error));
    let file = open()?;
    let copy = file
        .try_clone()
        .map_err(|error| Failure::file("write", log, &error))?;
    command.stdout(file).stderr(copy);
    run(command).map_err(|failure| {
        let said = std::fs::read_to_string(log).unwrap_or_default();
        let last: Vec<_> = said.lines().rev().take(20).collect();
        let last: Vec<_> = last.into_iter().rev().collect();
        Failure::new(format!("{failure}\n{}", last.join("\n")))
    })
}

/// Runs it and gives what it wrote to standard output.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    let output = finished(command)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Failure::new(format!(
        "`{}` ended with {}: {}",
        line(command),
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    )))
}

/// Runs it, however it ends.
pub(crate) fn finished(command: &mut Command) -> Result<Output, Failure> {
    command
        .output()
        .map_err(|error| not_started(command, &error))
}

/// Whether a program of this name is in the search path.
pub(crate) fn is_there(program: &str) -> bool {
    let places = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&places)
        .chain([Path::new("/usr/sbin").to_owned(), Path::new("/sbin").to_owned()])
        .any(|place| place.join(program).is_file())
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!(
        "cannot start `{}`: {error}; see that the program is installed",
        line(command)
    ))
}

/// The command as one would type it, but for quotes.
fn line(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    let mut line = words.join(" ");
    const LONGEST: usize = 200;
    if line.len() > LONGEST {
        line = line.chars().take(LONGEST).chain("...".chars()).collect();
    }
    line
}
