//! The style sheet: which kind of thing has which colour and line. Not in here:
//! where anything stands.

use super::palette::{COLORS, Scheme};
use crate::drawing::text::Style;

/// The fonts asked for: the first is the one that texts are measured by.
const FONTS: &str = "\"DejaVu Sans\", Verdana, \"Segoe UI\", sans-serif";

/// What the rules are about: the picture only, since it may stand in a page.
const SCOPE: &str = ".bramble-drawing";

/// What each class sets, with a colour of the palette.
const RULES: &[(&str, &str, &str, &str)] = &[
    (".paper", "fill", "paper", ""),
    (".box", "fill", "card", "stroke-width:1.25"),
    (".box", "stroke", "line", ""),
    (".sight", "fill", "paper", "stroke-dasharray:none"),
    (".vague", "stroke", "line", "stroke-dasharray:5 4"),
    (".lead", "stroke", "accent", "stroke-width:2"),
    (".rule", "stroke", "rule", "stroke-width:1"),
    (".ink", "fill", "ink", ""),
    (".quiet", "fill", "quiet", ""),
    (".accent", "fill", "accent", ""),
    (".network", "fill", "network", ""),
    (".power", "fill", "power", ""),
    (".bad", "fill", "error", ""),
    (".on", "fill", "on-strong", ""),
    (".halo", "stroke", "paper", "fill:none;stroke-width:6"),
    (".halo.wide", "stroke", "paper", "stroke-width:9"),
    (
        ".c-network",
        "stroke",
        "network",
        "fill:none;stroke-width:2",
    ),
    (
        ".c-air",
        "stroke",
        "network",
        "fill:none;stroke-width:2;stroke-dasharray:2 5;stroke-linecap:round",
    ),
    (".c-power", "stroke", "power", "fill:none;stroke-width:2"),
    (".c-feed", "stroke", "power", "fill:none;stroke-width:6"),
    (".c-gap", "stroke", "paper", "fill:none;stroke-width:3.5"),
    (
        ".c-wire",
        "stroke",
        "wire",
        "fill:none;stroke-width:1.5;stroke-dasharray:6 3",
    ),
    (".c-world", "stroke", "line", "fill:none;stroke-width:1.5"),
    (".p-free", "stroke", "line", "stroke-width:1"),
    (".p-network", "stroke", "network", "stroke-width:1.75"),
    (".p-power", "stroke", "power", "stroke-width:1.75"),
    (".port", "fill", "card", ""),
    (".plug-network", "fill", "network", ""),
    (".plug-power", "fill", "power", ""),
    (".plug-wire", "fill", "wire", ""),
    (".pill", "stroke", "line", "fill:none;stroke-width:1"),
    (".pill-head", "fill", "accent", ""),
    (".bar", "fill", "rule", ""),
    (".bar-used", "fill", "power", ""),
    (".bar-over", "fill", "error", ""),
    (".b-error", "fill", "error", ""),
    (".b-warning", "fill", "warning", ""),
    (".b-note", "fill", "note", ""),
    (".badge", "stroke", "paper", "stroke-width:1.5"),
];

const STYLES: &[(&str, Style)] = &[
    ("t-title", Style::Title),
    ("t-figure", Style::Figure),
    ("t-name", Style::Name),
    ("t-heading", Style::Heading),
    ("t-body", Style::Body),
    ("t-small", Style::Small),
    ("t-tiny", Style::Tiny),
    ("t-badge", Style::Badge),
];

/// The class of texts in `style`.
pub(super) fn class(style: Style) -> &'static str {
    let found = STYLES.iter().find(|(_, one)| *one == style);
    found.map_or("t-body", |(class, _)| class)
}

/// The style sheet for `scheme`.
pub(super) fn sheet(scheme: Scheme) -> String {
    let mut lines = vec![format!("{SCOPE} text{{font-family:{FONTS}}}")];
    lines.extend(STYLES.iter().map(|(class, style)| {
        let weight = if style.bold() { ";font-weight:700" } else { "" };
        format!("{SCOPE} .{class}{{font-size:{}px{weight}}}", style.size())
    }));
    lines.push(format!("{SCOPE} path{{stroke-linejoin:round}}"));
    if scheme == Scheme::Reader {
        lines.extend(variables());
    }
    let rules = RULES.iter().map(|(selector, property, color, rest)| {
        format!(
            "{SCOPE} {selector}{{{}{rest}}}",
            value(property, color, scheme)
        )
    });
    lines.extend(rules);
    lines.join("\n")
}

/// The palette as custom properties, which change with the reader's wish.
fn variables() -> [String; 2] {
    let list = |pick: fn(&super::palette::Color) -> &'static str| {
        let items = COLORS
            .iter()
            .map(|color| format!("--{}:{}", color.0, pick(color)));
        items.collect::<Vec<_>>().join(";")
    };
    [
        format!("{SCOPE}{{{}}}", list(|color| color.1)),
        format!(
            "@media (prefers-color-scheme:dark){{{SCOPE}{{{}}}}}",
            list(|color| color.2)
        ),
    ]
}

/// A property with its colour. Programs that know no custom properties take the
/// light one, which stands first.
fn value(property: &str, color: &str, scheme: Scheme) -> String {
    let found = COLORS.iter().find(|(name, ..)| *name == color);
    // Proof: a test looks every colour of the rules up.
    let (_, light, dark) = found.copied().unwrap_or(COLORS[0]);
    match scheme {
        Scheme::Light => format!("{property}:{light};"),
        Scheme::Dark => format!("{property}:{dark};"),
        Scheme::Reader => format!("{property}:{light};{property}:var(--{color});"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_colour_of_the_palette() {
        for (selector, _, color, _) in RULES {
            assert!(
                COLORS.iter().any(|(name, ..)| name == color),
                "{selector}: {color}"
            );
        }
    }

    #[test]
    fn a_scheme_that_is_set_depends_on_nobody() {
        for scheme in [Scheme::Light, Scheme::Dark] {
            let sheet = sheet(scheme);
            assert!(
                !sheet.contains("var(") && !sheet.contains("@media"),
                "{sheet}"
            );
        }
    }
}
