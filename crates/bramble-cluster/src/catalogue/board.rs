//! One board as the catalogue writes it. Not in here: other hardware (`part`).

use super::Board;
use crate::reader::{Section, Value};
use crate::unit::{BitRate, Memory};

/// Reads the board called `id`. The same for the catalogue that comes with
/// bramble and for the user's own entries.
pub(crate) fn read_board(id: &str, mut section: Section<'_>) -> Option<Board> {
    let name = section.required("name", r#""Raspberry Pi 4 Model B""#);
    let name = name.and_then(|value| value.text()?.line());
    let cores = section.required("cores", "4").and_then(Value::count);
    let memory = read_memory(&mut section);
    let ethernet = read_ethernet(&mut section);
    super::part::read_note(&mut section, "soc", r#""BCM2711""#);
    super::part::read_source(&mut section);
    section.finish();
    Some(Board {
        id: id.to_owned(),
        name: name?,
        cores: cores?,
        memory: memory?,
        ethernet,
    })
}

fn read_memory(section: &mut Section<'_>) -> Option<Vec<Memory>> {
    let value = section.required("ram", r#"["2GB", "4GB"]"#)?;
    let items = value.list()?;
    if items.is_empty() {
        return value.out_of_range("a list of at least one size");
    }
    let sizes: Vec<_> = items
        .into_iter()
        .map(|item| item.text()?.quantity::<Memory>())
        .collect();
    let mut sizes: Vec<_> = sizes.into_iter().collect::<Option<_>>()?;
    sizes.sort_unstable();
    sizes.dedup();
    Some(sizes)
}

/// What was measured counts; what the port is rated for where nobody measured.
fn read_ethernet(section: &mut Section<'_>) -> Option<BitRate> {
    let example = r#"{ rated = "1Gb/s", measured = "940Mb/s" }"#;
    let mut ethernet = section
        .optional("ethernet", example)?
        .section("`ethernet`")?;
    let mut speed = |key| {
        ethernet
            .optional(key, r#""1Gb/s""#)
            .and_then(|value| value.text()?.quantity::<BitRate>())
    };
    let (rated, measured) = (speed("rated"), speed("measured"));
    ethernet.finish();
    measured.or(rated)
}
