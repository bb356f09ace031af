//! One virtual node: its card, and its start by systemd-nspawn. Not in here: its
//! network, and what it does once it runs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use bramble_cluster::NodeName;

use super::card;
use super::group::Group;
use super::launch::launch;
use super::names::{NAMESPACES, Names};
use super::secret_file::write_secret;
use crate::error::at;
use crate::layout::VirtualNode;
use crate::program::last_lines;
use crate::{Cards, LabError};

/// nspawn by its environment: control groups as current systems have them, no
/// lock files (the twin has a lock of its own), and a network that the node may
/// set up as a board would, up to routing.
const ENVIRONMENT: &[&str] = &[
    "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1",
    "SYSTEMD_NSPAWN_LOCK=0",
    "SYSTEMD_NSPAWN_API_VFS_WRITABLE=network",
];

/// Gives the node its card: one that was written to a file, or the base image with a
/// seed of its own. What it writes goes into a layer above. Returns what there is to say.
pub(super) fn insert_card(
    names: &Names,
    node: &VirtualNode,
    cards: &Cards<'_>,
    wiring: &Group,
) -> Result<Option<String>, LabError> {
    let state = names.node_state(&node.name);
    let firmware = state.join("upper/boot/firmware");
    for directory in [&firmware, &state.join("work"), &state.join("root")] {
        fs::create_dir_all(directory).map_err(at("create", directory))?;
    }
    for directory in [&state.join("upper"), &state.join("upper/boot")] {
        fs::set_permissions(directory, fs::Permissions::from_mode(0o755))
            .map_err(at("set the mode of", directory))?;
    }
    let seed = cards.seed(&node.name)?;
    if let Some(card) = cards.written.get(&node.name) {
        let root = card::insert(names, &node.name, card, &firmware, wiring)?;
        let said = card::rewire(&firmware, node, seed)?;
        return overlay(&root, &state).map(|()| said);
    }
    for file in &seed.files {
        write_secret(&firmware.join(file.name), file.content.expose().as_bytes())?;
    }
    overlay(&cards.base.root, &state).map(|()| None)
}

/// `volatile`: nothing of a twin outlives this machine, so nothing need wait for
/// its disk.
fn overlay(lower: &Path, state: &Path) -> Result<(), LabError> {
    let root = state.join("root");
    let options = format!(
        "volatile,lowerdir={},upperdir={},workdir={}",
        escaped(lower),
        escaped(&state.join("upper")),
        escaped(&state.join("work")),
    );
    let flags = rustix::mount::MountFlags::empty();
    let options = std::ffi::CString::new(options).unwrap_or_default();
    rustix::mount::mount("overlay", &root, "overlay", flags, Some(options.as_c_str())).map_err(
        |error| LabError::HostLacks {
            what: format!(
                "mounting {} as an overlay of {}: {error}",
                root.display(),
                lower.display()
            ),
            remedy: "/var/lib/bramble must be on a file system such as ext4, xfs or btrfs, not on \
                     an overlay as containers have",
        },
    )
}

/// Overlay's options end at a comma, its directories at a colon.
fn escaped(path: &Path) -> String {
    let text = path.to_string_lossy();
    text.replace('\\', "\\\\")
        .replace(':', "\\:")
        .replace(',', "\\,")
}

/// Presses the power button. The node's network must be there.
pub(super) fn start(
    names: &Names,
    index: usize,
    node: &VirtualNode,
    binds: &[String],
    group: &Group,
) -> Result<(), LabError> {
    let state = names.node_state(&node.name);
    let mut command = vec![
        "systemd-nspawn".to_owned(),
        "--quiet".to_owned(),
        "--boot".to_owned(),
        "--settings=no".to_owned(),
        // There may be no systemd on this machine to tell.
        "--register=no".to_owned(),
        "--keep-unit".to_owned(),
        "--resolv-conf=off".to_owned(),
        "--timezone=off".to_owned(),
        "--link-journal=no".to_owned(),
        "--console=pipe".to_owned(),
        "--capability=CAP_NET_ADMIN".to_owned(),
        format!("--directory={}", state.join("root").display()),
        format!("--machine={}", names.machine(index)),
        format!("--hostname={}", node.name),
        format!(
            "--network-namespace-path={NAMESPACES}/{}",
            names.node_network(&node.name)
        ),
        // A container sees the cores and the memory of the whole machine.
        format!("--set-credential=bramble.cores:{}", node.cores),
        format!("--set-credential=bramble.memory-mib:{}", node.memory.mib()),
    ];
    command.extend_from_slice(binds);
    launch(group, &state.join("console"), ENVIRONMENT, &command)
}

/// Waits until the node's own first process runs.
pub(super) fn has_started(names: &Names, node: &NodeName, group: &Group) -> Result<(), LabError> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(10) {
        if group.child("payload").is_populated() {
            return Ok(());
        }
        if !group.is_populated() {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    Err(LabError::NodeDied {
        node: node.clone(),
        console: last_lines(&console(names, node)),
    })
}

/// All that the node wrote to its console.
pub(super) fn console(names: &Names, node: &NodeName) -> String {
    let bytes = fs::read(names.node_state(node).join("console")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
