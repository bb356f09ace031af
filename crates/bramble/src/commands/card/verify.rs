//! `bramble card verify`: cards and image files against image and cluster file. Not in
//! here: comparing bytes (`bramble_media::compare`), and whose they are.

use std::collections::BTreeSet;
use std::ops::Range;

use bramble_cluster::NodeName;
use bramble_media::compare::{Compared, Sample};
use bramble_media::disk::Card;
use bramble_media::{CardError, Outcome};
use bramble_view::copy::size;
use bramble_view::style::Label;
use serde::Serialize;

use super::{Pair, distinct, of_cluster, pair};
use crate::card::contents::{self, Part};
use crate::card::courses::Courses;
use crate::card::given_image::{self, ImageArgs};
use crate::card::own::{self, Common};
use crate::card::place::Place;
use crate::card::secrets;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{BOARDS, Choice};
use crate::{interrupt, keyring};

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
    let stop = interrupt::flag()?;
    let keys = keyring::open(&folder, &cluster, BOARDS)?;
    let outside = secrets::outside(&folder, &cluster, &nodes, console)?;
    let password = secrets::password_hash(&folder, false, console)?;
    let given = args.image.open(&cluster, &nodes, &stop, console)?;
    let volume = own::boot_volume(&given)?;
    let parts = contents::parts(given.image.survey());
    let mut cards = open(&args.cards)?;
    let common = Common {
        cluster: &cluster,
        secrets: &keys,
        outside: &outside,
        password_hash: password.as_ref(),
    };
    let mut samples = Vec::new();
    for (pair, card) in args.cards.iter().zip(cards.drain(..)) {
        let generation = contents::generation(&card, volume.as_ref());
        let own = own::one(&given, volume.as_ref(), &pair.node, generation, &common)?;
        samples.push(Sample {
            medium: Box::new(card),
            overlay: own.overlay,
        });
    }
    let total = given.image.needs();
    let name = given.name;
    let shown = args.cards.iter().map(|pair| (pair.node.clone(), short(pair)));
    let mut courses = Courses::new(console, shown, total);
    let outcome =
        bramble_media::compare::compare(given.image, samples, &stop, &mut |card, news| {
            courses.take(card, &news);
        });
    console.clear_status();
    tell(&args.cards, &name, outcome, &parts, console)
}

fn short(pair: &Pair) -> String {
    let name = pair.place.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn open(pairs: &[Pair]) -> Result<Vec<Card>, Failure> {
    let card = |pair: &Pair| Place::find(&pair.place)?.open_to_read();
    pairs.iter().map(card).collect()
}

fn tell(
    pairs: &[Pair],
    name: &str,
    outcome: Outcome<Compared>,
    parts: &[Part],
    console: &mut Console,
) -> Result<Exit, Failure> {
    outcome.image.map_err(|error| given_image::wrong(name, &error))?;
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
    Ok(worst)
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

fn sentence(pair: &Pair, found: &Result<Compared, CardError>, differs: &BTreeSet<String>) -> String {
    let (node, place) = (&pair.node, pair.place.display());
    match found {
        Ok(found) if found.ranges.is_empty() => {
            let good = Label::Good.paint("same");
            format!("{good}  {node}  {place}: all {} are right\n", size(found.bytes))
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
                text.push_str(&format!("    {name}\n"));
            }
            text
        }
        Err(error) => format!("{}  {node}  {place}: {error}\n", Label::Bad.paint("fail")),
    }
}
