//! What nodes would say of themselves.

use std::collections::BTreeMap;

use bramble_cluster::Node;
use bramble_converge::Facts;

/// `node` as the board it is, with the cgroup controllers and NFS of Raspberry
/// Pi OS.
pub fn board(node: &Node) -> Facts {
    let memory = node.hardware.memory.mib() - node.hardware.memory.mib() / 9;
    let mut interfaces = BTreeMap::from([("eth0".to_owned(), vec![node.address])]);
    if node.uplink.is_some() {
        interfaces.insert("wlan0".to_owned(), vec![[192, 168, 1, 40].into()]);
    }
    Facts {
        hostname: node.name.to_string(),
        release: "trixie".to_owned(),
        architecture: "aarch64".to_owned(),
        virtualization: "none".to_owned(),
        cores: node.hardware.cores,
        memory_mib: memory,
        kernel_cores: node.hardware.cores,
        kernel_memory_mib: memory,
        sets_clock: true,
        nfs_client: true,
        nfs_server: true,
        controllers: ["cpuset", "cpu", "io", "memory", "pids"]
            .map(str::to_owned)
            .into(),
        interfaces,
        mounts: BTreeMap::from([("/".to_owned(), "ext4".to_owned())]),
    }
}

/// `node` as a virtual node of the twin: the host's kernel, without NFS, cgroup
/// controllers and the right to set the clock.
pub fn twin(node: &Node) -> Facts {
    Facts {
        architecture: "x86_64".to_owned(),
        virtualization: "systemd-nspawn".to_owned(),
        memory_mib: node.hardware.memory.mib(),
        kernel_cores: 2,
        kernel_memory_mib: 24_000,
        sets_clock: false,
        nfs_client: false,
        nfs_server: false,
        controllers: Vec::new(),
        ..board(node)
    }
}
