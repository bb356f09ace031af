//! `bramble card write`: cards of many nodes at once. Not in here: which disks may be
//! written (`bramble_media::disk`), writing, and the words in which it is told.

mod told;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bramble_cluster::NodeName;
use bramble_media::disk::{Number, lies_on};
use bramble_media::write::{Job, Written};
use bramble_media::{CardError, Outcome};
use bramble_view::card::Doing;

use self::told::Told;
use super::assign::{self, Assigner};
use super::{Pair, both, distinct, of_cluster, pair, selected, whole};
use crate::card::courses::Courses;
use crate::card::given_image::{GivenImage, ImageArgs};
use crate::card::own::{Known, Opened, Own};
use crate::card::place::{Place, Slot, Wanted};
use crate::card::record::{DueTo, Record, Records};
use crate::card::secrets::{Asking, PasswordArgs};
use crate::console::Console;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{BOARDS, Choice};
use crate::whose::Asked;
use crate::{interrupt, keyring};

/// Write the cards of nodes, all at once, and read them back
///
/// The image is read and unpacked once for all cards. A card that fails is given up;
/// the others are written to their end. The first block of a card is written last, when
/// all else is there and right, so that no board boots one that was cut off. Blocks
/// that nobody uses are left out (`--full` writes them, too).
///
/// Disks that hold this system, are mounted or otherwise in use, or hold the image are
/// refused.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bramble card write node1=/dev/sdb node2=/dev/sdc --image raspios-lite.img.xz
  bramble card write --assign @worker --image raspios-lite.img.xz
  bramble card write --yes node1=/dev/disk/by-id/usb-Generic_SD_1234-0:0 --image raspios.img
  curl -L URL | bramble card write node1=/dev/sdb --image - --sha256 HEX")]
pub(crate) struct Args {
    /// Nodes and their cards' disks: `node1=/dev/sdb`
    #[arg(value_name = "NODE=DISK", value_parser = pair, required_unless_present = "assign")]
    cards: Vec<Pair>,
    /// Ask for each card that is plugged in whose it is, until all these nodes have one
    #[arg(long, value_name = "NODES", conflicts_with_all = ["cards", "yes"])]
    assign: Option<String>,
    #[command(flatten)]
    image: ImageArgs,
    /// Do not ask; disks must be named by `/dev/disk/by-id/...`
    #[arg(long, short)]
    yes: bool,
    /// Do not read back what was written
    #[arg(long)]
    no_verify: bool,
    #[command(flatten)]
    password: PasswordArgs,
}

/// What a run needs.
struct Run<'a> {
    args: &'a Args,
    known: Known,
    /// Who can be asked, if anybody.
    desk: Option<Desk>,
    image: PathBuf,
    /// The image for the first round; it is opened anew for each further one.
    opened: Option<Opened>,
    stop: Arc<AtomicBool>,
    /// Whether cards were written before that have to be taken out.
    began: bool,
    /// Whether a file that stands for a card had no room to be written to.
    full: bool,
    /// The nodes whose cards are whole.
    written: Vec<NodeName>,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let folder = choice.folder()?;
    let cluster = folder.cluster(console)?;
    distinct(&args.cards)?;
    let nodes = match &args.assign {
        Some(nodes) => selected(&cluster, nodes)?,
        None => args.cards.iter().map(|pair| pair.node.clone()).collect(),
    };
    of_cluster(&cluster, &nodes)?;
    args.can_be_read_again()?;
    let image = args.image.find(&folder, &cluster, &nodes);
    let slots = slots(&args.cards).and_then(|slots| {
        let source = image.as_ref().ok().and_then(|path| lies_on(path).ok());
        args.may_be_written(&slots, None, source).map(|()| slots)
    });
    let (image, slots) = both(image, slots)?;
    let _lock = folder.lock("card write")?;
    let desk = Desk::find(args.image.is_standard_input());
    args.can_be_answered(desk.as_ref())?;
    let stop = interrupt::flag()?;
    let opened = Opened::open(&args.image, &image, &stop, console)?;
    args.may_be_written(&slots, Some(&opened.given), opened.given.device)?;
    let asking = Asking {
        desk,
        password: args.password.wish(),
    };
    let known = Known::open(folder, cluster, &nodes, &asking, console)?;
    let mut run = Run {
        args,
        known,
        desk: asking.desk,
        image,
        opened: Some(opened),
        stop,
        began: false,
        full: false,
        written: Vec::new(),
    };
    if args.assign.is_some() {
        run.assigned(&nodes, console)
    } else {
        run.named(&slots, console)
    }
}

/// The disks that were named.
fn slots(pairs: &[Pair]) -> Result<Vec<Slot>, Failure> {
    let mut slots: Vec<Slot> = Vec::new();
    for Pair { node, place: given } in pairs {
        let place = Place::find_to_write(given)?;
        if slots.iter().any(|other| other.place.is(&place)) {
            return Err(super::twice(&given.display().to_string()));
        }
        slots.push(Slot {
            node: node.clone(),
            place,
            given: given.clone(),
        });
    }
    Ok(slots)
}

impl Args {
    /// Refuses what would want the image a second time.
    fn can_be_read_again(&self) -> Result<(), Failure> {
        if self.assign.is_some() && self.image.is_standard_input() {
            let message = "`--assign` and `--image -` cannot be used together: the image is \
                           read for each round of cards, and standard input only once";
            return Err(Failure::new(Exit::Usage, message)
                .hint("download it first: `curl -LO URL`, then `--image FILE`"));
        }
        Ok(())
    }

    /// Refuses disks that may not be written, whoever says so: first for what they are,
    /// and once more when it is known what the image needs.
    fn may_be_written(
        &self,
        slots: &[Slot],
        image: Option<&GivenImage>,
        source: Option<Number>,
    ) -> Result<(), Failure> {
        let refused = |slot: &Slot| {
            slot.place.refusal(&Wanted {
                given: &slot.given,
                image,
                source,
                yes: self.yes,
            })
        };
        slots.iter().find_map(refused).map_or(Ok(()), Err)
    }

    /// Refuses what nobody could answer, before an image is looked at for minutes.
    fn can_be_answered(&self, desk: Option<&Desk>) -> Result<(), Failure> {
        if self.yes || desk.is_some() {
            return Ok(());
        }
        let (message, hint) = if self.assign.is_some() {
            (
                "`--assign` asks, and nobody is at a terminal to answer",
                "name the disks: `bramble card write node1=/dev/sdb ...`",
            )
        } else {
            (
                "nobody is at a terminal to say that these disks may be overwritten",
                "name them by /dev/disk/by-id/... and say so: `--yes`",
            )
        };
        Err(Failure::new(Exit::Usage, message).hint(hint))
    }
}

impl Run<'_> {
    /// Cards whose disks were named.
    fn named(&mut self, slots: &[Slot], console: &mut Console) -> Result<Exit, Failure> {
        self.round(slots, console)?;
        if self.full {
            let message = "there is no more room where the files lie that stand for cards";
            return Err(Failure::new(Exit::Host, message)
                .hint("make room there, or put the files elsewhere"));
        }
        if self.written.len() < slots.len() {
            return Ok(Exit::Failed);
        }
        done(console);
        Ok(Exit::Done)
    }

    /// Cards that are assigned one after another, in rounds of as many as there are
    /// readers. A node whose card failed waits for another.
    fn assigned(&mut self, nodes: &[NodeName], console: &mut Console) -> Result<Exit, Failure> {
        let mut waiting = nodes.to_vec();
        let ended = loop {
            match self.next_round(&waiting, console) {
                Ok(true) => {}
                Ok(false) => break Ok(()),
                Err(failure) => break Err(failure),
            }
            waiting.retain(|node| !self.written.contains(node));
        };
        waiting.retain(|node| !self.written.contains(node));
        let left = assign::ended(&waiting, &self.written);
        match (ended, left) {
            (Ok(()), left) => left.inspect(|_| done(console)),
            (Err(failure), left) => {
                if let Err(left) = left {
                    console.say(&left.to_string());
                }
                Err(failure)
            }
        }
    }

    /// Asks for cards and writes them; whether there may be more.
    fn next_round(&mut self, waiting: &[NodeName], console: &mut Console) -> Result<bool, Failure> {
        let Some(desk) = self.desk.as_ref().filter(|_| !waiting.is_empty()) else {
            return Ok(false);
        };
        let assigner = Assigner {
            asked: Asked {
                desk,
                stop: &self.stop,
            },
            source: lies_on(&self.image).ok(),
        };
        if self.began && !assigner.next(console)? {
            return Ok(false);
        }
        let slots = assigner.round(waiting, console)?.unwrap_or_default();
        if slots.is_empty() {
            return Ok(false);
        }
        self.began = true;
        self.round(&slots, console)?;
        Ok(true)
    }

    /// Writes cards that are all plugged in.
    fn round(&mut self, slots: &[Slot], console: &mut Console) -> Result<(), Failure> {
        let nodes: Vec<_> = slots.iter().map(|slot| slot.node.clone()).collect();
        let opened = match self.opened.take() {
            Some(opened) => opened,
            None => Opened::open(&self.args.image, &self.image, &self.stop, console)?,
        };
        let given = &opened.given;
        self.args.may_be_written(slots, Some(given), given.device)?;
        let prepared = self.known.prepare(opened);
        let records = Records::read(&self.known.folder)?;
        let own = prepared.cards(&nodes, &records)?;
        console.print_event(&told::planned(slots, &prepared, &records));
        if !console.wants_json() {
            console.say(&told::plan(slots, &prepared, &records));
        }
        self.confirm(slots, console)?;
        let given = prepared.given;
        let name = given.name.clone();
        let (outcome, unkept) = self.write(slots, given, &own, console)?;
        let mut done = slots.iter().zip(&outcome.cards);
        self.full = done.any(|(slot, done)| slot.is_full(done));
        let good = nodes.into_iter().zip(&outcome.cards);
        let good = good.filter(|(_, done)| done.is_ok());
        self.written.extend(good.map(|(node, _)| node));
        let stopped = "cards that were not done do not boot";
        let whole = whole(&outcome, &self.stop, &name, stopped);
        match unkept {
            None => whole,
            Some(unkept) if whole.is_ok() => Err(unkept),
            Some(unkept) => {
                console.failure(&unkept);
                whole
            }
        }
    }

    /// Everything on the disks is about to go.
    fn confirm(&self, slots: &[Slot], console: &mut Console) -> Result<(), Failure> {
        if self.args.yes {
            return Ok(());
        }
        let nothing = |why: &str| Failure::new(Exit::Failed, format!("not written: {why}"));
        let desk = self.desk.as_ref();
        let desk = desk.ok_or_else(|| nothing("nobody was asked"))?;
        let places: Vec<_> = slots.iter().map(|slot| slot.place.short()).collect();
        let question = format!(
            "All that is on {} will be lost. Type `yes` to write: ",
            places.join(", ")
        );
        match desk.ask(&question, &self.stop, console)?.as_deref() {
            Some("yes") => Ok(()),
            Some("") | None => Err(nothing("there was no answer")),
            Some(answer) => Err(nothing(&format!("you answered `{answer}`, not `yes`"))),
        }
    }

    /// Writes, and tells and keeps what became of each card. The second is what could not
    /// be kept.
    fn write(
        &self,
        slots: &[Slot],
        given: GivenImage,
        own: &[Own],
        console: &mut Console,
    ) -> Result<(Outcome<Written>, Option<Failure>), Failure> {
        let mut jobs = Vec::new();
        for (Slot { place, .. }, own) in slots.iter().zip(own) {
            jobs.push(Job {
                medium: Box::new(place.open()?),
                overlay: own.overlay.clone(),
                device: true,
            });
        }
        let GivenImage {
            image,
            name,
            sha256,
            ..
        } = given;
        let cards = slots
            .iter()
            .map(|slot| (slot.node.clone(), slot.place.path().to_owned()));
        let mut courses = Courses::new(console, Doing::Writing, cards, image.needs());
        let verify = !self.args.no_verify;
        let outcome =
            bramble_media::write::write(image, jobs, verify, &self.stop, &mut |card, news| {
                courses.take(card, &news);
            });
        console.clear_status();
        let width = slots.iter().map(|slot| slot.node.as_str().len()).max();
        let mut unkept = None;
        for ((slot, own), done) in slots.iter().zip(own).zip(&outcome.cards) {
            let record = Record {
                image: name.clone(),
                sha256: sha256.clone(),
                ..record(slot, own.generation, done)
            };
            console.print_event(&Told::Card(&record));
            console.print(&told::sentence(slot, width.unwrap_or_default(), done));
            if let Err(failure) = self.remember(&record) {
                unkept = Some(failure);
            }
        }
        Ok((outcome, unkept))
    }

    /// Keeps what became of a card.
    fn remember(&self, record: &Record) -> Result<(), Failure> {
        let kept = record.append(&self.known.folder);
        if record.failure.is_none() {
            // It shows the key that the card was made with again.
            keyring::forget_adopted(&self.known.folder, BOARDS, &record.node)?;
        }
        kept
    }
}

fn done(console: &mut Console) {
    console.hint("put the cards into their boards, give them power, then: `bramble up`");
}

/// What became of the card in `slot`; of the image it says nothing.
fn record(slot: &Slot, generation: u32, done: &Result<Written, CardError>) -> Record {
    let about = slot.place.about();
    let written = done.as_ref().ok();
    Record {
        time: jiff::Timestamp::now().strftime("%FT%TZ").to_string(),
        node: slot.node.clone(),
        generation,
        image: String::new(),
        sha256: None,
        device: about.path.display().to_string(),
        model: about.model,
        serial: about.serial,
        holds: about.size,
        written: written.map_or(0, |written| written.bytes),
        writing: written.map_or(0.0, |written| written.writing.as_secs_f64()),
        verifying: written.and_then(|written| Some(written.verifying?.as_secs_f64())),
        failure: done.as_ref().err().map(ToString::to_string),
        due_to: done.as_ref().err().map(DueTo::of),
    }
}
