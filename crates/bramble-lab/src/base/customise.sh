#!/bin/sh
# Turns a fresh root file system into the image that all virtual nodes share.
# mmdebstrap runs it with the root's path as its only argument.
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

# Devices are the host's, disks are directories, and the clock is shared: these
# would find nothing to do, or fail, and six nodes start on one machine.
systemctl --root="$root" --quiet mask \
    systemd-udevd.service systemd-udev-trigger.service systemd-timesyncd.service \
    systemd-hwdb-update.service systemd-journal-catalog-update.service ldconfig.service \
    systemd-update-done.service systemd-firstboot.service systemd-pstore.service \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer logrotate.timer \
    e2scrub_all.timer e2scrub_reap.service fstrim.timer \
    getty@.service console-getty.service \
    dev-hugepages.mount sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount

# No other machine can have a virtual node's link-local address. Searching for one
# takes more than a second, and the first boot waits for it.
echo 'net.ipv6.conf.*.accept_dad = 0' > "$root/etc/sysctl.d/90-bramble-twin.conf"

rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/log/*.log
