//! Names of files: what is allowed, the short form that each has, and when two are the
//! same. Not in here: where names stand in a directory.
//!
//! The rules are those of Microsoft's "FAT32 File System Specification" (version 1.03)
//! and of what Windows and Linux do beyond it: a name that only misses a short one by
//! being in lower case gets a mark in its slot and no long name.

use std::collections::BTreeSet;

use super::FatError;

/// The marks for a name and an extension that are shown in lower case.
const LOWER_NAME: u8 = 0x08;
const LOWER_EXTENSION: u8 = 0x10;

/// What a long name cannot have besides control characters.
const FORBIDDEN: &[char] = &[
    '"', '*', '/', ':', '<', '>', '?', '\\', '|', '\u{7f}', '\u{ffff}',
];

/// What a short name can have besides capital letters and digits.
const IN_SHORT: &str = "$%'-_@~`!(){}^#&";

/// Characters 128 to 255 of code page 437, the one that Linux reads short names with.
const UPPER_HALF: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// How a file is called in its directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Naming {
    /// Name and extension, padded with spaces.
    pub(super) short: [u8; 11],
    /// Which of the two are shown in lower case.
    pub(super) cases: u8,
    /// The long name, if the short one does not say everything.
    pub(super) long: Vec<u16>,
}

impl Naming {
    /// How `name` is called where the short names `taken` are, and the names `known`
    /// as [`fold`] makes them. `name` is allowed and not among these.
    pub(super) fn of(name: &str, taken: &BTreeSet<[u8; 11]>, known: &BTreeSet<String>) -> Self {
        let is_new = |short: &[u8; 11]| {
            !taken.contains(short) && !known.contains(&fold(&of_short(short, 0)))
        };
        if let Some((short, cases)) = exact(name).filter(|(short, _)| !taken.contains(short)) {
            let long = Vec::new();
            return Self { short, cases, long };
        }
        let basis = Basis::of(name);
        let plain = basis.is_whole.then(|| basis.short(None)).filter(is_new);
        let numbered = || {
            (1..1_000_000)
                .map(|number| basis.short(Some(number)))
                .find(is_new)
        };
        Self {
            // Proof: a directory has fewer slots than there are numbers.
            short: plain.or_else(numbered).unwrap_or_default(),
            cases: 0,
            long: name.encode_utf16().collect(),
        }
    }
}

/// Checks whether a file can be called so.
pub(super) fn check(name: &str) -> Result<(), FatError> {
    let problem = if name.is_empty() {
        "it is empty"
    } else if name.ends_with(['.', ' ']) || name.starts_with(' ') {
        "it begins with a space, or ends with a space or a dot"
    } else if !is_readable(name) {
        "FAT allows neither control characters nor any of \" * / : < > ? \\ |"
    } else if name.encode_utf16().count() > 255 {
        "it has more than 255 characters"
    } else {
        return Ok(());
    };
    let name = name.to_owned();
    Err(FatError::Name { name, problem })
}

/// Whether a name has only characters that it can have.
pub(super) fn is_readable(name: &str) -> bool {
    let is_bad = |character: char| character.is_control() || FORBIDDEN.contains(&character);
    !name.is_empty() && !name.contains(is_bad)
}

/// A name by which it is compared: names that differ in case only are the same.
pub(super) fn fold(name: &str) -> String {
    name.chars().map(upper).collect()
}

/// The capital letter, if it is a single one.
fn upper(character: char) -> char {
    let mut capitals = character.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(capital), None) => capital,
        _ => character,
    }
}

/// The value that ties the slots of a long name to a short one.
pub(super) fn checksum(short: &[u8; 11]) -> u8 {
    let add = |sum: u8, byte: &u8| sum.rotate_right(1).wrapping_add(*byte);
    short.iter().fold(0, add)
}

/// A short name as it is shown.
pub(super) fn of_short(short: &[u8; 11], cases: u8) -> String {
    let mut bytes = *short;
    // The mark of a free slot stands in its way.
    if bytes[0] == 0x05 {
        bytes[0] = 0xe5;
    }
    let part = |bytes: &[u8], lower: bool| {
        let text = characters(bytes);
        let text = text.trim_end_matches(' ');
        if lower {
            text.to_ascii_lowercase()
        } else {
            text.to_owned()
        }
    };
    let name = part(&bytes[..8], cases & LOWER_NAME != 0);
    match part(&bytes[8..], cases & LOWER_EXTENSION != 0) {
        extension if extension.is_empty() => name,
        extension => format!("{name}.{extension}"),
    }
}

/// The characters of a short name or label, with `_` for those that cannot be in one.
pub(super) fn characters(bytes: &[u8]) -> String {
    let character = |byte: &u8| match *byte {
        low @ ..0x80 => char::from(low),
        high => UPPER_HALF
            .chars()
            .nth(usize::from(high) - 0x80)
            .unwrap_or('_'),
    };
    let shown = bytes.iter().map(character);
    let is_bad = |character: &char| character.is_control() || FORBIDDEN.contains(character);
    shown
        .map(|character| if is_bad(&character) { '_' } else { character })
        .collect()
}

/// The short form and the marks of a name that needs no long one.
fn exact(name: &str) -> Option<([u8; 11], u8)> {
    let (start, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let fits = (1..=8).contains(&start.len()) && extension.len() <= 3;
    let is_short = |part: &str| part.bytes().all(|byte| in_short(byte.to_ascii_uppercase()));
    if !fits || !is_short(start) || !is_short(extension) {
        return None;
    }
    let cases = lower(start, LOWER_NAME)? | lower(extension, LOWER_EXTENSION)?;
    Some((padded(start, extension), cases))
}

/// The mark if a part is in lower case; none if it is in both.
fn lower(part: &str, mark: u8) -> Option<u8> {
    let has_lower = part.bytes().any(|byte| byte.is_ascii_lowercase());
    let has_upper = part.bytes().any(|byte| byte.is_ascii_uppercase());
    match (has_lower, has_upper) {
        (true, true) => None,
        (true, false) => Some(mark),
        (false, _) => Some(0),
    }
}

fn in_short(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || IN_SHORT.as_bytes().contains(&byte)
}

/// Both parts in capital letters. They are short enough.
fn padded(start: &str, extension: &str) -> [u8; 11] {
    let mut short = [b' '; 11];
    let places = (0..8)
        .zip(start.bytes())
        .chain((8..11).zip(extension.bytes()));
    for (place, byte) in places {
        short[place] = byte.to_ascii_uppercase();
    }
    short
}

/// What the short form of a long name is made from.
struct Basis {
    start: String,
    extension: String,
    /// Whether nothing of the name was lost but its case.
    is_whole: bool,
}

impl Basis {
    fn of(name: &str) -> Self {
        let trimmed = name.trim_start_matches('.');
        let (start, extension) = trimmed.rsplit_once('.').unwrap_or((trimmed, ""));
        let (mut start, extension) = (reduced(start), reduced(extension));
        let whole = if extension.is_empty() {
            start.clone()
        } else {
            format!("{start}.{extension}")
        };
        let fits = start.len() <= 8 && extension.len() <= 3;
        let is_whole = fits && whole == name.to_ascii_uppercase();
        if start.is_empty() {
            start.push('_');
        }
        Self {
            start,
            extension: extension.chars().take(3).collect(),
            is_whole,
        }
    }

    fn short(&self, number: Option<u32>) -> [u8; 11] {
        let tail = number.map_or_else(String::new, |number| format!("~{number}"));
        let kept = self.start.len().min(8 - tail.len());
        padded(&format!("{}{tail}", &self.start[..kept]), &self.extension)
    }
}

/// A part of a name with ASCII characters that a short one can have, and no others.
fn reduced(part: &str) -> String {
    let kept = part
        .chars()
        .filter(|character| !matches!(character, ' ' | '.'));
    let allowed = kept.map(|character| match u8::try_from(character) {
        Ok(byte) if in_short(byte.to_ascii_uppercase()) => char::from(byte.to_ascii_uppercase()),
        _ => '_',
    });
    allowed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(name: &str, taken: &[&str]) -> String {
        let taken: BTreeSet<_> = taken
            .iter()
            .filter_map(|name| exact(name))
            .map(|it| it.0)
            .collect();
        let naming = Naming::of(name, &taken, &BTreeSet::new());
        let short = of_short(&naming.short, naming.cases);
        let long = String::from_utf16(&naming.long).unwrap();
        format!("{short} {long}").trim_end().to_owned()
    }

    #[test]
    fn a_name_that_fits_in_capitals_or_small_letters_has_no_long_one() {
        assert_eq!(called("CONFIG.TXT", &[]), "CONFIG.TXT");
        assert_eq!(called("config.txt", &[]), "config.txt");
        assert_eq!(called("KERNEL8.img", &[]), "KERNEL8.img");
        assert_eq!(called("ssh", &[]), "ssh");
        assert_eq!(called("LICENCE", &[]), "LICENCE");
    }

    #[test]
    fn a_name_in_mixed_case_keeps_its_short_form_whole() {
        assert_eq!(called("Config.txt", &[]), "CONFIG.TXT Config.txt");
        assert_eq!(
            called("Config.txt", &["CONFIG.TXT"]),
            "CONFIG~1.TXT Config.txt"
        );
    }

    #[test]
    fn a_long_name_gets_the_first_number_that_is_free() {
        assert_eq!(called("network-config", &[]), "NETWOR~1 network-config");
        assert_eq!(
            called("network-config", &["NETWOR~1"]),
            "NETWOR~2 network-config"
        );
        assert_eq!(
            called("cmdline.txt.old", &[]),
            "CMDLIN~1.OLD cmdline.txt.old"
        );
        assert_eq!(called(".ssh", &[]), "SSH~1 .ssh");
        assert_eq!(called("a b.c", &[]), "AB~1.C a b.c");
        assert_eq!(called("größe.yaml", &[]), "GR__E~1.YAM größe.yaml");
        assert_eq!(called("a+b", &[]), "A_B~1 a+b");
        assert_eq!(called("..x..y", &[]), "X~1.Y ..x..y");
    }

    #[test]
    fn a_number_with_more_digits_takes_room_from_the_name() {
        let start = |tail: &str| "NETWORK-"[..8 - tail.len()].to_owned();
        let tails = (1..100).map(|number| format!("~{number}"));
        let taken: Vec<_> = tails.map(|tail| start(&tail) + &tail).collect();
        let taken: Vec<_> = taken.iter().map(String::as_str).collect();
        assert_eq!(
            called("network-config", &taken[..9]),
            "NETWO~10 network-config"
        );
        assert_eq!(called("network-config", &taken), "NETW~100 network-config");
    }

    #[test]
    fn a_short_form_is_none_that_is_a_long_name_of_another() {
        let known = BTreeSet::from([fold("Networ~1")]);
        let naming = Naming::of("network-config", &BTreeSet::new(), &known);
        assert_eq!(&naming.short, b"NETWOR~2   ");
    }

    #[test]
    fn what_fat_forbids_is_refused() {
        for name in [
            "", ".", "..", "a/b", "a:b", "a\\b", "a?", "tab\t", "end.", "end ", " start",
        ] {
            assert!(check(name).is_err(), "{name}");
        }
        assert!(check(&"x".repeat(256)).is_err());
        assert!(check(&"🍓".repeat(128)).is_err());
        for name in [".ssh", "a b", "größe", "🍓", "a.b.c", &"x".repeat(255)] {
            assert!(check(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn the_upper_half_of_the_code_page_is_complete() {
        assert_eq!(UPPER_HALF.chars().count(), 128);
        assert_eq!(of_short(b"\x05RGER   TXT", 0), "σRGER.TXT");
        assert_eq!(of_short(b"A\x00B/C   \x1b  ", 0), "A_B_C._");
    }

    #[test]
    fn the_checksum_is_that_of_others() {
        // As `mcopy` writes it.
        assert_eq!(checksum(b"NETWOR~1   "), 0x47);
    }
}
