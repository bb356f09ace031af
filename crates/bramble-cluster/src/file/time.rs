//! `[time]`: where the right time comes from. Not in here: which node serves it.

use crate::cluster::TimeSource;
use crate::reader::{Key, Kind, Section, names};

const SOURCES: &[(&str, TimeSource)] = &[
    ("internet", TimeSource::Internet),
    ("gps", TimeSource::Gps),
    ("none", TimeSource::None),
];

/// The keys of `[time]`.
pub(super) const KEYS: &[Key] = &[Key::new(
    "source",
    Kind::Choice(|| names(SOURCES)),
    r#""internet""#,
    "where the right time comes from: the internet, a GPS receiver that gpsd serves, or nothing (the nodes agree with each other only)",
)
.or("\"internet\"")];

/// Reads `[time]`.
pub(super) fn read(mut section: Section<'_>) -> TimeSource {
    let source = section.choice("source", SOURCES);
    section.finish();
    source.unwrap_or(TimeSource::Internet)
}
