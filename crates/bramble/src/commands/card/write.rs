//! `bramble card write`: cards of many nodes at once. Not in here: which disks may be
//! written (`bramble_media::disk`), and writing.

use std::io::{IsTerminal as _, stderr, stdin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bramble_card::customise::BootVolume;
use bramble_cluster::{Cluster, NodeName};
use bramble_media::write::{Job, Written};
use bramble_media::{CardError, Outcome};
use bramble_view::card::speed;
use bramble_view::copy::size;
use bramble_view::style::Label;
use bramble_view::table::table;
use serde::Serialize;

use super::{Pair, distinct, of_cluster, pair, selected};
use crate::card::courses::Courses;
use crate::card::given_image::{self, GivenImage, ImageArgs};
use crate::card::own::{self, Common, Own};
use crate::card::place::{self, Place, Slot, Wanted};
use crate::card::record::{Record, Records};
use crate::card::secrets;
use crate::cluster_folder::ClusterFolder;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{BOARDS, Choice};
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
    /// Ask for a password to log in with at a node's own screen; without one there is
    /// none
    #[arg(long)]
    ask_password: bool,
}

/// What a run needs.
struct Run<'a> {
    args: &'a Args,
    folder: ClusterFolder,
    cluster: Cluster,
    stop: Arc<AtomicBool>,
}

/// What became of one card, as JSON.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Told<'a> {
    Card(&'a Record),
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let folder = choice.folder()?;
    let cluster = folder.cluster(console)?;
    let _lock = folder.lock("card write")?;
    let run = Run {
        args,
        folder,
        cluster,
        stop: interrupt::flag()?,
    };
    match &args.assign {
        Some(nodes) => run.assigned(nodes, console),
        None => run.named(console),
    }
}

impl Run<'_> {
    /// Cards whose disks were named.
    fn named(&self, console: &mut Console) -> Result<Exit, Failure> {
        let pairs = &self.args.cards;
        distinct(pairs)?;
        let nodes: Vec<_> = pairs.iter().map(|pair| pair.node.clone()).collect();
        of_cluster(&self.cluster, &nodes)?;
        let mut slots: Vec<Slot> = Vec::new();
        for Pair { node, place: given } in pairs {
            let place = Place::find(given)?;
            if slots.iter().any(|other| other.place.is(&place)) {
                return Err(super::twice(&given.display().to_string()));
            }
            slots.push(Slot {
                node: node.clone(),
                place,
                given: given.clone(),
            });
        }
        self.round(&slots, console)
    }

    /// Cards that are assigned one after another, in rounds of as many as there are
    /// readers.
    fn assigned(&self, nodes: &str, console: &mut Console) -> Result<Exit, Failure> {
        if !stdin().is_terminal() || !stderr().is_terminal() {
            return Err(Failure::new(
                Exit::Usage,
                "`--assign` asks, and nobody is at a terminal to answer",
            )
            .hint("name the disks: `bramble card write node1=/dev/sdb ...`"));
        }
        let mut waiting = selected(&self.cluster, nodes)?;
        of_cluster(&self.cluster, &waiting)?;
        let mut worst = Exit::Done;
        while !waiting.is_empty() {
            let slots = assign(&waiting, console)?;
            if slots.is_empty() {
                break;
            }
            waiting.retain(|node| slots.iter().all(|slot| slot.node != *node));
            worst = worst.max(self.round(&slots, console)?);
            if !waiting.is_empty() {
                console.prompt("Take the cards out, put the next ones in, and press Enter: ");
                line()?;
            }
        }
        Ok(worst)
    }

    /// Writes cards that are all plugged in.
    fn round(&self, slots: &[Slot], console: &mut Console) -> Result<Exit, Failure> {
        let nodes: Vec<_> = slots.iter().map(|slot| slot.node.clone()).collect();
        let secrets = keyring::open(&self.folder, &self.cluster, BOARDS)?;
        let outside = secrets::outside(&self.folder, &self.cluster, &nodes, console)?;
        let password = secrets::password_hash(&self.folder, self.args.ask_password, console)?;
        let image = self
            .args
            .image
            .open(&self.cluster, &nodes, &self.stop, console)?;
        self.may_be_written(slots, &image)?;
        let records = Records::read(&self.folder)?;
        let volume = own::boot_volume(&image)?;
        let common = Common {
            cluster: &self.cluster,
            secrets: &secrets,
            outside: &outside,
            password_hash: password.as_ref(),
        };
        let own = own::of(&image, volume.as_ref(), &nodes, &records, &common)?;
        console.say(&plan(slots, &image, volume.as_ref(), &records));
        self.confirm(slots, console)?;
        self.write(slots, image, &own, console)
    }

    fn may_be_written(&self, slots: &[Slot], image: &GivenImage) -> Result<(), Failure> {
        for slot in slots {
            let wanted = Wanted {
                given: &slot.given,
                needs: image.image.needs(),
                source: image.device(),
                yes: self.args.yes,
            };
            if let Some(failure) = slot.place.refusal(&wanted) {
                return Err(failure);
            }
        }
        Ok(())
    }

    /// Everything on the disks is about to go.
    fn confirm(&self, slots: &[Slot], console: &mut Console) -> Result<(), Failure> {
        if self.args.yes {
            return Ok(());
        }
        if !stdin().is_terminal() || !stderr().is_terminal() {
            return Err(Failure::new(
                Exit::Usage,
                "nobody is at a terminal to say that these disks may be overwritten",
            )
            .hint("name them by /dev/disk/by-id/... and say so: `--yes`"));
        }
        let places: Vec<_> = slots.iter().map(|slot| slot.place.short()).collect();
        console.prompt(&format!(
            "All that is on {} will be lost. Type `yes` to write: ",
            places.join(", ")
        ));
        if line()?.trim() == "yes" {
            return Ok(());
        }
        Err(Failure::new(Exit::Failed, "nothing was written"))
    }

    fn write(
        &self,
        slots: &[Slot],
        image: GivenImage,
        own: &[Own],
        console: &mut Console,
    ) -> Result<Exit, Failure> {
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
        } = image;
        let total = image.needs();
        let cards = slots
            .iter()
            .map(|slot| (slot.node.clone(), slot.place.short()));
        let mut courses = Courses::new(console, cards, total);
        let verify = !self.args.no_verify;
        let outcome =
            bramble_media::write::write(image, jobs, verify, &self.stop, &mut |card, news| {
                courses.take(card, &news);
            });
        console.clear_status();
        for ((slot, own), done) in slots.iter().zip(own).zip(&outcome.cards) {
            let record = Record {
                image: name.clone(),
                sha256: sha256.clone(),
                ..record(slot, own.generation, done)
            };
            self.remember(&record, console)?;
            let place = slot.place.about().to_find();
            console.print(&sentence(&slot.node, &place, done));
        }
        self.tell(&name, &outcome, console)
    }

    /// Keeps what became of a card.
    fn remember(&self, record: &Record, console: &mut Console) -> Result<(), Failure> {
        record.append(&self.folder)?;
        if record.failure.is_none() {
            // It shows the key that the card was made with again.
            keyring::forget_adopted(&self.folder, BOARDS, &record.node)?;
        }
        console.print_event(&Told::Card(record));
        Ok(())
    }

    fn tell(
        &self,
        name: &str,
        outcome: &Outcome<Written>,
        console: &mut Console,
    ) -> Result<Exit, Failure> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Failure::new(
                Exit::Interrupted,
                "interrupted: cards that were not done do not boot",
            ));
        }
        if let Err(error) = &outcome.image {
            return Err(given_image::wrong(name, error));
        }
        if outcome.cards.iter().any(Result::is_err) {
            return Ok(Exit::Failed);
        }
        console.hint("put the cards into their boards, give them power, then: `bramble up`");
        Ok(Exit::Done)
    }
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
    }
}

/// What is about to happen.
fn plan(
    slots: &[Slot],
    image: &GivenImage,
    volume: Option<&BootVolume>,
    records: &Records,
) -> String {
    let row = |Slot { node, place, .. }: &Slot| {
        let about = place.about();
        [
            node.to_string(),
            about.path.display().to_string(),
            size(about.size),
            about.model.clone().unwrap_or_default(),
            about.serial.clone().unwrap_or_default(),
            about.content(),
        ]
    };
    let rows: Vec<_> = slots.iter().map(row).collect();
    let heading = ["node", "disk", "size", "model", "serial", "on it now"];
    let mut text = table(heading, &rows);
    text.push_str(&image.described(volume));
    for Slot { node, place, .. } in slots {
        let serial = place.about().serial;
        if let Some(remark) = serial.and_then(|serial| records.remark(&serial)) {
            let note = Label::Warning.paint("note");
            text.push_str(&format!("\n{note}: the card for {node}: {remark}"));
        }
    }
    text
}

fn sentence(node: &NodeName, place: &str, done: &Result<Written, CardError>) -> String {
    match done {
        Ok(written) => {
            let good = Label::Good.paint("done");
            let back = written.verifying.map_or_else(
                || "not read back".to_owned(),
                |took| format!("read back in {}", bramble_view::seconds(took)),
            );
            format!(
                "{good}  {node}  {} in {} ({}), {back}  ({place})\n",
                size(written.bytes),
                bramble_view::seconds(written.writing),
                speed(written.bytes, written.writing),
            )
        }
        Err(error) => format!("{}  {node}  {error}  ({place})\n", Label::Bad.paint("fail")),
    }
}

/// Asks whose each card is.
fn assign(waiting: &[NodeName], console: &mut Console) -> Result<Vec<Slot>, Failure> {
    let mut waiting = waiting.to_vec();
    let mut slots = Vec::new();
    for disk in place::disks(false)? {
        let Some(next) = waiting.first() else { break };
        let about = place::about(&disk);
        console.prompt(&format!(
            "{} ({}, on it: {}): whose is it? [{next}, - for nobody's] ",
            about.to_find(),
            size(about.size),
            about.content(),
        ));
        let answer = line()?;
        let node = match answer.trim() {
            "" => next.clone(),
            "-" => continue,
            name => waiting
                .iter()
                .find(|node| node.as_str() == name)
                .cloned()
                .ok_or_else(|| {
                    Failure::new(Exit::Usage, format!("{name} is none of the nodes that wait"))
                })?,
        };
        waiting.retain(|other| *other != node);
        slots.push(Slot {
            node,
            given: disk.path.clone(),
            place: Place::Disk(Box::new(disk)),
        });
    }
    if slots.is_empty() {
        console.say("no card is assigned");
    }
    Ok(slots)
}

/// A line that was typed; the end of input is nobody's answer.
fn line() -> Result<String, Failure> {
    let mut answer = String::new();
    let read = stdin()
        .read_line(&mut answer)
        .map_err(|error| Failure::new(Exit::Host, format!("no answer can be read: {error}")))?;
    if read == 0 {
        return Err(Failure::new(Exit::Failed, "nothing was written"));
    }
    Ok(answer)
}
