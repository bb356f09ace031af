//! `bramble plan`: what the cluster would be, before anything is bought.

use std::path::{Path, PathBuf};

use bramble_plan::{Plan, checks, drawing};
use bramble_view::purchase;
use bramble_view::style::Label;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Choice;
use crate::safe_file;
use crate::survey::Survey;

/// Show what the cluster would be, before anything is bought
///
/// Parts and what they cost, cores, memory and storage, power and electricity, the
/// speed to expect, the address of every node, and everything that speaks against
/// building it like this. Prices are hints with a date, never quotes. Exits with 1
/// if an error was found, as `bramble check` does.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bramble plan\n  bramble plan --html -o plan.html\n  bramble plan -o plan.md\n  bramble plan --json | jq .parts.totals"
)]
pub(crate) struct Args {
    /// Write Markdown
    #[arg(long, visible_alias = "md", conflicts_with = "html")]
    markdown: bool,
    /// Write one HTML page with the drawing in it, for a browser or a printer
    #[arg(long)]
    html: bool,
    /// Write to a file instead, in the form that its ending names
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Columns of text where there is no terminal.
const WIDTH: usize = 100;

/// What the plan is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Json,
    Markdown,
    Html,
}

/// `as_json` says whether the result is wanted as JSON.
pub(crate) fn run(
    args: &Args,
    as_json: bool,
    choice: &Choice,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let form = form(args, as_json)?;
    let folder = choice.folder()?;
    let survey = Survey::of_cluster(&folder, console)?;
    if !survey.read.diagnostics.is_empty() {
        console.say(folder.show(&survey.read).trim_end());
    }
    if let Some(site) = survey.site() {
        let plan = Plan::of(&site, &survey.findings);
        let width = args.output.as_ref().map_or_else(width, |_| WIDTH);
        let text = written(form, &plan, width, || {
            drawing::draw(&site, &survey.findings)
        })?;
        match &args.output {
            Some(file) => put(file, &text, &plan, console)?,
            None if form == Form::Text => console.print(&(text + &next())),
            None => console.raw(text.as_bytes()),
        }
    }
    Ok(if checks::has_errors(&survey.findings) {
        Exit::Failed
    } else {
        Exit::Done
    })
}

/// The form that is asked for, else the one that the file's ending names.
fn form(args: &Args, as_json: bool) -> Result<Form, Failure> {
    let asked = [
        (as_json, Form::Json),
        (args.markdown, Form::Markdown),
        (args.html, Form::Html),
    ];
    let asked: Vec<_> = asked.iter().filter(|(is_asked, _)| *is_asked).collect();
    match asked.as_slice() {
        [] => args.output.as_deref().map_or(Ok(Form::Text), by_ending),
        [(_, form)] => Ok(*form),
        _ => Err(
            Failure::new(Exit::Usage, "the plan is written in one form at a time")
                .hint("write one of `--json`, `--markdown` and `--html`"),
        ),
    }
}

fn by_ending(file: &Path) -> Result<Form, Failure> {
    let ending = file
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("txt") => Ok(Form::Text),
        Some("json") => Ok(Form::Json),
        Some("md" | "markdown") => Ok(Form::Markdown),
        Some("html" | "htm") => Ok(Form::Html),
        _ => Err(Failure::new(
            Exit::Usage,
            format!(
                "{}: its ending is none of .txt, .md, .html and .json",
                file.display()
            ),
        )
        .hint("end the name by one of them, or say which with `--markdown`, `--html` or `--json`")),
    }
}

fn written(
    form: Form,
    plan: &Plan,
    width: usize,
    drawing: impl FnOnce() -> String,
) -> Result<String, Failure> {
    Ok(match form {
        Form::Text => purchase::text(plan, width),
        Form::Markdown => purchase::markdown(plan),
        Form::Html => purchase::html(plan, &drawing()),
        Form::Json => {
            let text = serde_json::to_string_pretty(plan);
            text.map_err(|error| {
                Failure::new(Exit::Host, format!("cannot write the plan: {error}"))
            })? + "\n"
        }
    })
}

/// How wide the terminal is, if there is one.
fn width() -> usize {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok();
    let columns = size.map(|size| usize::from(size.ws_col));
    columns.filter(|columns| *columns > 0).unwrap_or(WIDTH)
}

/// Writes the plan to `file`, and says so.
fn put(file: &Path, text: &str, plan: &Plan, console: &mut Console) -> Result<(), Failure> {
    let path = std::path::absolute(file).map_err(|error| Failure::file("write", file, &error))?;
    let plain = anstream::adapter::strip_str(text).to_string();
    safe_file::publish(&path, plain.as_bytes())?;
    console.say(&format!(
        "{}: the plan of {}",
        file.display(),
        purchase::summary(plan)
    ));
    Ok(())
}

/// What there is to do after reading a plan.
fn next() -> String {
    let [draw, try_it] =
        ["bramble draw -o cluster.svg", "bramble try"].map(|verb| Label::Command.paint(verb));
    format!("\nnext: {draw} shows it, {try_it} starts it as a virtual twin\n")
}
