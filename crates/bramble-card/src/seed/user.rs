//! `user-data`: name, account, keys.

use bramble_cluster::Cluster;
use bramble_cluster::cluster::USER_ID;

use super::yaml::{block, quoted};
use crate::order::Order;

/// Also where no country is told: the radio then keeps to what is allowed everywhere.
const RADIO: &str = "  # It ships the radio switched off, too, and in two ways.
  - rfkill unblock wifi || true
  - nmcli radio wifi on || true
";

/// The account under `user`, not `users`: the latter makes one without the
/// groups that the image gives its first account.
pub(super) fn user_data(order: &Order<'_>) -> Option<String> {
    let host = &order.secrets.hosts.get(&order.node.name)?.made;
    let line = |key: &str| format!("    - {}\n", quoted(key));
    let keys: String = order.authorized_keys().map(line).collect();
    Some(format!(
        "#cloud-config
hostname: {name}
# cloud-init would write a 127.0.1.1 line, which Slurm and OpenMPI fall over. And
# until the nodes know each other's names and their own, every sudo asks a name
# server that is not there yet.
manage_etc_hosts: false
bootcmd:
  # Raspberry Pi OS would make host keys of its own after these are there.
  - systemctl disable --quiet --now regenerate_ssh_host_keys.service 2>/dev/null || true
write_files:
  - path: /etc/hosts
    content: |
{hosts}  # By `ssh_pwauth` the server would be started anew, just when somebody comes by it.
  - path: {sshd_file}
    content: |
{sshd}# None but the one below: the image's own would take its number.
users: []
user:
  name: {user}
  uid: {USER_ID}
  shell: /bin/bash
{password}  sudo: \"ALL=(ALL) NOPASSWD:ALL\"
  ssh_authorized_keys:
{keys}disable_root: true
# The host key was made with the card, so that nobody has to trust a first use.
ssh_deletekeys: true
ssh_keys:
  ed25519_private: |
{private}  ed25519_public: {public}
# Alike on all nodes, and on every image without making it first.
locale: C.UTF-8
timezone: {zone}
package_update: false
package_upgrade: false
runcmd:
  # Raspberry Pi OS ships the SSH server switched off.
  - systemctl is-enabled --quiet ssh || systemctl enable --now ssh
{radio}  # Everybody on the node can read the boot partition.
  - sed -i '/[-]BEGIN OPENSSH/,/[-]END OPENSSH/d; /[h]ashed_passwd/d' /boot/firmware/user-data || true
",
        name = order.node.name,
        user = order.cluster.user,
        hosts = block(&order.cluster.hosts_file(), 6),
        sshd_file = Cluster::SSHD_FILE,
        sshd = block(&order.cluster.sshd_file(), 6),
        password = password(order),
        private = block(host.private.expose(), 4),
        public = quoted(host.public.trim()),
        zone = order.cluster.timezone,
        radio = order.wifi().map_or("", |_| RADIO),
    ))
}

/// For the keyboard only: over SSH no password is taken.
fn password(order: &Order<'_>) -> String {
    order.password_hash.map_or_else(
        || "  lock_passwd: true\n".to_owned(),
        |hash| {
            let hash = quoted(hash.expose());
            format!("  lock_passwd: false\n  hashed_passwd: {hash}\n")
        },
    )
}
