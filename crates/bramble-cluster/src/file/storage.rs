//! `[storage]`: directories that one node shares with all others. Not in here:
//! whether that node exists (`resolve`).

use toml::Spanned;

use crate::place::Table;
use crate::reader::{Key, Kind, Section, Text, Value};
use crate::unit::Capacity;

/// The keys of `[storage]`.
pub(super) const KEYS: &[Key] = &[
    Key::new(
        "shared",
        Kind::List(&Kind::Table(SHARE)),
        r#"[{ on = "head", path = "/srv/home", mount = "/home/shared" }]"#,
        "directories that one node shares with all others",
    ),
    Key::new(
        "per_node",
        Kind::Text,
        r#""8GB""#,
        "what every worker stores on its own card",
    ),
];

const SHARE: &[Key] = &[
    Key::new("on", Kind::Text, r#""head""#, "the node that has it").required(),
    Key::new("path", Kind::Text, r#""/srv/home""#, "where it is there").required(),
    Key::new(
        "mount",
        Kind::Text,
        r#""/home/shared""#,
        "where every node finds it",
    )
    .required(),
    Key::new(
        "device",
        Kind::Text,
        r#""/dev/sda1""#,
        "the block device that holds it, if it has one of its own",
    ),
];

/// `[storage]` as it is written.
#[derive(Debug, Default)]
pub(super) struct StorageTable {
    pub(super) shares: Vec<ShareEntry>,
    pub(super) per_node: Option<Capacity>,
}

/// One entry of `shared` as it is written.
#[derive(Debug)]
pub(super) struct ShareEntry {
    /// A node's name, or what should be one.
    pub(super) on: Option<Spanned<String>>,
    pub(super) path: Option<String>,
    pub(super) mount: Option<Spanned<String>>,
    pub(super) device: Option<String>,
}

/// Reads `[storage]`.
pub(super) fn read(mut section: Section<'_>) -> StorageTable {
    let shared = section.get("shared").and_then(Value::list);
    let per_node = section.quantity("per_node");
    section.finish();
    let entries = shared.unwrap_or_default().into_iter().enumerate();
    StorageTable {
        shares: entries.filter_map(entry).collect(),
        per_node,
    }
}

fn entry((index, value): (usize, Value<'_>)) -> Option<ShareEntry> {
    let mut section = value
        .section("an entry of `shared`")?
        .at(Table::Share(index));
    let on = section.get("on").and_then(Value::text);
    let on = on.map(|text| Spanned::new(text.span.clone(), text.value.to_owned()));
    let path = section.get("path");
    let path = path.and_then(|value| absolute(&value.text()?));
    let mount = section.get("mount");
    let mount = mount.and_then(|value| Some(Spanned::new(value.span(), absolute(&value.text()?)?)));
    let device = section.get("device");
    let device = device.and_then(|value| absolute(&value.text()?));
    section.finish();
    Some(ShareEntry {
        on,
        path,
        mount,
        device,
    })
}

/// A path that begins at the root and means the same to the shell, to
/// `/etc/fstab` and to `/etc/exports`.
fn absolute(text: &Text<'_>) -> Option<String> {
    let path = text.value;
    let (label, help) = if !path.starts_with('/') {
        (
            "not absolute",
            format!(
                "write it from the root: `/{}`",
                path.trim_start_matches("./")
            ),
        )
    } else if path == "/" {
        (
            "the whole file system",
            "name a directory below it, such as `/srv/home`".to_owned(),
        )
    } else if path
        .bytes()
        .any(|byte| !byte.is_ascii_alphanumeric() && !b"/._-".contains(&byte))
    {
        (
            "odd characters",
            "use letters, digits, `/`, `.`, `_` and `-` only".to_owned(),
        )
    } else if path[1..]
        .split('/')
        .any(|name| matches!(name, "" | "." | ".."))
    {
        (
            "not in its simplest form",
            "leave out `.`, `..`, doubled `/` and a `/` at the end".to_owned(),
        )
    } else {
        return Some(path.to_owned());
    };
    text.fail(
        "invalid-path",
        format!("`{text}` cannot be the `{}`", text.key),
        label,
        help,
    )
}
