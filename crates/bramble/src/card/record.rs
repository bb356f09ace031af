//! What was written to which card, and how that went: a line of JSON each in
//! `.bramble/cards.jsonl`. Not in here: writing.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use bramble_cluster::NodeName;
use bramble_media::CardError;
use bramble_view::copy::size;
use serde::{Deserialize, Serialize};

use crate::cluster_folder::ClusterFolder;
use crate::failure::Failure;
use crate::safe_file;

const FILE: &str = "cards.jsonl";

/// A card this much slower than the median of the others is told of.
const SLOW: f64 = 0.6;

/// One card that was written, or was to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// When, as RFC 3339 has it, in UTC.
    pub(crate) time: String,
    /// For which node.
    pub(crate) node: NodeName,
    /// How many cards were made for the node before.
    pub(crate) generation: u32,
    /// The image's file name.
    pub(crate) image: String,
    /// The SHA-256 of the image as it was downloaded or of what it unpacks to, if one
    /// of them was known.
    pub(crate) sha256: Option<String>,
    /// Where it was written to.
    pub(crate) device: String,
    /// What the card or its reader calls itself.
    pub(crate) model: Option<String>,
    /// Its serial number.
    pub(crate) serial: Option<String>,
    /// How much it holds, in bytes.
    pub(crate) holds: u64,
    /// How many bytes were written.
    pub(crate) written: u64,
    /// How long that took, in seconds.
    pub(crate) writing: f64,
    /// How long reading back took, in seconds.
    pub(crate) verifying: Option<f64>,
    /// Why it is not whole.
    pub(crate) failure: Option<String>,
    /// What that is due to.
    pub(crate) due_to: Option<DueTo>,
}

/// What it is due to that a card is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DueTo {
    /// The card, its reader, or the wire in between.
    Card,
    /// It is a good card, and too small for the image.
    Size,
    /// The image could not be read, or is not what it should be.
    Image,
    /// Somebody stopped it.
    Interruption,
}

impl DueTo {
    pub(crate) fn of(error: &CardError) -> Self {
        match error {
            CardError::TooSmall { .. } => Self::Size,
            CardError::NoImage => Self::Image,
            CardError::Interrupted => Self::Interruption,
            _ => Self::Card,
        }
    }
}

/// All cards of a cluster so far, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Records(Vec<Record>);

impl Records {
    /// Reads what is kept. A line that was cut off is none.
    pub(crate) fn read(folder: &ClusterFolder) -> Result<Self, Failure> {
        let path = folder.kept(FILE)?;
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self::of(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Failure::file("read", &path, &error)),
        }
    }

    fn of(text: &str) -> Self {
        let record = |line| serde_json::from_str(line).ok();
        Self(text.lines().filter_map(record).collect())
    }

    /// The generation of the next card of `node`: none before had it, also where some of
    /// their records are lost.
    pub(crate) fn generation(&self, node: &NodeName) -> u32 {
        let of_node = self.0.iter().filter(|record| record.node == *node);
        let last = of_node.map(|record| record.generation).max();
        last.map_or(0, |last| last.saturating_add(1))
    }

    /// What should be known of a card before it is written once more.
    pub(crate) fn remark(&self, serial: &str) -> Option<String> {
        let mut earlier = self.0.iter().rev();
        let is_of = |record: &&Record| record.serial.as_deref() == Some(serial);
        let last = earlier.find(|record| is_of(record) && record.tells_of_card())?;
        let day = last.time.get(..10).unwrap_or(&last.time);
        if let Some(failure) = &last.failure {
            return Some(format!("on {day} this card failed: {failure}"));
        }
        let speed = last.speed()?;
        let median = self.median_speed()?;
        (speed < SLOW * median).then(|| {
            format!(
                "on {day} this card took {}/s, where others take {}/s",
                rounded(speed),
                rounded(median)
            )
        })
    }

    /// Of all that went well, in bytes a second, if there are enough to tell.
    fn median_speed(&self) -> Option<f64> {
        let mut speeds: Vec<f64> = self.0.iter().filter_map(Record::speed).collect();
        speeds.sort_by(f64::total_cmp);
        (speeds.len() >= 3).then(|| speeds[speeds.len() / 2])
    }
}

impl Record {
    /// Writes it behind all others.
    pub(crate) fn append(&self, folder: &ClusterFolder) -> Result<(), Failure> {
        let path = folder.kept(FILE)?;
        append(&path, self).map_err(|error| Failure::file("write", &path, &error))
    }

    /// Whether it says something of the card, rather than of an image or of somebody who
    /// stopped it.
    fn tells_of_card(&self) -> bool {
        self.failure.is_none() || self.due_to == Some(DueTo::Card)
    }

    /// Bytes a second, if it went well.
    fn speed(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "for people")]
        let bytes = self.written as f64;
        (self.failure.is_none() && self.writing > 0.0).then(|| bytes / self.writing)
    }
}

fn append(path: &Path, record: &Record) -> io::Result<()> {
    let mut file = safe_file::open(path)?;
    let mut line = Vec::new();
    if is_cut_off(&file)? {
        line.push(b'\n');
    }
    serde_json::to_writer(&mut line, record)?;
    line.push(b'\n');
    file.write_all(&line)?;
    file.sync_data()
}

/// Whether its last line has no end, after a machine went down.
fn is_cut_off(file: &fs::File) -> io::Result<bool> {
    let length = file.metadata()?.len();
    let mut last = [0];
    if length == 0 {
        return Ok(false);
    }
    file.read_exact_at(&mut last, length - 1)?;
    Ok(last != *b"\n")
}

fn rounded(speed: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "for people; never negative"
    )]
    size(speed as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(node: &str, serial: &str, speed: f64, failure: Option<&str>) -> Record {
        Record {
            time: "2026-11-21T17:18:26Z".to_owned(),
            node: node.parse().unwrap(),
            generation: 1,
            image: "system.img.xz".to_owned(),
            sha256: None,
            device: "/dev/sdb".to_owned(),
            model: None,
            serial: Some(serial.to_owned()),
            holds: 32_000_000_000,
            written: 2_000_000_000,
            writing: 2_000_000_000.0 / speed,
            verifying: None,
            failure: failure.map(str::to_owned),
            due_to: failure.map(|_| DueTo::Card),
        }
    }

    fn records(records: &[Record]) -> Records {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        for record in records {
            append(&path, record).unwrap();
        }
        // A machine that went down in the middle of a line.
        let mut text = fs::read_to_string(&path).unwrap_or_default();
        text.push_str("{\"time\":\"2026-1");
        Records::of(&text)
    }

    #[test]
    fn each_card_of_a_node_is_another_generation() {
        let node1: NodeName = "node1".parse().unwrap();
        assert_eq!(records(&[]).generation(&node1), 0);
        let some = records(&[
            record("node1", "a", 1e6, None),
            record("node2", "b", 1e6, None),
        ]);
        assert_eq!(some.generation(&node1), 2);
        assert_eq!(some.generation(&"node3".parse().unwrap()), 0);
    }

    #[test]
    fn a_line_that_was_cut_off_does_not_swallow_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        fs::write(&path, "{\"time\":\"2026-1").unwrap();
        for serial in ["a", "b"] {
            append(&path, &record("node1", serial, 1e6, None)).unwrap();
        }
        let Records(read) = Records::of(&fs::read_to_string(&path).unwrap());
        let serials: Vec<_> = read.iter().map(|record| record.serial.as_deref()).collect();
        assert_eq!(serials, [Some("a"), Some("b")]);
    }

    #[test]
    fn what_is_no_fault_of_a_card_is_not_told_of_it() {
        for due_to in [DueTo::Interruption, DueTo::Image, DueTo::Size] {
            let mut last = record("node1", "a", 1e6, Some("not written"));
            last.due_to = Some(due_to);
            assert_eq!(records(&[last.clone()]).remark("a"), None);
            let failed = record("node1", "a", 1e6, Some("writing failed at byte 7"));
            let remark = records(&[failed, last]).remark("a").unwrap();
            assert!(remark.contains("writing failed"), "{remark}");
        }
    }

    #[test]
    fn a_card_that_failed_or_is_slow_is_told_of_and_no_other() {
        let some = records(&[
            record("node1", "good", 40e6, None),
            record("node2", "slow", 9e6, None),
            record("node3", "fair", 38e6, None),
            record("node4", "bad", 40e6, Some("writing failed at byte 7")),
        ]);
        assert_eq!(some.remark("good"), None);
        assert_eq!(some.remark("fair"), None);
        assert_eq!(some.remark("unknown"), None);
        assert_eq!(
            some.remark("slow").unwrap(),
            "on 2026-11-21 this card took 9 MB/s, where others take 38 MB/s"
        );
        assert!(some.remark("bad").unwrap().contains("writing failed"));
    }
}
