#!/bin/sh
# Leaves out what a virtual node has no use for. mmdebstrap runs it after `seeded.sh`,
# with the root's path as its only argument.
set -eu
root=$1

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
