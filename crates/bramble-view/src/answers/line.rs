//! Lines of many nodes as they come, each behind its node's name. Not in here:
//! cutting a stream into lines.

use anstyle::AnsiColor;
use bramble_cluster::NodeName;
use bramble_cluster::nodeset::NodeSet;

/// Neighbours in the list differ; red is left to what is wrong.
const COLOURS: [AnsiColor; 6] = [
    AnsiColor::Cyan,
    AnsiColor::Yellow,
    AnsiColor::Green,
    AnsiColor::Magenta,
    AnsiColor::Blue,
    AnsiColor::BrightCyan,
];

/// What stands before the lines of each node.
#[derive(Debug)]
pub struct Prefixes(Vec<String>);

impl Prefixes {
    /// For programs that read them: `node1: `.
    pub fn plain(nodes: &NodeSet) -> Self {
        Self(nodes.iter().map(|name| format!("{name}: ")).collect())
    }

    /// For people: all of one width, so that the lines stand below each other, and
    /// each in its colour if `coloured`.
    pub fn aligned(nodes: &NodeSet, coloured: bool) -> Self {
        let width = nodes.iter().map(|name| name.as_str().len()).max();
        let width = width.unwrap_or_default() + 1;
        let prefix = |(name, colour): (NodeName, AnsiColor)| {
            let name = format!("{:<width$}", format!("{name}:"));
            if coloured {
                let style = colour.on_default();
                format!("{style}{name}{style:#} ")
            } else {
                format!("{name} ")
            }
        };
        let coloured = nodes.iter().zip(COLOURS.into_iter().cycle());
        Self(coloured.map(prefix).collect())
    }

    /// The prefix of the node at `place`.
    pub fn of(&self, place: usize) -> &str {
        self.0.get(place).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_plain_for_programs_and_of_one_width_for_people() {
        let names = ["node1", "node10"].map(|name| name.parse::<NodeName>().unwrap());
        let names = NodeSet::from_iter(names);
        let plain = Prefixes::plain(&names);
        assert_eq!([plain.of(0), plain.of(1)], ["node1: ", "node10: "]);
        let aligned = Prefixes::aligned(&names, false);
        assert_eq!([aligned.of(0), aligned.of(1)], ["node1:  ", "node10: "]);
        let coloured = Prefixes::aligned(&names, true);
        assert_eq!(coloured.of(0), "\u{1b}[36mnode1: \u{1b}[0m ");
        assert_ne!(coloured.of(0)[..5], coloured.of(1)[..5]);
    }
}
