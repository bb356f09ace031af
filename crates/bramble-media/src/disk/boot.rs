//! What this machine was started from. Not in here: what is mounted since.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::world::{self, World};

/// Where a boot loader that follows systemd's boot loader interface leaves the identity
/// of the partition that it came from.
const LOADER: &str =
    "firmware/efi/efivars/LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";

/// Before the value of an EFI variable stand its attributes, of as many bytes.
const ATTRIBUTES: usize = 4;

/// The names of the devices that the kernel's command line has for root, and that the
/// boot loader says that it came from.
pub(super) fn devices(world: &World) -> BTreeSet<String> {
    let line = world::file(&world.proc.join("cmdline")).unwrap_or_default();
    let line = String::from_utf8_lossy(&line);
    let roots = line
        .split_whitespace()
        .filter_map(|word| word.strip_prefix("root="));
    let roots = roots.filter_map(|root| path(world, root.trim_matches('"')));
    let paths = roots.chain(loader(world));
    paths.filter_map(|path| world.name_of(&path)).collect()
}

/// The path that `root=` stands for.
fn path(world: &World, root: &str) -> Option<PathBuf> {
    if let Some(node) = world.in_dev(root.as_ref()) {
        return Some(node);
    }
    let (kind, value) = root.split_once('=')?;
    let kind = match kind {
        "UUID" | "LABEL" | "PARTUUID" | "PARTLABEL" => kind.to_ascii_lowercase(),
        _ => return None,
    };
    let value = value.trim_matches('"');
    let value = if kind == "partuuid" {
        value.to_ascii_lowercase()
    } else {
        value.to_owned()
    };
    let folder = world.dev.join("disk").join(format!("by-{kind}"));
    (!value.contains('/')).then(|| folder.join(value))
}

fn loader(world: &World) -> Option<PathBuf> {
    let variable = world::file(&world.sys.join(LOADER))?;
    let (units, _) = variable.get(ATTRIBUTES..)?.as_chunks::<2>();
    let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
    let text: Vec<_> = units.take_while(|unit| *unit != 0).collect();
    let partition = String::from_utf16(&text).ok()?;
    path(world, &format!("PARTUUID={partition}"))
}
