//! `user-data`: name, account, keys.

use bramble_cluster::cluster::USER_ID;
use bramble_cluster::{Cluster, Node, Secrets};

use super::yaml::{block, quoted};

/// The account under `user`, not `users`: the latter makes one without the
/// groups that the image gives its first account.
pub(super) fn user_data(cluster: &Cluster, node: &Node, secrets: &Secrets) -> Option<String> {
    let host = &secrets.hosts.get(&node.name)?.made;
    let line = |key: &String| format!("    - {}\n", quoted(key.trim()));
    let keys: String = [&secrets.owner.public, &secrets.between.public]
        .into_iter()
        .chain(&cluster.authorized_keys)
        .map(line)
        .collect();
    Some(format!(
        "#cloud-config
hostname: {name}
# cloud-init would write a 127.0.1.1 line, which Slurm and OpenMPI fall over. And
# until the nodes know each other's names and their own, every sudo asks a name
# server that is not there yet.
manage_etc_hosts: false
write_files:
  - path: /etc/hosts
    content: |
{hosts}user:
  name: {user}
  uid: {USER_ID}
  shell: /bin/bash
  lock_passwd: true
  sudo: \"ALL=(ALL) NOPASSWD:ALL\"
  ssh_authorized_keys:
{keys}ssh_pwauth: false
disable_root: true
# The host key was made with the card, so that nobody has to trust a first use.
ssh_deletekeys: true
ssh_keys:
  ed25519_private: |
{private}  ed25519_public: {public}
timezone: {zone}
package_update: false
package_upgrade: false
runcmd:
  # Raspberry Pi OS ships the SSH server switched off.
  - systemctl is-enabled --quiet ssh || systemctl enable --now ssh
",
        name = node.name,
        user = cluster.user,
        hosts = block(&cluster.hosts_file(), 6),
        private = block(host.private.expose(), 4),
        public = quoted(host.public.trim()),
        zone = cluster.timezone,
    ))
}
