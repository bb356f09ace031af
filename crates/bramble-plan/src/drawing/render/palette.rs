//! The colours, for light and dark. Not in here: what has which (`style`).

/// In which colours a picture is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// As its reader wishes; where that cannot be said, light.
    Reader,
    /// On a light ground.
    Light,
    /// On a dark ground.
    Dark,
}

/// A colour's name with how it is on a light and on a dark ground.
pub(super) type Color = (&'static str, &'static str, &'static str);

/// The colours, as in CSS.
pub(super) const COLORS: &[Color] = &[
    // The sheet, and boxes on it.
    ("paper", "#faf8f4", "#14171b"),
    ("card", "#ffffff", "#1e2329"),
    ("line", "#7d848b", "#6b7682"),
    ("rule", "#e3e0da", "#343c45"),
    // Text.
    ("ink", "#1b1f24", "#eceef0"),
    ("quiet", "#535b64", "#aeb6bf"),
    // What belongs to the head, and what to the cables.
    ("accent", "#9c1547", "#f58fb0"),
    ("network", "#1763a6", "#74b7f5"),
    ("power", "#a84a08", "#f2a766"),
    ("wire", "#6a45a8", "#c3a6f7"),
    // Findings, and what stands on their ground.
    ("error", "#b3261e", "#ff9a90"),
    ("warning", "#7a5200", "#f0c65a"),
    ("note", "#46596b", "#9dbcd8"),
    ("on-strong", "#ffffff", "#14171b"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The luminance of `#rrggbb`, by WCAG 2.
    fn luminance(color: &str) -> f64 {
        let channel = |from: usize| {
            let value = u8::from_str_radix(&color[from..from + 2], 16).unwrap();
            let share = f64::from(value) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn color(name: &str, dark: bool) -> &'static str {
        let (_, light, night) = COLORS.iter().find(|(color, ..)| *color == name).unwrap();
        if dark { night } else { light }
    }

    #[test]
    fn text_and_lines_stand_out_as_wcag_aa_asks() {
        let text = ["ink", "quiet", "accent", "network", "power", "error"];
        let strong = ["error", "warning", "note"];
        for dark in [false, true] {
            let pairs = |names: &[&'static str], grounds: &[&'static str], least| {
                for name in names {
                    for ground in grounds {
                        let found = contrast(color(name, dark), color(ground, dark));
                        assert!(
                            found >= least,
                            "{name} on {ground}, dark: {dark}: {found:.2}"
                        );
                    }
                }
            };
            pairs(&text, &["paper", "card"], 4.5);
            pairs(&["on-strong"], &strong, 4.5);
            pairs(&["on-strong"], &["accent"], 4.5);
            pairs(&["wire", "line"], &["paper", "card"], 3.0);
        }
    }
}
