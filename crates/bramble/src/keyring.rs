//! The cluster's secrets in `.bramble/keys/`: made once, then read. Not in here: what
//! is in a key.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bramble_cluster::{Cluster, HostKey, KeyPair, NodeName, Secret, Secrets};

use rustix::fs::{FlockOperation, flock};

use crate::cluster_folder::ClusterFolder;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::safe_file;

/// As `mungekey` makes it (munge 0.5.16: 1,024 bits at least, 1,024 bytes here,
/// as munge.key was before that tool).
const MUNGE_KEY_BYTES: usize = 1024;

/// Reads the secrets of `cluster`, and makes those that are not there yet. A
/// node added to the cluster file gets its host key here. Keys that nodes show in
/// place of their own were adopted for the boards or for the twin: `target` says
/// which.
pub(crate) fn open(
    folder: &ClusterFolder,
    cluster: &Cluster,
    target: &str,
) -> Result<Secrets, Failure> {
    let keys = folder.kept_folder("keys")?;
    let hosts = folder.kept_folder("keys/hosts")?;
    // Two commands that begin at once must not make two halves of a pair.
    let lock = fs::File::open(&keys).map_err(|error| Failure::file("open", &keys, &error))?;
    flock(&lock, FlockOperation::LockExclusive)
        .map_err(|error| Failure::new(Exit::Host, format!("cannot lock the keys: {error}")))?;
    let host = |name: &NodeName| -> Result<(NodeName, HostKey), Failure> {
        let key = HostKey {
            made: key_pair(&hosts, name.as_str(), name.as_str())?,
            adopted: read(&adopted_key(folder, target, name)?)?,
        };
        Ok((name.clone(), key))
    };
    let cluster_name = &cluster.name;
    Ok(Secrets {
        owner: key_pair(&keys, "owner", &format!("owner@{cluster_name}"))?,
        between: key_pair(
            &keys,
            "between",
            &format!("{}@{cluster_name}", cluster.user),
        )?,
        munge: munge_key(&keys.join("munge.key"))?,
        hosts: cluster
            .nodes
            .iter()
            .map(|node| host(&node.name))
            .collect::<Result<BTreeMap<_, _>, _>>()?,
    })
}

/// The file of the owner's private key, for the system's `ssh`.
pub(crate) fn owner_key(folder: &ClusterFolder) -> Result<PathBuf, Failure> {
    Ok(folder.kept("keys")?.join("owner"))
}

/// From now on `node` is known by `key`, a public key on one line. The pair that
/// its card was made with stays: the node may show it again.
pub(crate) fn adopt(
    folder: &ClusterFolder,
    target: &str,
    node: &NodeName,
    key: &str,
) -> Result<(), Failure> {
    folder.kept_folder(&format!("keys/adopted-{target}"))?;
    let path = adopted_key(folder, target, node)?;
    safe_file::write(&path, format!("{} {node}\n", key.trim()).as_bytes())
}

/// `node` is known by the key that its card was made with.
pub(crate) fn forget_adopted(
    folder: &ClusterFolder,
    target: &str,
    node: &NodeName,
) -> Result<(), Failure> {
    let path = adopted_key(folder, target, node)?;
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::file("remove", &path, &error))
        }
        _ => Ok(()),
    }
}

/// Every node of the target is known by the key that its card was made with, as it
/// is when all of them are made anew.
pub(crate) fn adopt_none(folder: &ClusterFolder, target: &str) -> Result<(), Failure> {
    let keys = adopted_keys(folder, target)?;
    match fs::remove_dir_all(&keys) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::file("remove", &keys, &error))
        }
        _ => Ok(()),
    }
}

fn adopted_keys(folder: &ClusterFolder, target: &str) -> Result<PathBuf, Failure> {
    Ok(folder.kept("keys")?.join(format!("adopted-{target}")))
}

fn adopted_key(folder: &ClusterFolder, target: &str, node: &NodeName) -> Result<PathBuf, Failure> {
    Ok(adopted_keys(folder, target)?.join(format!("{node}.pub")))
}

/// The private half is written first: a public one can be had from it.
fn key_pair(folder: &Path, name: &str, comment: &str) -> Result<KeyPair, Failure> {
    let private = folder.join(name);
    let public = folder.join(format!("{name}.pub"));
    match (read(&private)?, read(&public)?) {
        (Some(private), Some(public)) => Ok(KeyPair {
            private: Secret::new(private),
            public,
        }),
        (Some(text), None) => derived(&private, text, &public, comment),
        (None, Some(_)) => Err(half_lost(&private, &public)),
        (None, None) => {
            let pair = bramble_fleet::keys::generate(comment)
                .map_err(|error| Failure::new(Exit::Host, format!("cannot make a key: {error}")))?;
            safe_file::write(&private, pair.private.expose().as_bytes())?;
            safe_file::write(&public, pair.public.as_bytes())?;
            Ok(pair)
        }
    }
}

/// The text of a key's half; nothing if it is not there.
fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file("read", path, &error)),
    }
}

fn derived(private: &Path, text: String, public: &Path, comment: &str) -> Result<KeyPair, Failure> {
    let half = bramble_fleet::keys::public_half(&text).map_err(|error| {
        let (private, public) = (private.display(), public.display());
        Failure::new(
            Exit::Host,
            format!("{public} is not there, and {private} does not tell it: {error}"),
        )
        .hint(format!("make it: `ssh-keygen -y -f {private} > {public}`"))
    })?;
    let half = format!("{} {comment}", half.trim());
    safe_file::write(public, half.as_bytes())?;
    Ok(KeyPair {
        private: Secret::new(text),
        public: half,
    })
}

/// A new pair in its place would lock its owner out of all nodes, and nobody would
/// know why.
fn half_lost(private: &Path, public: &Path) -> Failure {
    let (private, public) = (private.display(), public.display());
    Failure::new(
        Exit::Host,
        format!("the private key {private} is not there, but its public half is"),
    )
    .hint("put it back from where you keep a copy")
    .hint(format!(
        "or, if it is lost, remove {public} too: a new pair is made, and nodes that know the \
         old one must be set up again"
    ))
}

fn munge_key(path: &Path) -> Result<Secret<Vec<u8>>, Failure> {
    match fs::read(path) {
        Ok(key) => return Ok(Secret::new(key)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(Failure::file("read", path, &error)),
    }
    let mut key = vec![0; MUNGE_KEY_BYTES];
    let mut filled = 0;
    while filled < key.len() {
        filled +=
            rustix::rand::getrandom(&mut key[filled..], rustix::rand::GetRandomFlags::empty())
                .map_err(|error| Failure::new(Exit::Host, format!("no random numbers: {error}")))?;
    }
    safe_file::write(path, &key)?;
    Ok(Secret::new(key))
}
