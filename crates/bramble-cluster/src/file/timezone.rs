//! The shape of a time zone's name. Not in here: which cities there are; the
//! node's own tzdata knows.

use crate::reader::Text;
use crate::suggest;

/// The areas that tzdata ships by itself. Names such as `US/Eastern` or `Japan`
/// are in a package of their own since Debian 13.
const AREAS: &[&str] = &[
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Etc",
    "Europe",
    "Indian",
    "Pacific",
];

/// The time zone, if it looks like one: `Area/City`, or `UTC`.
pub(super) fn check(text: &Text<'_>) -> Option<String> {
    if looks_right(text.value) {
        return Some(text.value.to_owned());
    }
    let title = format!("`{text}` is no time zone");
    let help = match likely(text.value) {
        Some(zone) => format!("did you mean `{zone}`?"),
        None => "write the area and the city, such as `Europe/London`, or `Etc/UTC`; \
                 `timedatectl list-timezones` lists them"
            .to_owned(),
    };
    text.fail(
        "unknown-timezone",
        title,
        "not of the form `Area/City`",
        help,
    )
}

fn looks_right(zone: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
    };
    let mut words = zone.split('/');
    let area = words.next().unwrap_or_default();
    zone == "UTC"
        || (zone.len() <= 64 && AREAS.contains(&area) && zone.contains('/') && words.all(word))
}

/// Puts right what people write: `europe/london`, `Eurpe/London`, `America/New York`.
fn likely(zone: &str) -> Option<String> {
    let (area, city) = zone.split_once('/')?;
    let area = suggest::nearest(area, AREAS.iter().copied())?;
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
    };
    let words: Option<Vec<_>> = city.split(['_', ' ']).map(capital).collect();
    let zone = format!("{area}/{}", words?.join("_"));
    looks_right(&zone).then_some(zone)
}
