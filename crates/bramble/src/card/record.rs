//! What was written to which card, and how that went: a line of JSON each in
//! `.bramble/cards.jsonl`. Not in here: writing.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use bramble_cluster::NodeName;
use bramble_view::copy::size;
use serde::{Deserialize, Serialize};

use crate::cluster_folder::ClusterFolder;
use crate::failure::Failure;

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

    /// How many cards were made for `node`.
    pub(crate) fn generation(&self, node: &NodeName) -> u32 {
        let of_node = self.0.iter().filter(|record| record.node == *node);
        u32::try_from(of_node.count()).unwrap_or(u32::MAX)
    }

    /// What should be known of a card before it is written once more.
    pub(crate) fn remark(&self, serial: &str) -> Option<String> {
        let mut earlier = self.0.iter().rev();
        let last = earlier.find(|record| record.serial.as_deref() == Some(serial))?;
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

    /// Bytes a second, if it went well.
    fn speed(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "for people")]
        let bytes = self.written as f64;
        (self.failure.is_none() && self.writing > 0.0).then(|| bytes / self.writing)
    }
}

fn append(path: &Path, record: &Record) -> io::Result<()> {
    let mut line = serde_json::to_vec(record)?;
    line.push(b'\n');
    let mut file = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(&line)?;
    file.sync_data()
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
        assert_eq!(some.generation(&node1), 1);
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
