//! `bramble card`: boot cards, from an image to what a node boots.

mod assign;
mod image;
mod list;
mod verify;
mod write;

use std::sync::atomic::{AtomicBool, Ordering};

use bramble_cluster::nodeset::NodeSet;
use bramble_cluster::{Cluster, NodeName};
use bramble_media::Outcome;
use clap::Subcommand;

use crate::card::given_image;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Choice;
use crate::refusal;

/// Make boot cards: each with its node's name, address, keys and boot settings
///
/// A card is whatever a board boots from: microSD, eMMC, SSD, or an image file of one.
/// All cards of a command are written at the same time from an image that is read once.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bramble card list
  bramble card image @all --image raspios-lite.img.xz -o cards/
  bramble card write node1=/dev/sdb node2=/dev/sdc --image raspios-lite.img.xz
  bramble card write --assign @all --image raspios-lite.img.xz
  bramble card verify node1=/dev/sdb --image raspios-lite.img.xz")]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    List(list::Args),
    Image(image::Args),
    Write(write::Args),
    Verify(verify::Args),
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    match &args.action {
        Action::List(args) => list::run(args, console),
        Action::Image(args) => image::run(args, choice, console),
        Action::Write(args) => write::run(args, choice, console),
        Action::Verify(args) => verify::run(args, choice, console),
    }
}

/// A node and where its card is, as typed: `node1=/dev/sdb`.
#[derive(Debug, Clone)]
struct Pair {
    node: NodeName,
    place: std::path::PathBuf,
}

fn pair(text: &str) -> Result<Pair, String> {
    let wanted = "wants NODE=DEVICE, like `node1=/dev/sdb`";
    let (node, place) = text.split_once('=').ok_or(wanted)?;
    if place.is_empty() {
        return Err(wanted.to_owned());
    }
    Ok(Pair {
        node: node
            .parse()
            .map_err(|error| format!("`{node}` is no node: {error}"))?,
        place: place.into(),
    })
}

/// What is wrong with a run as a whole, whatever became of each card: somebody stopped
/// it, which `stopped` tells the consequence of, or the image called `name` is at fault.
fn whole<T>(
    outcome: &Outcome<T>,
    stop: &AtomicBool,
    name: &str,
    stopped: &str,
) -> Result<(), Failure> {
    if stop.load(Ordering::Relaxed) {
        return Err(Failure::new(
            Exit::Interrupted,
            format!("interrupted: {stopped}"),
        ));
    }
    let image = outcome.image.as_ref();
    image
        .map(drop)
        .map_err(|error| given_image::wrong(name, error))
}

/// No node and no place may be named twice.
fn distinct(pairs: &[Pair]) -> Result<(), Failure> {
    for (index, pair) in pairs.iter().enumerate() {
        let before = &pairs[..index];
        if before.iter().any(|other| other.node == pair.node) {
            return Err(twice(pair.node.as_str()));
        }
        if before.iter().any(|other| other.place == pair.place) {
            return Err(twice(&pair.place.display().to_string()));
        }
    }
    Ok(())
}

fn twice(what: &str) -> Failure {
    Failure::new(Exit::Usage, format!("{what} is named twice"))
}

/// Both, or what is wrong with either of them: what is found first must not hide the other.
fn both<A, B>(one: Result<A, Failure>, other: Result<B, Failure>) -> Result<(A, B), Failure> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(one), Err(other)) => {
            let exit = one.exit().max(other.exit());
            let failure = Failure::new(exit, format!("{one}; {other}"));
            let hints = one.hints().iter().chain(other.hints()).cloned();
            Err(hints.fold(failure, Failure::hint))
        }
        (Err(failure), Ok(_)) | (Ok(_), Err(failure)) => Err(failure),
    }
}

/// The nodes that an expression means, of which there is one at least.
fn selected(cluster: &Cluster, nodes: &str) -> Result<Vec<NodeName>, Failure> {
    let set = cluster
        .select(nodes)
        .map_err(|error| refusal::inside(nodes, &error))?;
    if set.is_empty() {
        let message = format!("no node is meant by `{nodes}`");
        return Err(Failure::new(Exit::Usage, message).hint("see all nodes: `bramble nodes @all`"));
    }
    Ok(set.iter().collect())
}

/// Only nodes whose system comes from a card get one.
fn of_cluster(cluster: &Cluster, nodes: &[NodeName]) -> Result<(), Failure> {
    let mut adopted = Vec::new();
    for name in nodes {
        let known = cluster.select(name.as_str());
        known.map_err(|error| refusal::of(&error.problem))?;
        if cluster.node(name).is_some_and(|node| node.hardware.adopt) {
            adopted.push(name.clone());
        }
    }
    let Some(first) = adopted.first().cloned() else {
        return Ok(());
    };
    let adopted: NodeSet = adopted.into_iter().collect();
    Err(Failure::new(
        Exit::Usage,
        format!("{adopted} runs its own system (`adopt = true`), and gets no card"),
    )
    .hint(format!(
        "take it over as it is: `bramble adopt {first} --address ADDRESS`"
    )))
}

#[cfg(test)]
mod tests {
    use bramble_media::ImageError;
    use bramble_media::source::Digests;

    use super::*;

    #[test]
    fn what_is_wrong_with_one_does_not_hide_the_other() {
        let bad = |what: &str, exit| Err::<(), _>(Failure::new(exit, what).hint(what));
        assert!(both(Ok(1), Ok(2)).is_ok());
        let told = both(bad("no image", Exit::Usage), Ok(2)).unwrap_err();
        assert_eq!(told.to_string(), "no image");
        let told = both(bad("no image", Exit::Usage), bad("no disk", Exit::Host)).unwrap_err();
        assert_eq!(told.to_string(), "no image; no disk");
        assert_eq!((told.exit(), told.hints().len()), (Exit::Host, 2));
    }

    #[test]
    fn a_run_that_was_stopped_is_told_so_whatever_else_went_wrong() {
        let ended = |stopped, image| {
            let outcome: Outcome<()> = Outcome {
                image,
                cards: Vec::new(),
            };
            let stop = AtomicBool::new(stopped);
            whole(&outcome, &stop, "system.img", "not all was compared")
        };
        let broken = || {
            Err(ImageError::Short {
                length: 1,
                expected: 2,
            })
        };
        assert!(ended(false, Ok(Digests::default())).is_ok());
        let interrupted = ended(true, broken()).unwrap_err();
        assert_eq!(interrupted.exit(), Exit::Interrupted);
        let broken = ended(false, broken()).unwrap_err();
        assert_eq!(broken.exit(), Exit::Usage);
        assert!(broken.to_string().starts_with("system.img: "), "{broken}");
    }
}
