//! `bramble check`: what is wrong with the cluster file, and with the cluster.

use bramble_cluster::diagnostic::{Diagnostic, Severity};
use bramble_cluster::problems;
use bramble_plan::checks;
use bramble_view::count;
use bramble_view::diagnostics::diagnostics;
use bramble_view::style::Label;
use serde_json::{Value, json};

use crate::cluster_folder::ClusterFolder;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Choice;
use crate::survey::Survey;

/// Check the cluster file, and whether its parts fit together
///
/// Says everything that is wrong with the file, and what would be wrong with the
/// cluster: supplies that are too weak, cables that lose too much, ports that are
/// missing, disks that exclude each other. Each finding has its place, its
/// figures and a remedy. Exits with 0 if there is no error, and with 1 otherwise.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bramble check\n  bramble check -f garden.toml --json\n  bramble check --explain poe-budget"
)]
pub(crate) struct Args {
    /// Teach the background of a finding instead, by the name it carries
    #[arg(long, value_name = "ID")]
    explain: Option<String>,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    match &args.explain {
        Some(id) => explain(id, console),
        None => report(&choice.folder()?, console),
    }
}

/// Prints everything that is wrong with the cluster file, and with the cluster.
pub(crate) fn report(folder: &ClusterFolder, console: &mut Console) -> Result<Exit, Failure> {
    let survey = Survey::of(folder)?;
    let all = survey.diagnostics();
    let tally = Tally::of(&all);
    if console.wants_json() {
        console.print_json(&as_json(folder, &survey, &tally));
    } else {
        console.print(&diagnostics(&folder.name(), &survey.read.text, &all));
        console.print(&summary(folder, &survey, &tally));
    }
    Ok(tally.exit())
}

/// How many findings there are of each severity.
#[derive(Debug)]
pub(crate) struct Tally {
    errors: usize,
    warnings: usize,
    notes: usize,
}

impl Tally {
    pub(crate) fn of(all: &[Diagnostic]) -> Self {
        let counted = |severity| all.iter().filter(|one| one.severity == severity).count();
        Self {
            errors: counted(Severity::Error),
            warnings: counted(Severity::Warning),
            notes: counted(Severity::Note),
        }
    }

    /// What the findings mean for the exit code.
    pub(crate) fn exit(&self) -> Exit {
        if self.errors == 0 {
            Exit::Done
        } else {
            Exit::Failed
        }
    }
}

fn summary(folder: &ClusterFolder, survey: &Survey, tally: &Tally) -> String {
    let nodes = survey.read.cluster.as_ref();
    let nodes = nodes.map(|cluster| format!("{}, ", count(cluster.nodes.len(), "node")));
    let mut text = format!(
        "{}: {}{}, {}, {}\n",
        folder.name(),
        nodes.unwrap_or_default(),
        count(tally.errors, "error"),
        count(tally.warnings, "warning"),
        count(tally.notes, "note"),
    );
    if let Some(line) = what_next(survey, tally) {
        text.push_str(&Label::Quiet.paint(line));
        text.push('\n');
    }
    text
}

fn what_next(survey: &Survey, tally: &Tally) -> Option<String> {
    let explained = survey.findings.first().map(|finding| finding.id);
    let explain = |id| format!("the background of a finding: bramble check --explain {id}");
    let plan = || (tally.errors == 0).then(|| "next: bramble plan".to_owned());
    explained.map(explain).or_else(plan)
}

fn as_json(folder: &ClusterFolder, survey: &Survey, tally: &Tally) -> Value {
    json!({
        "file": folder.file(),
        "errors": tally.errors,
        "warnings": tally.warnings,
        "notes": tally.notes,
        "findings": survey.json(),
    })
}

fn explain(id: &str, console: &mut Console) -> Result<Exit, Failure> {
    let rule = checks::find(id).map(|check| check.text);
    let Some(text) = rule.or_else(|| problems::explain(id)) else {
        let known = checks::CHECKS
            .iter()
            .map(|check| check.id)
            .chain(problems::codes());
        let failure = Failure::new(Exit::Usage, format!("no finding is called `{id}`"));
        let near = bramble_cluster::suggest::nearest(id, known);
        let near = near.map(|near| format!("did you mean `bramble check --explain {near}`?"));
        let hint = near.unwrap_or_else(|| {
            "`bramble check` prints the name in brackets after the severity".to_owned()
        });
        return Err(failure.hint(hint));
    };
    console.print_json(&json!({ "id": id, "text": text }));
    console.print(&format!("{}\n", text.trim_end()));
    Ok(Exit::Done)
}
