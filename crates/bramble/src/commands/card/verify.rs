//! `bramble card verify`: cards and image files against image and cluster file. Not in
//! here: comparing bytes (`bramble_media::compare`), and whose they are.

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use bramble_cluster::NodeName;
use bramble_media::compare::{Compared, Sample};
use bramble_media::disk::Card;
use bramble_media::{CardError, Outcome};
use bramble_view::card::Doing;
use bramble_view::copy::size;
use bramble_view::style::Label;
use serde::Serialize;

use super::{Pair, both, distinct, of_cluster, pair, whole};
use crate::card::contents::{self, Part};
use crate::card::courses::Courses;
use crate::card::given_image::{GivenImage, ImageArgs};
use crate::card::own::{Known, Opened, Prepared};
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
    differs: &'a [String],
    /// The files that should be in the boot partition and are not.
    missing: &'a [String],
    /// Why it could not be compared.
    failure: Option<&'a str>,
}

/// A card at its beginning.
struct Looked<'a> {
    pair: &'a Pair,
    /// What should be in its boot partition and is not.
    missing: Vec<String>,
    /// Why it is nothing that could be compared.
    why: Option<String>,
}

/// What was found of a card.
struct Found<'a> {
    looked: Looked<'a>,
    compared: Result<Compared, String>,
    /// The names of what lies where it differs.
    differs: Vec<String>,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let folder = choice.folder()?;
    let cluster = folder.cluster(console)?;
    distinct(&args.cards)?;
    let nodes: Vec<_> = args.cards.iter().map(|pair| pair.node.clone()).collect();
    of_cluster(&cluster, &nodes)?;
    let path = args.image.find(&folder, &cluster, &nodes);
    let (path, cards) = both(path, open(&args.cards))?;
    let _lock = folder.lock("card verify")?;
    let asking = Asking {
        desk: Desk::find(args.image.is_standard_input()),
        password: Password::Known,
    };
    let stop = interrupt::flag()?;
    let opened = Opened::open(&args.image, &path, &stop, console)?;
    let known = Known::open(folder, cluster, &nodes, &asking, console)?;
    let prepared = known.prepare(opened);
    let parts = contents::parts(prepared.given.image.survey());
    let (mut looked, mut samples) = (Vec::new(), Vec::new());
    for (pair, card) in args.cards.iter().zip(cards) {
        let (seen, sample) = look(pair, card, &prepared)?;
        looked.push(seen);
        samples.extend(sample);
    }
    let name = prepared.given.name.clone();
    let outcome = compare(&looked, samples, prepared.given, &stop, console);
    let whole = whole(&outcome, &stop, &name, "not all was compared");
    let mut worst = Exit::Done;
    for found in found(looked, outcome.cards, &parts) {
        console.print_event(&found.told());
        console.print(&found.sentence());
        if !found.is_right() {
            worst = Exit::Failed;
        }
    }
    whole.map(|()| worst)
}

fn open(pairs: &[Pair]) -> Result<Vec<Card>, Failure> {
    let card = |pair: &Pair| Place::find(&pair.place)?.open_to_read();
    pairs.iter().map(card).collect()
}

/// What can be said of a card before all of it is compared, and it with what it has to be
/// if it can be. What it has of its own depends on how many cards were made before it,
/// which it says itself.
fn look<'a>(
    pair: &'a Pair,
    card: Card,
    prepared: &Prepared<'_>,
) -> Result<(Looked<'a>, Option<Sample>), Failure> {
    let mut looked = Looked {
        pair,
        missing: Vec::new(),
        why: None,
    };
    let (image, volume) = (&prepared.given.image, prepared.volume.as_ref());
    let divided = image.survey().table().is_some();
    looked.why = contents::no_card(&card, image.needs(), divided);
    if looked.why.is_some() {
        return Ok((looked, None));
    }
    let generation = contents::generation(&card, volume);
    let overlay = prepared.card(&pair.node, generation)?.overlay;
    looked.missing = contents::missing(&card, &overlay.over(&image.head()), volume);
    let medium = Box::new(card);
    Ok((looked, Some(Sample { overlay, medium })))
}

fn compare(
    looked: &[Looked<'_>],
    samples: Vec<Sample>,
    given: GivenImage,
    stop: &AtomicBool,
    console: &mut Console,
) -> Outcome<Compared> {
    let compared = looked.iter().filter(|looked| looked.why.is_none());
    let shown = compared.map(|looked| (looked.pair.node.clone(), looked.pair.place.clone()));
    let image = given.image;
    let mut courses = Courses::new(console, Doing::Reading, shown, image.needs());
    let outcome = bramble_media::compare::compare(image, samples, stop, &mut |card, news| {
        courses.take(card, &news);
    });
    console.clear_status();
    outcome
}

/// What was found of all cards; those that could be compared have `compared`, in order.
fn found<'a>(
    looked: Vec<Looked<'a>>,
    compared: Vec<Result<Compared, CardError>>,
    parts: &[Part],
) -> Vec<Found<'a>> {
    let mut compared = compared.into_iter();
    let mut found = Vec::new();
    for looked in looked {
        let done = match &looked.why {
            Some(why) => Some(Err(why.clone())),
            None => compared
                .next()
                .map(|done| done.map_err(|error| error.to_string())),
        };
        // Each that has no reason not to was compared.
        let Some(compared) = done else { continue };
        let ranges = compared.as_ref().map_or(&[][..], |found| &found.ranges);
        found.push(Found {
            differs: named(looked.pair, ranges, parts),
            looked,
            compared,
        });
    }
    found
}

/// What lies where a card differs.
fn named(pair: &Pair, ranges: &[Range<u64>], parts: &[Part]) -> Vec<String> {
    if ranges.is_empty() {
        return Vec::new();
    }
    let card = open(std::slice::from_ref(pair)).ok();
    let card = card.and_then(|mut cards| cards.pop());
    card.map_or_else(Vec::new, |card| contents::owners(&card, ranges, parts))
}

impl Found<'_> {
    fn is_right(&self) -> bool {
        matches!(&self.compared, Ok(found) if found.ranges.is_empty())
    }

    fn told(&self) -> Told<'_> {
        let Looked { pair, missing, .. } = &self.looked;
        let figures = self.compared.as_ref().ok();
        Told {
            node: &pair.node,
            card: pair.place.display().to_string(),
            compared: figures.map_or(0, |found| found.bytes),
            different: figures.map_or(0, |found| found.different),
            differs: &self.differs,
            missing,
            failure: self.compared.as_ref().err().map(String::as_str),
        }
    }

    fn sentence(&self) -> String {
        let Looked { pair, missing, .. } = &self.looked;
        let (node, place) = (&pair.node, pair.place.display());
        match &self.compared {
            Ok(found) if found.ranges.is_empty() => {
                let good = Label::Good.paint("same");
                let bytes = size(found.bytes);
                format!("{good}  {node}  {place}: all {bytes} are right\n")
            }
            Ok(found) => {
                let bad = Label::Bad.paint("differs");
                let mut text = format!(
                    "{bad}  {node}  {place}: {} of {} differ, the first at byte {}\n",
                    size(found.different),
                    size(found.bytes),
                    found.ranges.first().map_or(0, |range| range.start),
                );
                for name in missing {
                    text.extend(["    ", name, ": missing\n"]);
                }
                for name in &self.differs {
                    text.extend(["    ", name, "\n"]);
                }
                text
            }
            Err(why) => format!("{}  {node}  {place}: {why}\n", Label::Bad.paint("fail")),
        }
    }
}
