//! How wide a text is, and how it is shortened to the room there is. Measured by
//! the widths of `DejaVu Sans`, which is the first of the fonts asked for and wider
//! than those that stand in for it. Not in here: where text stands (`layout`).

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// The cluster's name.
    Title,
    /// A figure of the summary.
    Figure,
    /// The name of a board, switch or supply.
    Name,
    /// A heading of a list.
    Heading,
    /// What is said first.
    Body,
    /// What is said besides.
    Small,
    /// The number of a port.
    Tiny,
    /// The number of a finding.
    Badge,
}

/// What stands for the rest of a text that was cut.
const ELLIPSIS: char = '\u{2026}';

impl Style {
    /// The size of the font, in units of the sheet.
    pub(crate) const fn size(self) -> i32 {
        match self {
            Self::Title => 32,
            Self::Figure => 24,
            Self::Name => 15,
            Self::Heading => 13,
            Self::Body => 12,
            Self::Small => 11,
            Self::Tiny => 9,
            Self::Badge => 10,
        }
    }

    pub(crate) const fn bold(self) -> bool {
        matches!(self, Self::Title | Self::Name | Self::Heading | Self::Badge)
    }
}

/// How wide `text` is, rounded up, in units of the sheet.
pub(crate) fn width(text: &str, style: Style) -> i32 {
    let table = if style.bold() { &BOLD } else { &REGULAR };
    let advance = |letter| advance(letter, table);
    let thousandths: i32 = text.chars().map(advance).fold(0, i32::saturating_add);
    thousandths.saturating_mul(style.size()) / 1000 + 1
}

/// `text`, cut and ended by an ellipsis if it is wider than `room`.
pub(crate) fn fit(text: &str, style: Style, room: i32) -> String {
    if width(text, style) <= room {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        short.push(letter);
        short.push(ELLIPSIS);
        let fits = width(&short, style) <= room;
        short.pop();
        if !fits {
            short.pop();
            break;
        }
    }
    format!("{}{ELLIPSIS}", short.trim_end())
}

/// `text` in at most `most` lines of `room` each; what is too wide ends by an
/// ellipsis.
pub(crate) fn wrap(text: &str, style: Style, room: i32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let joined = lines.last().map(|line| format!("{line} {word}"));
        let joins = |joined: &String| lines.len() == most || width(joined, style) <= room;
        match joined.filter(joins) {
            Some(joined) => {
                lines.pop();
                lines.push(joined);
            }
            None => lines.push(word.to_owned()),
        }
    }
    let fitted = lines.iter().map(|line| fit(line, style, room));
    fitted.collect()
}

/// The width of `letter`, in thousandths of the font's size. Letters outside the
/// table get the width of the widest in use.
fn advance(letter: char, table: &[i32; 95]) -> i32 {
    match letter {
        ' '..='~' => table[letter as usize - ' ' as usize],
        '\u{b7}' => 380,
        '\u{d7}' => 838,
        ELLIPSIS => 1000,
        _ => 1100,
    }
}

/// Of the letters from space to tilde, in thousandths of the font's size.
const REGULAR: [i32; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337, 637, 637, 637,
    637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 531, 1000, 685, 687, 699, 771, 632,
    576, 775, 752, 295, 295, 656, 558, 863, 749, 788, 604, 788, 695, 635, 611, 732, 685, 989, 686,
    611, 686, 391, 337, 391, 838, 500, 500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580,
    278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838,
];
/// The same of the bold face.
const BOLD: [i32; 95] = [
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366, 696, 696, 696,
    696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 581, 1000, 774, 763, 734, 831, 684,
    684, 821, 837, 373, 373, 775, 638, 996, 837, 851, 733, 851, 771, 721, 683, 813, 774, 1104, 771,
    725, 726, 458, 366, 458, 838, 500, 500, 675, 716, 593, 716, 679, 436, 716, 712, 343, 343, 666,
    343, 1042, 712, 688, 716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 366, 712, 838,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_stays_as_it_is() {
        assert_eq!(fit("node1", Style::Name, 200), "node1");
    }

    #[test]
    fn a_text_that_is_too_wide_ends_with_an_ellipsis_and_fits() {
        let long = "Raspberry Pi 3 Model B+ with everything on it";
        for room in [0, 5, 12, 40, 90, 160] {
            let short = fit(long, Style::Body, room);
            assert!(short.ends_with(ELLIPSIS), "{short}");
            assert!(
                width(&short, Style::Body) <= room.max(13),
                "{room}: {short}"
            );
        }
    }

    #[test]
    fn a_text_is_broken_between_words_and_cut_at_the_end() {
        let text = "NETGEAR 8-port gigabit switch, unmanaged, with everything";
        let lines = wrap(text, Style::Body, 120, 2);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!(lines[0], "NETGEAR 8-port");
        assert!(lines[1].ends_with(ELLIPSIS), "{lines:?}");
        assert_eq!(wrap(text, Style::Body, 2000, 2), [text]);
        assert!(wrap("", Style::Body, 2000, 2).is_empty());
    }

    #[test]
    fn bold_is_wider_and_capitals_are_wider() {
        assert!(width("node", Style::Heading) > width("node", Style::Body));
        assert!(width("WWWW", Style::Body) > width("iiii", Style::Body));
    }
}
