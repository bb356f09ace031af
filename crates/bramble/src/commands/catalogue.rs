//! `bramble catalogue`: the hardware that bramble knows.

use bramble_cluster::catalogue::Catalogue;
use bramble_plan::search;
use bramble_view::catalogue;
use clap::Subcommand;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Choice;

/// Show the hardware that bramble knows, every figure with its source
///
/// Boards, cards, supplies, switches, hats, carriers, cables and operating systems,
/// by the ids that a cluster file names them by. Needs no cluster file; what the
/// nearest one describes under `[catalogue]` is shown too.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  bramble catalogue\n  bramble catalogue list rpi 4\n  bramble catalogue show vim3-basic"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Show this item, as `show` does
    id: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List what there is, with the figures that one compares by
    List {
        /// Only what has all these words in its id, name or kind
        words: Vec<String>,
    },
    /// Show everything about one item, and what is not known about it
    Show {
        /// Its id, as `list` has it
        id: String,
    },
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let known = known(choice)?;
    match (&args.verb, &args.id) {
        (None, None) => list(&known, &[], console),
        (Some(Verb::List { words }), _) => list(&known, words, console),
        (Some(Verb::Show { id }), _) | (None, Some(id)) => show(&known, id, console),
    }
}

/// What bramble knows, and what the nearest cluster file describes, if there is one.
fn known(choice: &Choice) -> Result<Catalogue, Failure> {
    match choice.folder() {
        Ok(folder) => Ok(folder.read()?.catalogue),
        Err(failure) if choice.file.is_some() => Err(failure),
        Err(_) => Ok(Catalogue::builtin()),
    }
}

fn list(known: &Catalogue, words: &[String], console: &mut Console) -> Result<Exit, Failure> {
    let items = search::matching(known, words);
    if items.is_empty() {
        let words = words.join(" ");
        let message = format!("nothing in the catalogue is called like `{words}`");
        return Err(Failure::new(Exit::Usage, message)
            .hint("see all of it: bramble catalogue")
            .hint("or describe your own in the cluster file, under `[catalogue.boards.ID]`"));
    }
    console.print_json(&items);
    console.print(&catalogue::list(&items));
    Ok(Exit::Done)
}

fn show(known: &Catalogue, id: &str, console: &mut Console) -> Result<Exit, Failure> {
    let items = search::called(known, id);
    if items.is_empty() {
        let message = format!("nothing in the catalogue is called `{id}`");
        let failure = Failure::new(Exit::Usage, message);
        return Err(match search::meant(known, id) {
            Some(near) => failure.hint(format!(
                "did you mean `{near}`? bramble catalogue show {near}"
            )),
            None => failure.hint("see what there is: bramble catalogue"),
        });
    }
    console.print_json(&items);
    let texts: Vec<_> = items.iter().map(catalogue::show).collect();
    console.print(&texts.join("\n"));
    Ok(Exit::Done)
}
