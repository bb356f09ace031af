//! `bramble card verify`: cards and image files against image and cluster file. Not in
//! here: comparing bytes (`bramble_media::compare`), and whose they are.

use std::collections::BTreeSet;
use std::ops::Range;

use bramble_cluster::NodeName;
use bramble_media::compare::{Compared, Sample};
use bramble_media::disk::Card;
use bramble_media::{CardError, Outcome};
use bramble_view::card::Doing;
use bramble_view::copy::size;
use bramble_view::style::Label;
use serde::Serialize;

use super::{Pair, distinct, of_cluster, pair, whole};
use crate::card::contents::{self, Part};
use crate::card::courses::Courses;
use crate::card::given_image::{GivenImage, ImageArgs};
use crate::card::own::{Known, Prepared};
use crate::card::place::Place;
use crate::card::secrets::{Asking, Password};
use crate::console::Console;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt;
use crate::reach::Choice;

/// Compare cards or image files with what they have to be, and name what differs
///
/// What a card has to be follows from the image and the cluster file. A card that was
/// in its board has changed since: its first boot writes to it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bramble card verify node1=/dev/sdb --image raspios-lite.img.xz
  bramble card verify node1=cards/node1.img --image raspios-lite.img.xz")]
pub(crate) struct Args {
    /// Nodes and their cards: disks or image files
    #[arg(value_name = "NODE=CARD", value_parser = pair, required = true)]
    cards: Vec<Pair>,
    #[command(flatten)]
    image: ImageArgs,
}

/// What was found of one card, as JSON.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "compared")]
struct Told<'a> {
    node: &'a NodeName,
    card: String,
    /// In bytes.
    compared: u64,
    /// In bytes.
    different: u64,
    /// The files that differ, and parts of the card that are no files.
    differs: &'a BTreeSet<String>,
    /// Why it could not be compared.
    failure: Option<String>,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let folder = choice.folder()?;
    let cluster = folder.cluster(console)?;
    distinct(&args.cards)?;
    let nodes: Vec<_> = args.cards.iter().map(|pair| pair.node.clone()).collect();
    of_cluster(&cluster, &nodes)?;
    let _lock = folder.lock("card verify")?;
    let asking = Asking {
        desk: Desk::find(args.image.is_standard_input()),
        password: Password::Known,
    };
    let known = Known::open(folder, cluster, &nodes, &asking, console)?;
    let stop = interrupt::flag()?;
    let prepared = known.prepare(&args.image, &nodes, &stop, console)?;
    let parts = contents::parts(prepared.given.image.survey());
    let samples = samples(&args.cards, &prepared)?;
    let GivenImage { image, name, .. } = prepared.given;
    let shown = args
        .cards
        .iter()
        .map(|pair| (pair.node.clone(), pair.place.clone()));
    let mut courses = Courses::new(console, Doing::Reading, shown, image.needs());
    let outcome = bramble_media::compare::compare(image, samples, &stop, &mut |card, news| {
        courses.take(card, &news);
    });
    console.clear_status();
    let whole = whole(&outcome, &stop, &name, "not all was compared");
    let worst = tell(&args.cards, &outcome, &parts, console);
    whole.map(|()| worst)
}

/// The cards, each with what it has to have of its own by what it says itself.
fn samples(pairs: &[Pair], prepared: &Prepared<'_>) -> Result<Vec<Sample>, Failure> {
    let mut samples = Vec::new();
    for (pair, card) in pairs.iter().zip(open(pairs)?) {
        let generation = contents::generation(&card, prepared.volume.as_ref());
        samples.push(Sample {
            overlay: prepared.card(&pair.node, generation)?.overlay,
            medium: Box::new(card),
        });
    }
    Ok(samples)
}

fn open(pairs: &[Pair]) -> Result<Vec<Card>, Failure> {
    let card = |pair: &Pair| Place::find(&pair.place)?.open_to_read();
    pairs.iter().map(card).collect()
}

fn tell(
    pairs: &[Pair],
    outcome: &Outcome<Compared>,
    parts: &[Part],
    console: &mut Console,
) -> Exit {
    let mut worst = Exit::Done;
    for (pair, found) in pairs.iter().zip(&outcome.cards) {
        let differs = match found {
            Ok(found) if !found.ranges.is_empty() => named(pair, &found.ranges, parts),
            _ => BTreeSet::new(),
        };
        if !matches!(found, Ok(found) if found.ranges.is_empty()) {
            worst = Exit::Failed;
        }
        console.print_event(&told(pair, found, &differs));
        console.print(&sentence(pair, found, &differs));
    }
    worst
}

/// What lies where a card differs.
fn named(pair: &Pair, ranges: &[Range<u64>], parts: &[Part]) -> BTreeSet<String> {
    let Ok(mut cards) = open(std::slice::from_ref(pair)) else {
        return BTreeSet::new();
    };
    let card = cards.pop();
    card.map_or_else(BTreeSet::new, |card| contents::owners(&card, ranges, parts))
}

fn told<'a>(
    pair: &'a Pair,
    found: &Result<Compared, CardError>,
    differs: &'a BTreeSet<String>,
) -> Told<'a> {
    let figures = found.as_ref().ok();
    Told {
        node: &pair.node,
        card: pair.place.display().to_string(),
        compared: figures.map_or(0, |found| found.bytes),
        different: figures.map_or(0, |found| found.different),
        differs,
        failure: found.as_ref().err().map(ToString::to_string),
    }
}

fn sentence(
    pair: &Pair,
    found: &Result<Compared, CardError>,
    differs: &BTreeSet<String>,
) -> String {
    let (node, place) = (&pair.node, pair.place.display());
    match found {
        Ok(found) if found.ranges.is_empty() => {
            let good = Label::Good.paint("same");
            format!(
                "{good}  {node}  {place}: all {} are right\n",
                size(found.bytes)
            )
        }
        Ok(found) => {
            let bad = Label::Bad.paint("differs");
            let mut text = format!(
                "{bad}  {node}  {place}: {} of {} differ, the first at byte {}\n",
                size(found.different),
                size(found.bytes),
                found.ranges.first().map_or(0, |range| range.start),
            );
            for name in differs {
                text.extend(["    ", name, "\n"]);
            }
            text
        }
        Err(error) => format!("{}  {node}  {place}: {error}\n", Label::Bad.paint("fail")),
    }
}
