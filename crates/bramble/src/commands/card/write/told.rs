//! What people and programs are told of cards that are written: what is about to happen,
//! and what became of each. Not in here: writing.

use bramble_cluster::NodeName;
use bramble_media::CardError;
use bramble_media::write::Written;
use bramble_view::card::speed;
use bramble_view::copy::size;
use bramble_view::style::Label;
use bramble_view::table::table;
use serde::Serialize;

use crate::card::given_image::GivenImage;
use crate::card::own::Prepared;
use crate::card::place::{About, Slot};
use crate::card::record::{Record, Records};

/// What is about to happen and what became of it, as JSON.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(super) enum Told<'a> {
    Plan {
        image: &'a str,
        sha256: Option<&'a str>,
        /// How much of a card it takes, in bytes.
        needs: u64,
        /// How much of that is written, in bytes, if that is known.
        used: Option<u64>,
        /// What reads each node's settings.
        first_boot: Option<&'a str>,
        cards: Vec<Planned<'a>>,
    },
    Card(&'a Record),
}

/// A card that is about to be written.
#[derive(Debug, Serialize)]
pub(super) struct Planned<'a> {
    node: &'a NodeName,
    #[serde(flatten)]
    about: About,
    /// What should be known of it.
    remark: Option<String>,
}

/// What is about to happen.
pub(super) fn plan(slots: &[Slot], prepared: &Prepared<'_>, records: &Records) -> String {
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
    text.push_str(&prepared.described());
    for Slot { node, place, .. } in slots {
        if let Some(remark) = remark(&place.about(), records) {
            let note = Label::Warning.paint("note");
            let node = node.as_str();
            text.extend(["\n", &note, ": the card for ", node, ": ", &remark]);
        }
    }
    text
}

/// The same as JSON.
pub(super) fn planned<'a>(
    slots: &'a [Slot],
    prepared: &'a Prepared<'_>,
    records: &Records,
) -> Told<'a> {
    let GivenImage {
        image,
        name,
        sha256,
        ..
    } = &prepared.given;
    let card = |slot: &'a Slot| {
        let about = slot.place.about();
        Planned {
            node: &slot.node,
            remark: remark(&about, records),
            about,
        }
    };
    let volume = prepared.volume.as_ref();
    Told::Plan {
        image: name,
        sha256: sha256.as_deref(),
        needs: image.needs(),
        used: image.used(),
        first_boot: volume.map(|volume| volume.first_boot.name()),
        cards: slots.iter().map(card).collect(),
    }
}

fn remark(about: &About, records: &Records) -> Option<String> {
    records.remark(about.serial.as_deref()?)
}

/// What became of a card, in a line; nodes' names are `width` wide.
pub(super) fn sentence(slot: &Slot, width: usize, done: &Result<Written, CardError>) -> String {
    let node = format!("{:<width$}", slot.node.as_str());
    let place = slot.place.about().to_find();
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
