//! Which board a node is, written into the cluster file: all else in it, its comments
//! and its order stay as somebody wrote them. Not in here: finding it out.

use bramble_cluster::{MacAddress, NodeName, SerialNumber};
use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use crate::cluster_folder::ClusterFolder;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::safe_file;

/// What is known of a board. What is not known stays as the file has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) mac: Option<MacAddress>,
    pub(crate) serial: Option<SerialNumber>,
}

/// Why a text cannot be changed by a program.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CannotEdit {
    #[error("it is no TOML: {0}")]
    Syntax(#[from] toml_edit::TomlError),
    #[error("`{0}` is no table there")]
    NoTable(String),
}

/// Writes what is known of `node` into the cluster file, as it is by now. Returns
/// whether there was anything to write.
pub(crate) fn learn(
    folder: &ClusterFolder,
    node: &NodeName,
    identity: &Identity,
) -> Result<bool, Failure> {
    let text = folder.read()?.text;
    let changed = with_identity(&text, node, identity).map_err(|error| {
        Failure::new(
            Exit::Usage,
            format!("cannot add to {}: {error}", folder.name()),
        )
        .hint(by_hand(node, identity))
    })?;
    if changed == text {
        return Ok(false);
    }
    safe_file::replace(folder.file(), changed.as_bytes())?;
    Ok(true)
}

/// What somebody would type.
fn by_hand(node: &NodeName, identity: &Identity) -> String {
    let lines: Vec<_> = lines(identity)
        .map(|(key, value)| format!("`{key} = \"{value}\"`"))
        .collect();
    format!(
        "add it by hand: `[identity.{node}]` with {}",
        lines.join(" and ")
    )
}

fn lines(identity: &Identity) -> impl Iterator<Item = (&'static str, String)> {
    let mac = identity.mac.map(|mac| ("mac", mac.to_string()));
    let serial = identity.serial.as_ref();
    let serial = serial.map(|serial| ("serial", serial.to_string()));
    mac.into_iter().chain(serial)
}

/// The text of a cluster file with what is known of `node` in `[identity.NODE]`.
pub(crate) fn with_identity(
    text: &str,
    node: &NodeName,
    identity: &Identity,
) -> Result<String, CannotEdit> {
    let mut document: DocumentMut = text.parse()?;
    let known = document.entry("identity").or_insert_with(implicit);
    let known = table(known, "identity")?;
    let board = known.entry(node.as_str()).or_insert_with(own_table);
    let board = table(board, node.as_str())?;
    let mut changed = false;
    for (key, value) in lines(identity) {
        changed |= set(board, key, &value);
    }
    if !changed {
        return Ok(text.to_owned());
    }
    let fresh = document.to_string();
    // The library ends all lines in one way.
    if text.contains("\r\n") {
        return Ok(fresh.replace("\r\n", "\n").replace('\n', "\r\n"));
    }
    Ok(fresh)
}

/// `[identity]` needs no header of its own.
fn implicit() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

fn own_table() -> Item {
    Item::Table(Table::new())
}

fn table<'a>(item: &'a mut Item, name: &str) -> Result<&'a mut dyn TableLike, CannotEdit> {
    let is_table = item.is_table_like();
    item.as_table_like_mut()
        .filter(|_| is_table)
        .ok_or_else(|| CannotEdit::NoTable(name.to_owned()))
}

/// Keeps what stands around an old value, such as a comment behind it.
fn set(table: &mut dyn TableLike, key: &str, value: &str) -> bool {
    let mut fresh = Value::from(value);
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        // The same in other letters is the same.
        if old.as_str().is_some_and(|old| same(old, value)) {
            return false;
        }
        *fresh.decor_mut() = old.decor().clone();
    }
    match table.get_mut(key) {
        Some(item) => *item = Item::Value(fresh),
        None => drop(table.insert(key, Item::Value(fresh))),
    }
    true
}

fn same(old: &str, new: &str) -> bool {
    let macs = (old.parse::<MacAddress>(), new.parse::<MacAddress>());
    old == new || matches!(macs, (Ok(old), Ok(new)) if old == new)
}

#[cfg(test)]
mod tests {
    use bramble_testkit::{EXAMPLES, cluster};
    use proptest::prelude::*;

    use super::*;

    const LEAST: &str = "# mine\n[cluster]\nname = \"garden\" # a name\n\n[network]\n\
                         subnet = \"10.55.0.0/24\"\n[head]\nboard = \"rpi4b\"\nram = \"4GB\"\n\
                         name = \"head\"\n[[nodes]]\nnames = \"node[1-2]\"\nboard = \"rpi3b\"\n";

    fn known(mac: &str, serial: &str) -> Identity {
        Identity {
            mac: Some(mac.parse().unwrap()),
            serial: Some(serial.parse().unwrap()),
        }
    }

    fn name(name: &str) -> NodeName {
        name.parse().unwrap()
    }

    #[test]
    fn a_board_is_added_at_the_end_and_nothing_else_changes() {
        let edited = with_identity(
            LEAST,
            &name("node2"),
            &known("dc:a6:32:01:02:03", "10000000abcdef01"),
        );
        assert_eq!(
            edited.unwrap(),
            format!(
                "{LEAST}\n[identity.node2]\nmac = \"dc:a6:32:01:02:03\"\n\
                 serial = \"10000000abcdef01\"\n"
            )
        );
    }

    #[test]
    fn another_board_in_the_same_place_keeps_the_comments() {
        let text = format!(
            "{LEAST}# the boards\n[identity.node2] # the blue one\nmac = \"DC:A6:32:01:02:03\" # on \
             the sticker\n\n[os]\nboot = \"card\"\n"
        );
        let same = with_identity(
            &text,
            &name("node2"),
            &Identity {
                mac: Some("dc:a6:32:01:02:03".parse().unwrap()),
                serial: None,
            },
        );
        assert_eq!(same.unwrap(), text);
        let other = with_identity(
            &text,
            &name("node2"),
            &known("dc:a6:32:01:02:04", "abcd1234"),
        );
        let expected = text.replace(
            "\"DC:A6:32:01:02:03\" # on the sticker\n",
            "\"dc:a6:32:01:02:04\" # on the sticker\nserial = \"abcd1234\"\n",
        );
        assert_eq!(other.unwrap(), expected);
    }

    #[test]
    fn tables_on_one_line_stay_on_one_line() {
        let text = format!("identity = {{ node1 = {{ serial = \"abcd1234\" }} }}\n{LEAST}");
        let edited = with_identity(
            &text,
            &name("node1"),
            &known("dc:a6:32:01:02:03", "abcd1234"),
        );
        let edited = edited.unwrap();
        assert_eq!(edited.lines().count(), text.lines().count());
        let mac = cluster(&edited).node(&name("node1")).unwrap().mac;
        assert_eq!(mac, "dc:a6:32:01:02:03".parse().ok());
    }

    #[test]
    fn a_file_from_another_system_keeps_its_line_ends() {
        let text = LEAST.replace('\n', "\r\n");
        let edited = with_identity(
            &text,
            &name("node1"),
            &known("dc:a6:32:01:02:03", "abcd1234"),
        );
        let edited = edited.unwrap();
        assert!(edited.starts_with(&text), "{edited:?}");
        assert_eq!(edited.matches('\n').count(), edited.matches("\r\n").count());
    }

    #[test]
    fn what_is_no_table_is_left_alone() {
        let text = format!("identity = 3\n{LEAST}");
        let error = with_identity(
            &text,
            &name("node1"),
            &known("dc:a6:32:01:02:03", "abcd1234"),
        );
        assert!(matches!(error, Err(CannotEdit::NoTable(name)) if name == "identity"));
    }

    proptest! {
        /// The file then says what it said, and which board the node is.
        #[test]
        fn only_the_identity_is_read_differently(
            example in 0..EXAMPLES.len(),
            node in any::<prop::sample::Index>(),
            tail in any::<[u8; 5]>(),
            serial in "[0-9a-f]{7}[1-9]",
            twice in any::<bool>(),
        ) {
            let text = EXAMPLES[example].1;
            let mut expected = cluster(text);
            let node = node.index(expected.nodes.len());
            let [a, b, c, d, e] = tail;
            let mac = format!("dc:{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}");
            let Ok(serial) = serial.parse() else { return Ok(()) };
            let identity = Identity { mac: mac.parse().ok(), serial: Some(serial) };
            let name = expected.nodes[node].name.clone();
            let mut edited = with_identity(text, &name, &identity).unwrap();
            if twice {
                edited = with_identity(&edited, &name, &identity).unwrap();
            }
            expected.nodes[node].mac = identity.mac;
            expected.nodes[node].serial = identity.serial;
            prop_assert_eq!(cluster(&edited), expected);
            prop_assert!(edited.starts_with(text.trim_end()));
        }
    }
}
