//! Text of others on a terminal: whatever a node prints, it cannot move the
//! cursor, change a title, overwrite a line or turn text around. Not in here:
//! deciding where that is wanted.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` with all that a terminal would act on made visible: control characters
/// as `^[` and `^M`, those of the upper range, those that turn the direction of
/// writing and other ends of lines as `<U+009B>`. Tabs and line feeds stay. Colours become visible,
/// too: an escape sequence that is let through for its colour would have to be
/// understood exactly as the terminal does.
pub fn safe(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(acts) else {
        return Cow::Borrowed(text);
    };
    let (plain, rest) = text.split_at(first);
    let mut shown = plain.to_owned();
    for character in rest.chars() {
        show(character, &mut shown);
    }
    Cow::Owned(shown)
}

/// `text` on one line: as [`safe`] shows it, with blanks for its line feeds.
pub fn safe_line(text: &str) -> String {
    safe(text.trim_end()).replace('\n', " ")
}

fn acts(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        // All that turn the direction of what is around them: Unicode's property
        // Bidi_Control (PropList.txt, Unicode 16.0). And U+2028 and U+2029, which end a
        // line and a paragraph: some programs act on them.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            true
        }
        _ => character.is_control(),
    }
}

fn show(character: char, shown: &mut String) {
    match character {
        _ if !acts(character) => shown.push(character),
        '\0'..='\x1f' => {
            shown.push('^');
            shown.extend(char::from_u32(u32::from(character) + 0x40));
        }
        '\x7f' => shown.push_str("^?"),
        // Writing to a string does not fail.
        _ => drop(write!(shown, "<U+{:04X}>", u32::from(character))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_made_visible() {
        assert_eq!(safe("\x1b[31mred\x1b[0m"), "^[[31mred^[[0m");
        assert_eq!(safe("100 %\rnode1: ok\x07\x7f\0"), "100 %^Mnode1: ok^G^?^@");
        assert_eq!(safe("\u{9b}2J \u{202e}txt"), "<U+009B>2J <U+202E>txt");
    }

    #[test]
    fn whatever_turns_the_direction_or_ends_a_line_is_made_visible() {
        let controls =
            ('\0'..=char::MAX).filter(|&character| acts(character) && character > '\u{9f}');
        let controls: String = controls.collect();
        assert_eq!(
            controls,
            "\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\
             \u{2066}\u{2067}\u{2068}\u{2069}"
        );
        assert_eq!(safe("a\u{200f}b\u{2028}c"), "a<U+200F>b<U+2028>c");
    }

    #[test]
    fn a_line_stays_one() {
        assert_eq!(safe_line("a\nb\x1b[2J\n"), "a b^[[2J");
    }

    #[test]
    fn text_stays_as_it_is() {
        let text = "a\tb\n\u{f6} \u{20ac} \u{1f600}\n";
        assert!(matches!(safe(text), Cow::Borrowed(same) if same == text));
    }

    proptest! {
        #[test]
        fn nothing_that_a_terminal_acts_on_is_left(text in any::<String>()) {
            let shown = safe(&text);
            prop_assert!(!shown.contains(acts));
            prop_assert_eq!(safe(&shown), shown.clone());
            prop_assert_eq!(shown.matches('\n').count(), text.matches('\n').count());
        }
    }
}
