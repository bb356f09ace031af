//! Text of devices made harmless. Not in here: where it comes from.

use std::path::Path;

/// How long a text of a device can be, in characters. The longest that a label of a file
/// system needs is 255 (btrfs).
const LONGEST: usize = 255;

/// `text` without what could change how the text around it is seen on a terminal, or
/// `None` if nothing is left. Runs of white space become one space.
pub(super) fn shown(text: &str) -> Option<String> {
    let text = text.replace('\0', " ");
    let words: Vec<_> = text.split_whitespace().collect();
    let text: String = words
        .join(" ")
        .chars()
        .take(LONGEST)
        .map(|c| if harmful(c) { '\u{fffd}' } else { c })
        .collect();
    (!text.is_empty()).then_some(text)
}

/// `path` as a word for a shell, harmless on a terminal.
pub(super) fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = shown(&text).filter(|shown| *shown == text);
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@%=,".contains(c);
    match text {
        Some(text) if text.chars().all(plain) => text,
        Some(text) => format!("'{}'", text.replace('\'', r"'\''")),
        None => format!("$'{}'", path.as_os_str().as_encoded_bytes().escape_ascii()),
    }
}

/// Whether `c` controls the terminal, the direction of text, or cannot be seen.
fn harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_device_cannot_change_the_terminal_or_the_direction() {
        assert_eq!(shown("evil\u{1b}[2Jname").unwrap(), "evil\u{fffd}[2Jname");
        assert_eq!(shown("a\u{202e}b\u{2066}").unwrap(), "a\u{fffd}b\u{fffd}");
        assert_eq!(shown("a\u{200b}b").unwrap(), "a\u{fffd}b");
    }

    #[test]
    fn text_is_trimmed_and_bounded() {
        assert_eq!(shown("  STORAGE   DEVICE \0").unwrap(), "STORAGE DEVICE");
        assert_eq!(shown(" \n\0"), None);
        assert_eq!(shown(&"x".repeat(1000)).unwrap().len(), LONGEST);
        assert_eq!(shown("Übung 2").unwrap(), "Übung 2");
    }
}
