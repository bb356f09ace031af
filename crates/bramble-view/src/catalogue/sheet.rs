//! Groups of figures, each group with who says so. Not in here: which there are.

use bramble_cluster::catalogue::Price;
use bramble_plan::search::Item;

use crate::grid::{WIDTH, paragraph};
use crate::style::Label;

/// Figures that have one source.
#[derive(Debug)]
pub(super) struct Sheet {
    /// What they are about.
    pub(super) title: &'static str,
    /// What each is called, and what is known of it.
    pub(super) figures: Vec<(String, Option<String>)>,
    /// Who says so.
    pub(super) source: Option<String>,
}

/// How wide names of figures are.
const NAME: usize = 26;

impl Sheet {
    /// Figures about `title`, as `source` says.
    pub(super) fn of<const N: usize>(
        title: &'static str,
        figures: [(&str, Option<String>); N],
        source: Option<&String>,
    ) -> Self {
        let figures = figures.into_iter();
        Self {
            title,
            figures: figures
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            source: source.cloned(),
        }
    }

    /// Adds a figure, if there is something to say.
    pub(super) fn add(&mut self, name: &str, value: Option<String>) {
        let figure = value.map(|value| (name.to_owned(), Some(value)));
        self.figures.extend(figure);
    }

    /// What one costs, each price with its own source.
    pub(super) fn prices(prices: &[Price]) -> Vec<Self> {
        let unknown = || Self::of("Price", [("price", None)], None);
        let sheets = prices
            .chunk_by(|one, next| one.source == next.source)
            .map(|prices| {
                let figures = prices.iter().map(|price| {
                    let of = price
                        .memory
                        .map_or("price".to_owned(), |size| format!("with {size}"));
                    let when = price
                        .when
                        .as_ref()
                        .map_or(String::new(), |when| format!(" ({when})"));
                    (of, Some(format!("{}{when}", price.money)))
                });
                Self {
                    title: "Price",
                    figures: figures.collect(),
                    source: prices.first().and_then(|price| price.source.clone()),
                }
            });
        let sheets: Vec<_> = sheets.collect();
        if sheets.is_empty() {
            vec![unknown()]
        } else {
            sheets
        }
    }
}

/// All sheets of `item` as text.
pub(super) fn text(item: &Item<'_>, sheets: &[Sheet]) -> String {
    let title = format!("{}: {} ({})", item.id(), item.name(), item.kind());
    let mut text = format!("{}\n", Label::Heading.paint(title));
    let mut last = "";
    for sheet in sheets {
        if sheet.title != last {
            text.extend(["\n", &Label::Heading.paint(sheet.title), "\n"]);
        }
        last = sheet.title;
        text.extend(sheet.figures.iter().map(figure));
        if let Some(source) = &sheet.source {
            let line = format!("source: {source}");
            text.push_str(&paragraph(&line, (2, WIDTH), |line| {
                Label::Quiet.paint(line)
            }));
        }
    }
    text
}

fn figure((name, value): &(String, Option<String>)) -> String {
    let Some(value) = value else {
        let unknown = Label::Quiet.paint("unknown");
        return format!("  {name:<NAME$}{unknown}\n");
    };
    let lines = paragraph(value, (NAME, WIDTH), str::to_owned);
    // The name takes the place of the first line's margin.
    let margin = NAME.min(lines.len());
    format!("  {name:<NAME$}{}", lines.get(margin..).unwrap_or_default())
}

/// `yes` or `no`.
pub(super) fn yes(known: Option<bool>) -> Option<String> {
    known.map(|is_so| if is_so { "yes" } else { "no" }.to_owned())
}

/// A quantity as it is written.
pub(super) fn plain<T: ToString>(value: Option<&T>) -> Option<String> {
    value.map(ToString::to_string)
}

/// Several, unless there is none.
pub(super) fn several<T: ToString>(values: &[T]) -> Option<String> {
    let texts: Vec<_> = values.iter().map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}
