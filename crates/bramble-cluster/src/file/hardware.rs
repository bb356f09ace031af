//! What the nodes of a table are made of. Not in here: their names, addresses and
//! roles (`nodes`).

use std::sync::Arc;

use super::known::Known;
use super::os::image_of;
use crate::catalogue::{Board, Card};
use crate::cluster::{BootFrom, Cooling, Hardware, UsbDevice};
use crate::reader::{Key, Kind, Section, Text, Value, names};
use crate::unit::{Capacity, Memory};

const COOLINGS: &[(&str, Cooling)] = &[
    ("none", Cooling::None),
    ("heatsink", Cooling::Heatsink),
    ("fan", Cooling::Fan),
];

/// What stands for the eMMC on the board where a card is named.
const EMMC: &str = "emmc";

/// The keys that say what a node is made of.
pub(super) const KEYS: [Key; 13] = [
    Key::new(
        "board",
        Kind::Text,
        r#""rpi4b""#,
        "a board of the catalogue",
    )
    .required(),
    Key::new(
        "ram",
        Kind::Text,
        r#""4GB""#,
        "which of the board's memory sizes it has",
    )
    .or("the only size there is"),
    Key::new(
        "emmc",
        Kind::Text,
        r#""16GB""#,
        "which of the board's sizes of soldered eMMC it has",
    )
    .or("the only size there is, of a board that is no module"),
    Key::new(
        "card",
        Kind::Text,
        r#""sandisk-ultra-32GB""#,
        "what it boots from: a card of the catalogue, or \"emmc\"",
    ),
    Key::new(
        "drives",
        Kind::List(&Kind::Text),
        r#"["my-ssd"]"#,
        "further cards of the catalogue on it",
    ),
    Key::new(
        "usb",
        Kind::List(&Kind::Table(USB)),
        r#"[{ name = "GPS receiver", current = "50mA" }]"#,
        "what is plugged into its USB ports",
    ),
    Key::new(
        "hat",
        Kind::Text,
        r#""rpi-poe-hat""#,
        "a PoE hat of the catalogue; it then needs no supply",
    ),
    Key::new(
        "carrier",
        Kind::Text,
        r#""cm4io""#,
        "what the module is plugged into",
    ),
    Key::new(
        "supply",
        Kind::Text,
        r#""psu-15w""#,
        "what feeds it; one with several ports is shared by all who name it",
    ),
    Key::new("cable", Kind::Text, r#""usb-22awg-1ft""#, "its power cable"),
    Key::new(
        "cooling",
        Kind::Choice(|| names(COOLINGS)),
        r#""heatsink""#,
        "how it is cooled",
    ),
    Key::new(
        "image",
        Kind::Text,
        r#""debian-12""#,
        "its operating system",
    )
    .or("as in `[os]`"),
    Key::new(
        "adopt",
        Kind::Boolean,
        "true",
        "whether it runs a Debian-like system already, so that no card is written",
    )
    .or("false"),
];

const USB: &[Key] = &[
    Key::new("name", Kind::Text, r#""GPS receiver""#, "what it is").required(),
    Key::new("current", Kind::Text, r#""50mA""#, "what it draws"),
    Key::new(
        "usb3",
        Kind::Boolean,
        "true",
        "whether it needs a USB 3 port",
    )
    .or("false"),
];

/// Reads what the nodes of a table are made of.
pub(super) fn read(section: &mut Section<'_>, known: &Known<'_>) -> Option<Hardware> {
    let board = board(section, known);
    let emmc = emmc(section, board.as_ref().map(|(board, ..)| board.as_ref()));
    let card = section.get("card").and_then(Value::text);
    let boot = card.and_then(|text| boot_from(&text, known));
    let drives = section.get("drives").and_then(Value::list);
    let drives = drives.unwrap_or_default().into_iter();
    let drives: Vec<Arc<Card>> = drives
        .filter_map(|value| known.cards.find(&value.text()?))
        .collect();
    let usb = section.get("usb").and_then(Value::list).unwrap_or_default();
    let usb = usb.into_iter().filter_map(usb_device).collect();
    let mut text = |key| section.get(key).and_then(Value::text);
    let hat = text("hat").and_then(|text| known.hats.find(&text));
    let carrier = text("carrier").and_then(|text| known.carriers.find(&text));
    let supply = text("supply").and_then(|text| known.supplies.find(&text));
    let cable = text("cable").and_then(|text| known.cables.find(&text));
    let image = text("image").and_then(|text| image_of(&text, known));
    let cooling = section.choice("cooling", COOLINGS);
    let adopt = section.boolean("adopt").unwrap_or_default();
    let (board, cores, memory) = board?;
    Some(Hardware {
        board,
        cores,
        memory,
        emmc,
        boot,
        drives,
        usb,
        hat,
        carrier,
        supply,
        cable,
        cooling,
        image,
        adopt,
    })
}

/// The eMMC: as told, else the only size that a single board is sold with.
/// Modules are sold without as well.
fn emmc(section: &mut Section<'_>, board: Option<&Board>) -> Option<Capacity> {
    let Some(text) = section.get("emmc").and_then(Value::text) else {
        let only = board.filter(|board| !board.module)?.emmc.as_slice();
        return (only.len() == 1).then(|| only[0]);
    };
    let size = text.quantity::<Capacity>()?;
    let board = board.filter(|board| !board.emmc.contains(&size));
    let Some(board) = board else {
        return Some(size);
    };
    if board.emmc.is_empty() {
        let title = format!("the {} has no eMMC", board.name);
        return text.fail(
            "unknown-emmc",
            title,
            "none there",
            "delete the key, or choose another board",
        );
    }
    let sizes: Vec<_> = board.emmc.iter().map(ToString::to_string).collect();
    let title = format!("the {} is not sold with {size} of eMMC", board.name);
    text.fail(
        "unknown-emmc",
        title,
        "no such size",
        format!("it can be {}", sizes.join(", ")),
    )
}

fn boot_from(text: &Text<'_>, known: &Known<'_>) -> Option<BootFrom> {
    if text.value == EMMC {
        return Some(BootFrom::Emmc);
    }
    known.cards.find(text).map(BootFrom::Card)
}

fn usb_device(value: Value<'_>) -> Option<UsbDevice> {
    let mut section = value.section("an entry of `usb`")?;
    let name = section.line("name");
    let current = section.quantity("current");
    let usb3 = section.boolean("usb3").unwrap_or_default();
    section.finish();
    Some(UsbDevice {
        name: name?,
        current,
        usb3,
    })
}

/// The board and which of its memory sizes there is.
fn board(section: &mut Section<'_>, known: &Known<'_>) -> Option<(Arc<Board>, u32, Memory)> {
    let text = section.get("board").and_then(Value::text);
    let board = text.as_ref().and_then(|text| known.board(text));
    let ram = section.get("ram");
    let memory = match (ram, &board, &text) {
        (Some(value), Some(board), _) => value.text().and_then(|text| one_of(&text, board)),
        (Some(value), None, _) => value.text().and_then(|text| text.quantity()),
        (None, Some(board), Some(text)) => only_size(text, board),
        (None, _, _) => None,
    };
    let cores = text.and_then(|text| cores(&text, board.as_ref()?));
    Some((board?, cores?, memory?))
}

/// What a board without this figure could not be planned with at all.
fn cores(text: &Text<'_>, board: &Board) -> Option<u32> {
    if board.cores.is_some() {
        return board.cores;
    }
    let title = format!(
        "the catalogue does not know how many cores the {} has",
        board.name
    );
    let help = format!(
        "add `[catalogue.boards.{}]` with `cores = ` and the number",
        board.id
    );
    text.lack("unknown-cores", title, "how many cores has it?", &help)
}

fn one_of(text: &Text<'_>, board: &Board) -> Option<Memory> {
    let memory = text.quantity::<Memory>()?;
    if board.memory.is_empty() || board.memory.contains(&memory) {
        return Some(memory);
    }
    let title = format!("the {} is not sold with {memory}", board.name);
    text.fail(
        "unknown-ram",
        title,
        "no such size",
        format!("it can be {}", sizes(board)),
    )
}

fn only_size(text: &Text<'_>, board: &Board) -> Option<Memory> {
    if let [only] = board.memory.as_slice() {
        return Some(*only);
    }
    if board.memory.is_empty() {
        let title = format!(
            "the catalogue does not know how much memory the {} has",
            board.name
        );
        let help = "add `ram = ` and the size";
        return text.lack("missing-ram", title, "how much memory has it?", help);
    }
    let title = format!("the {} is sold with several sizes of memory", board.name);
    let help = format!("add `ram = ` and the size, which can be {}", sizes(board));
    text.lack("missing-ram", title, "which size is it?", &help)
}

/// The sizes as the file writes them.
fn sizes(board: &Board) -> String {
    let sizes: Vec<_> = board
        .memory
        .iter()
        .map(|size| size.to_string().replace(' ', ""))
        .collect();
    let quoted: Vec<_> = sizes.iter().map(|size| format!("`\"{size}\"`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} or {last}", first.join(", ")),
        None => String::new(),
    }
}
