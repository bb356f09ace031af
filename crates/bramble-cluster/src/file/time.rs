//! `[time]`: where the right time comes from. Not in here: which node serves it.

use crate::cluster::TimeSource;
use crate::reader::Section;

const SOURCES: &[(&str, TimeSource)] = &[
    ("internet", TimeSource::Internet),
    ("gps", TimeSource::Gps),
    ("none", TimeSource::None),
];

/// Reads `[time]`.
pub(super) fn read(mut section: Section<'_>) -> TimeSource {
    let source = section.optional("source", r#""internet""#);
    let source = source.and_then(|value| value.text()?.choice(SOURCES));
    section.finish();
    source.unwrap_or(TimeSource::Internet)
}
