//! Cluster files of the bed, with keys that its servers know already. Not in here:
//! the addresses' being there.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::bed::{self, Bed, SUBNET};
use crate::failure::Failure;

/// The nodes of `Behind`, and where their head is.
pub(super) const BEHIND: &str = "10.79.0.0/16";
pub(super) const BEHIND_FIRST: &str = "10.79.1.1";
pub(super) const HEAD_OUTSIDE: &str = "10.80.0.1";

/// How the nodes are reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Each by its own address.
    Direct,
    /// Through the head.
    Behind,
}

/// Writes the folder of a cluster of so many nodes, besides its head, and gives the
/// path of its file.
pub(super) fn write(bed: &Bed, nodes: u32, way: Way) -> Result<PathBuf, Failure> {
    let folder = bed.path(&format!("clusters/{way:?}-{nodes}"));
    let hosts = folder.join(".bramble/keys/hosts");
    bed::make_folder(&hosts)?;
    for closed in [".bramble", ".bramble/keys", ".bramble/keys/hosts"] {
        let path = folder.join(closed);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700))
            .map_err(|error| Failure::file("protect", &path, &error))?;
    }
    let pair = |from: PathBuf, to: PathBuf| -> Result<(), Failure> {
        let public = from.with_extension("pub");
        bed::write_secret(&to, &read(&from)?)?;
        bed::write(&to.with_extension("pub"), &read(&public)?)
    };
    pair(bed.owner_key(), folder.join(".bramble/keys/owner"))?;
    let workers = (1..=nodes).map(|node| format!("node{node}"));
    for name in workers.chain(["head".to_owned()]) {
        pair(bed.host_key(), hosts.join(name))?;
    }
    let file = folder.join("bramble.toml");
    bed::write(&file, &text(nodes, way))?;
    Ok(file)
}

fn text(nodes: u32, way: Way) -> String {
    let (network, uplink, address) = match way {
        Way::Direct => (
            format!("subnet = \"{SUBNET}\"\naccess = \"direct\""),
            String::new(),
            String::new(),
        ),
        Way::Behind => (
            format!("subnet = \"{BEHIND}\"\naccess = \"gateway\""),
            format!("uplink = {{ ethernet = \"eth1\", reach = \"{HEAD_OUTSIDE}\" }}\n"),
            format!("address = \"{BEHIND_FIRST}\"\n"),
        ),
    };
    let hardware = "board = \"rpi4b\"\nram = \"4GB\"\ncard = \"sandisk-ultra-32GB\"\n\
                    supply = \"psu-15w\"\n";
    format!(
        "[cluster]\nname = \"bed\"\nuser = \"{user}\"\n\
         [network]\n{network}\ninternet = \"never\"\n\
         [time]\nsource = \"none\"\n\
         [head]\nname = \"head\"\n{uplink}{hardware}\
         [[nodes]]\nnames = \"node[1-{nodes}]\"\nroles = [\"worker\"]\n{address}{hardware}",
        user = bed::USER,
    )
}

fn read(path: &PathBuf) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))
}
