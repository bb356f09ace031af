//! `bramble init`: the twelve questions, and the cluster file that follows from the
//! answers. Not in here: the questions (`bramble-plan`).

mod dialogue;
mod keyboard;
mod look;
mod templates;

use std::fs;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use bramble_cluster::catalogue::Catalogue;
use bramble_cluster::file::Vocabulary;
use bramble_plan::interview::{AnswerError, Defaults, Interview, PublicKey};
use bramble_view::style::Label;
use clap::builder::PossibleValuesParser;

use super::check;
use crate::cluster_folder::{ClusterFolder, FILE_NAME};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Choice;
use crate::safe_file;

/// Largest answers file; all steps together need a hundredth of it.
const LARGEST: u64 = 1 << 20;

const EXAMPLES: &str = "\
Examples:
  bramble init
  bramble init -f garden/bramble.toml
  bramble init --template 002-recipe
  bramble init --questions > answers.toml
  bramble init --answers answers.toml";

/// Make a cluster file by answering twelve questions
///
/// Asks what the cluster is for, how many nodes of which board, what they boot
/// from, how they are fed, wired and reached; says why it matters and what
/// follows from each answer. Writes a cluster file with comments to ./bramble.toml,
/// and checks it. Without a terminal the answers come from a file.
///
/// With `-f FILE` it is written there; without it, to bramble.toml in this folder,
/// and not to one further up that other commands would find.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Begin with the cluster file of an example instead of questions
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(templates::names()))]
    template: Option<String>,
    /// Take the answers from a file; what it leaves out is answered as proposed
    #[arg(long, value_name = "FILE", conflicts_with = "template")]
    answers: Option<PathBuf>,
    /// Print all questions as a file to fill in, and write nothing
    #[arg(long, conflicts_with_all = ["template", "answers", "force"])]
    questions: bool,
    /// Write over a cluster file that is there already
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let catalogue = Catalogue::builtin();
    let roles = bramble_roles::registry::assigned();
    let vocabulary = Vocabulary {
        catalogue: &catalogue,
        roles: &roles,
    };
    let mut interview = Interview::new(vocabulary, defaults());
    if args.questions {
        console.raw(interview.questions().as_bytes());
        return Ok(Exit::Done);
    }
    let file = destination(choice, args.force)?;
    let text = match (&args.template, &args.answers) {
        (Some(name), _) => templates::text(name).unwrap_or_default().to_owned(),
        (None, Some(answers)) => from_file(&mut interview, answers, console)?,
        (None, None) if !can_ask() => return Err(nobody_to_ask()),
        (None, None) => {
            if !dialogue::hold(&mut interview, &named(choice), console)? {
                console.say("Nothing was written.");
                return Ok(Exit::Done);
            }
            interview.file()
        }
    };
    safe_file::publish(&file, text.as_bytes())?;
    finish(&file, console)
}

/// The file to write, as it was typed.
fn named(choice: &Choice) -> String {
    let file = choice.file.as_deref().unwrap_or(Path::new(FILE_NAME));
    file.display().to_string()
}

/// Where to write: nowhere over something, unless that is wanted.
fn destination(choice: &Choice, force: bool) -> Result<PathBuf, Failure> {
    let shown = named(choice);
    let typed = choice.file.as_deref().unwrap_or(Path::new(FILE_NAME));
    let file = std::path::absolute(typed)
        .map_err(|error| Failure::new(Exit::Usage, format!("cannot write {shown}: {error}")))?;
    if file.is_dir() {
        let inside = Path::new(&shown).join(FILE_NAME);
        let message = format!("{shown} is a directory");
        return Err(Failure::new(Exit::Usage, message)
            .hint(format!("name the file in it: `-f {}`", inside.display())));
    }
    if let Some(folder) = file.parent().filter(|folder| !folder.is_dir()) {
        let folder = folder.display();
        return Err(
            Failure::new(Exit::Usage, format!("there is no folder {folder}"))
                .hint(format!("make it first: `mkdir -p {folder}`")),
        );
    }
    if file.symlink_metadata().is_ok() && !force {
        return Err(
            Failure::new(Exit::Usage, format!("{shown} is there already"))
                .hint("write another one with `-f FILE`")
                .hint("or write over it with `--force`"),
        );
    }
    Ok(file)
}

/// The cluster file that follows from the answers in `path`.
fn from_file(
    interview: &mut Interview<'_>,
    path: &Path,
    console: &mut Console,
) -> Result<String, Failure> {
    let text = read_answers(path).map_err(|error| {
        let message = format!("cannot read {}: {error}", path.display());
        Failure::new(Exit::Usage, message)
            .hint("make one to fill in: `bramble init --questions > answers.toml`")
    })?;
    match interview.read_answers(&text) {
        Ok(notes) => {
            for note in notes {
                console.say(&format!("{}: {note}", path.display()));
            }
            Ok(interview.file())
        }
        Err(errors) => Err(wrong_answers(path, &errors)),
    }
}

fn read_answers(path: &Path) -> std::io::Result<String> {
    use std::io::Read as _;
    let mut text = String::new();
    fs::File::open(path)?
        .take(LARGEST)
        .read_to_string(&mut text)?;
    Ok(text)
}

/// The first as what happened, all others with it as hints.
fn wrong_answers(path: &Path, errors: &[AnswerError]) -> Failure {
    let place = |one: &AnswerError| {
        let line = one.line;
        format!("{}:{line}: {}", path.display(), one.complaint.what)
    };
    let message: Vec<_> = errors.iter().map(place).collect();
    let failure = Failure::new(Exit::Usage, message.join("\nerror: "));
    let remedy = |one: &AnswerError| {
        let remedy = one.complaint.remedy.as_deref()?;
        Some(format!("line {}: {remedy}", one.line))
    };
    let remedies = errors.iter().filter_map(remedy);
    remedies.fold(failure, Failure::hint)
}

fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

fn nobody_to_ask() -> Failure {
    Failure::new(Exit::Usage, "there is no terminal to ask the questions on")
        .hint(
            "answer from a file: `bramble init --questions > answers.toml`, fill it in, \
               then `bramble init --answers answers.toml`",
        )
        .hint(format!(
            "or begin with an example: `bramble init --template {}`",
            templates::names().first().copied().unwrap_or_default()
        ))
}

/// What this machine proposes.
fn defaults() -> Defaults {
    let zone = fs::read_to_string("/etc/timezone").ok();
    Defaults {
        timezone: zone.map(|zone| zone.trim().to_owned()),
        public_keys: public_keys().unwrap_or_default(),
    }
}

/// The caller's public keys, by the names of their files.
fn public_keys() -> Option<Vec<PublicKey>> {
    let folder = PathBuf::from(std::env::var_os("HOME")?).join(".ssh");
    let mut keys: Vec<_> = fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let file = entry.file_name().into_string().ok()?;
            let path = entry.path();
            let public = path.extension().is_some_and(|end| end == "pub");
            let line = public.then(|| read_answers(&path).ok())??;
            let line = line.trim().to_owned();
            Some(PublicKey { file, line })
        })
        .collect();
    keys.sort_by(|one, other| one.file.cmp(&other.file));
    Some(keys)
}

/// Checks what was written, and says how to go on.
fn finish(file: &Path, console: &mut Console) -> Result<Exit, Failure> {
    let folder = ClusterFolder::of(file)?;
    console.say(&format!(
        "\n{} {}",
        Label::Good.paint("written:"),
        folder.name()
    ));
    let exit = check::report(&folder, console)?;
    let option = match folder.name() {
        name if name == FILE_NAME => String::new(),
        name => format!("-f {name} "),
    };
    console.print(&match exit {
        Exit::Done => next_steps(&option),
        _ => mend_first(folder.name().as_ref(), &option),
    });
    Ok(exit)
}

/// How to go on with a file that has no errors.
fn next_steps(option: &str) -> String {
    let next = [
        ("plan", "what it would be: parts, cost, power, speed"),
        ("draw", "the wiring as a picture"),
        ("try", "see it work on this machine, without any board"),
    ];
    let mut text = String::from("Go on with:\n");
    for (verb, purpose) in next {
        let command = format!("bramble {option}{verb}");
        let padding = " ".repeat(22_usize.saturating_sub(command.len()));
        let command = Label::Command.paint(command);
        text.extend(["  ", &command, &padding, " ", purpose, "\n"]);
    }
    text
}

/// How to go on with a file that has errors.
fn mend_first(file: &str, option: &str) -> String {
    let check = Label::Command.paint(format!("bramble {option}check"));
    let again = Label::Command.paint(format!("bramble {option}init --force"));
    format!(
        "Before anything is bought, mend the errors above: each says what to do.\n  \
         change {file}, then {check}\n  or answer otherwise: {again}\n"
    )
}
