#!/bin/sh
# Turns a fresh root file system into one that takes its first boot from a seed, as
# the virtual nodes' base image and images for cards both do. mmdebstrap runs it with
# the root's path as its only argument.
set -eu
root=$1

# What must differ between nodes is made at their first boot.
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/munge/munge.key" "$root/etc/hostname"
# Empty, not absent: absent means "first boot ever" to systemd, which would then
# apply its presets and enable again what is disabled below.
: > "$root/etc/machine-id"

# The seed lies where a Raspberry Pi's boot partition is mounted.
mkdir -p "$root/boot/firmware"
cat > "$root/etc/cloud/cloud.cfg.d/99-bramble.cfg" <<'END'
datasource_list: [NoCloud, None]
datasource: {NoCloud: {seedfrom: "file:///boot/firmware/"}}
system_info: {network: {renderers: [netplan]}}
END
# Nothing to search for: the seed is there.
cat > "$root/etc/cloud/ds-identify.cfg" <<'END'
policy: enabled
END

# Roles enable what they need.
for unit in \
    chrony.service dnsmasq.service munge.service slurmctld.service slurmd.service \
    nfs-server.service nfs-blkmap.service fsidd.service rpcbind.service rpcbind.socket \
    nfs-client.target nftables.service
do
    systemctl --root="$root" --quiet disable "$unit"
done
systemctl --root="$root" --quiet enable systemd-networkd.service systemd-resolved.service
