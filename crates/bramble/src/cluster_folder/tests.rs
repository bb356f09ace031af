//! The folder, its lock, its keys and what it remembers: on this machine's disk.

use std::os::unix::fs::PermissionsExt as _;

use bramble_testkit::{RECIPE, board, recipe};
use tempfile::TempDir;

use super::*;
use crate::{keyring, memory};

/// A folder with the recipe's cluster file.
fn folder() -> (TempDir, ClusterFolder) {
    let place = TempDir::new().unwrap();
    let file = place.path().join(FILE_NAME);
    fs::write(&file, RECIPE).unwrap();
    let folder = ClusterFolder::of(&file).unwrap();
    (place, folder)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Every file and folder below `path`, itself among them.
fn below(path: &Path) -> Vec<PathBuf> {
    let mut all = vec![path.to_owned()];
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap();
        all.extend(entries.flat_map(|entry| below(&entry.unwrap().path())));
    }
    all
}

#[test]
fn all_that_is_kept_is_for_its_owner_only() {
    let (_place, folder) = folder();
    let cluster = recipe();
    keyring::open(&folder, &cluster, "boards").unwrap();
    let facts = cluster
        .nodes
        .iter()
        .map(|node| (node.name.clone(), board(node)));
    let names: Vec<_> = cluster.nodes.iter().map(|node| &node.name).collect();
    memory::complete(&folder, "boards", &names, facts.collect()).unwrap();
    let kept = below(&folder.kept);
    assert_eq!(kept.len(), 21, "{kept:?}");
    for path in kept {
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), expected, "{}", path.display());
    }
}

#[test]
fn keys_are_made_once() {
    let (_place, folder) = folder();
    let first = keyring::open(&folder, &recipe(), "boards").unwrap();
    let second = keyring::open(&folder, &recipe(), "boards").unwrap();
    assert!(first.owner == second.owner && first.between == second.between);
    assert!(first.munge == second.munge && first.hosts == second.hosts);
    assert_ne!(first.owner, first.between);
    assert_eq!(first.munge.expose().len(), 1024);
    assert_ne!(first.munge.expose()[..512], first.munge.expose()[512..]);
}

#[test]
fn a_node_that_comes_later_gets_a_key_and_the_others_keep_theirs() {
    let (_place, folder) = folder();
    let mut cluster = recipe();
    let late = cluster.nodes.pop().unwrap();
    let before = keyring::open(&folder, &cluster, "boards").unwrap();
    assert!(!before.hosts.contains_key(&late.name));
    cluster.nodes.push(late.clone());
    let after = keyring::open(&folder, &cluster, "boards").unwrap();
    assert!(after.hosts.contains_key(&late.name));
    assert!(
        before
            .hosts
            .iter()
            .all(|(name, pair)| after.hosts[name] == *pair)
    );
}

#[test]
fn a_key_that_was_adopted_is_pinned_and_the_pair_of_the_card_stays() {
    let (_place, folder) = folder();
    let node = "node3".parse().unwrap();
    let key = |target| keyring::open(&folder, &recipe(), target).unwrap().hosts[&node].clone();
    let before = key("twin");
    assert_eq!(before.pinned(), before.made.public);
    keyring::adopt(&folder, "twin", &node, "ssh-ed25519 AAAA\n").unwrap();
    assert_eq!(key("twin").pinned(), "ssh-ed25519 AAAA node3\n");
    assert_eq!(key("twin").made, before.made);
    assert_eq!(key("boards"), before, "the boards are not the twin");
    keyring::adopt_none(&folder, "twin").unwrap();
    keyring::adopt_none(&folder, "twin").unwrap();
    assert_eq!(key("twin"), before);
}

/// The private key is written first, so that is all that a cut leaves.
#[test]
fn a_pair_that_was_cut_off_is_completed() {
    let (_place, folder) = folder();
    let before = keyring::open(&folder, &recipe(), "boards").unwrap();
    fs::remove_file(folder.kept("keys/owner.pub").unwrap()).unwrap();
    fs::remove_file(folder.kept("keys/hosts/node1.pub").unwrap()).unwrap();
    let after = keyring::open(&folder, &recipe(), "boards").unwrap();
    assert_eq!(after.owner, before.owner);
    assert_eq!(after.hosts, before.hosts);
}

#[test]
fn a_public_key_without_its_private_one_names_both_ways_out() {
    let (_place, folder) = folder();
    let keys = folder.kept("keys").unwrap();
    fs::create_dir_all(&keys).unwrap();
    fs::write(keys.join("owner.pub"), "ssh-ed25519 of nobody").unwrap();
    let failure = keyring::open(&folder, &recipe(), "boards").unwrap_err();
    assert!(
        failure.to_string().contains("keys/owner is not there"),
        "{failure}"
    );
    let hints = failure.hints().join("\n");
    assert!(hints.contains("keys/owner.pub too"), "{failure:?}");
    assert!(!fs::exists(keys.join("owner")).unwrap());
}

#[test]
fn a_cluster_that_is_worked_on_names_who_does() {
    let (_place, folder) = folder();
    let lock = folder.lock("up").unwrap();
    let failure = folder.lock("lab down").unwrap_err();
    assert_eq!(failure.exit(), Exit::Busy);
    let holder = format!(
        "is being worked on by `bramble up`, process {}",
        std::process::id()
    );
    assert!(failure.to_string().ends_with(&holder), "{failure}");
    drop(lock);
    assert!(folder.lock("lab down").is_ok());
}

/// The note of a holder that was killed is no lock.
#[test]
fn a_lock_that_a_killed_process_left_is_free() {
    let (_place, folder) = folder();
    let path = folder.kept("lock").unwrap();
    fs::write(&path, "`bramble try with a long name`, process 1\n").unwrap();
    let _lock = folder.lock("up").unwrap();
    let note = fs::read_to_string(&path).unwrap();
    assert_eq!(
        note,
        format!("`bramble up`, process {}\n", std::process::id())
    );
}

#[test]
fn a_write_that_fails_leaves_the_old_file_and_nothing_beside_it() {
    let place = TempDir::new().unwrap();
    let path = place.path().join("key");
    safe_file::write(&path, b"old").unwrap();
    fs::create_dir(place.path().join("folder")).unwrap();
    fs::write(place.path().join("folder/file"), "").unwrap();
    let failure = safe_file::write(&place.path().join("folder"), b"new").unwrap_err();
    assert!(failure.to_string().contains("cannot write"), "{failure}");
    let mut names: Vec<_> = below(place.path()).into_iter().skip(1).collect();
    names.sort();
    assert_eq!(names.len(), 3, "{names:?}");
    safe_file::write(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_node_that_is_down_is_remembered_and_one_that_is_gone_is_not() {
    let (_place, folder) = folder();
    let cluster = recipe();
    let names: Vec<_> = cluster.nodes.iter().map(|node| &node.name).collect();
    let read = |count| {
        let nodes = cluster.nodes.iter().take(count);
        nodes.map(|node| (node.name.clone(), board(node))).collect()
    };
    let all = memory::complete(&folder, "boards", &names, read(6)).unwrap();
    assert_eq!(all.len(), 6);
    let again = memory::complete(&folder, "boards", &names, read(2)).unwrap();
    assert_eq!(again, all, "the other four are remembered");
    let fewer = memory::complete(&folder, "boards", &names[..3], read(0)).unwrap();
    assert_eq!(fewer.len(), 3);
    let twin = memory::complete(&folder, "twin", &names, read(0)).unwrap();
    assert!(twin.is_empty(), "a twin's nodes are others");
}

#[test]
fn what_another_version_remembered_is_as_good_as_nothing() {
    let (_place, folder) = folder();
    fs::write(folder.kept("facts-boards.json").unwrap(), "{ \"head\": 1").unwrap();
    let cluster = recipe();
    let names = [&cluster.nodes[0].name];
    assert!(
        memory::complete(&folder, "boards", &names, [].into())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn what_is_remembered_of_the_twin_goes_with_it_and_nothing_else() {
    let (_place, folder) = folder();
    let names = |target: &str| {
        [
            format!("known-hosts-{target}"),
            format!("ssh-config-{target}"),
            format!("facts-{target}.json"),
            format!("keeper-{target}-0.lock"),
        ]
    };
    let (twins, boards) = (names("twin"), names("boards"));
    for name in twins.iter().chain(&boards).map(String::as_str) {
        fs::write(folder.kept(name).unwrap(), "").unwrap();
    }
    fs::write(folder.kept("twins").unwrap(), "").unwrap();
    folder.forget("twin").unwrap();
    let there = |name: &String| folder.kept(name).unwrap().exists();
    assert!(!twins.iter().any(there));
    assert!(boards.iter().all(there));
    assert!(there(&"twins".to_owned()));
}
