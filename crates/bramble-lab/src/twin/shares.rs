//! Shared directories of the twin: by NFS, or, where the kernel has none, by
//! showing all nodes one directory of this machine. Not in here: NFS itself, which
//! the nodes set up as boards do.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use bramble_cluster::NodeName;
use bramble_cluster::cluster::Share;

use super::names::Names;
use crate::LabError;
use crate::error::at;
use crate::program::Program;

/// Makes the directory of every share.
pub(super) fn create(names: &Names, shares: &[Share]) -> Result<(), LabError> {
    for index in 0..shares.len() {
        let path = directory(names, index);
        fs::create_dir_all(&path).map_err(at("create", &path))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))
            .map_err(at("set the mode of", &path))?;
    }
    if !shares.is_empty() && !kernel_has_nfs() {
        let mark = mark(names);
        fs::write(&mark, "").map_err(at("write", &mark))?;
    }
    Ok(())
}

/// As it was decided when the twin was built.
pub(super) fn are_bind_mounts(names: &Names) -> bool {
    mark(names).exists()
}

/// Which directories of this machine a node sees, as options of nspawn.
pub(super) fn binds(names: &Names, node: &NodeName, shares: &[Share]) -> Vec<String> {
    let by_bind = are_bind_mounts(names);
    let of_share = |(index, share): (usize, &Share)| {
        let host = directory(names, index);
        let places = places(share, node, by_bind).into_iter();
        places
            .map(move |place| format!("--bind={}:{place}", host.display()))
            .collect::<Vec<_>>()
    };
    shares.iter().enumerate().flat_map(of_share).collect()
}

/// Where `node` sees the directory of `share`.
fn places<'a>(share: &'a Share, node: &NodeName, by_bind: bool) -> Vec<&'a str> {
    let serves = &share.on == node;
    // The server sees it in any case: the kernel exports no directory of an overlay.
    let path = Some(share.path.as_str()).filter(|_| serves);
    let mount = Some(share.mount.as_str()).filter(|&mount| by_bind && path != Some(mount));
    path.into_iter().chain(mount).collect()
}

fn directory(names: &Names, index: usize) -> PathBuf {
    names.state().join("shared").join(index.to_string())
}

fn mark(names: &Names) -> PathBuf {
    names.state().join("shares-are-bind-mounts")
}

/// Loads what is missing of it: the nodes cannot.
fn kernel_has_nfs() -> bool {
    let known = || {
        let systems = fs::read_to_string("/proc/filesystems").unwrap_or_default();
        ["nfsd", "nfs4"]
            .iter()
            .all(|name| systems.lines().any(|line| line.ends_with(name)))
    };
    known()
        || (Program::new("modprobe")
            .args(["-a", "nfsd", "nfsv4"])
            .run()
            .is_ok()
            && known())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share() -> Share {
        Share {
            on: "head".parse().unwrap(),
            path: "/srv/home".to_owned(),
            mount: "/home/shared".to_owned(),
            device: None,
        }
    }

    #[test]
    fn without_nfs_all_nodes_see_one_directory() {
        let (head, node) = ("head".parse().unwrap(), "node1".parse().unwrap());
        assert_eq!(places(&share(), &head, true), ["/srv/home", "/home/shared"]);
        assert_eq!(places(&share(), &node, true), ["/home/shared"]);
        let same = Share {
            mount: "/srv/home".to_owned(),
            ..share()
        };
        assert_eq!(places(&same, &head, true), ["/srv/home"]);
    }

    #[test]
    fn with_nfs_only_the_server_sees_it() {
        let (head, node) = ("head".parse().unwrap(), "node1".parse().unwrap());
        assert_eq!(places(&share(), &head, false), ["/srv/home"]);
        assert!(places(&share(), &node, false).is_empty());
    }
}
