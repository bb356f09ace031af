#!/bin/sh
# Takes out of a root what was only for making it. mmdebstrap runs it last, with the
# root's path as its only argument.
set -eu
root=$1

# What was left out of the image is not to be left out of what is installed later, and
# what is written then has to be on the card.
rm -f "$root/etc/apt/apt.conf.d/99mmdebstrap" "$root/etc/dpkg/dpkg.cfg.d/99mmdebstrap"
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/log/*.log \
    "$root"/var/log/apt "$root/var/log/bootstrap.log" "$root"/var/cache/debconf/*-old

# The boot partition holds the seed: it has to be there before anybody looks for it.
mkdir -p "$root/etc/systemd/system/cloud-init-local.service.d"
cat > "$root/etc/systemd/system/cloud-init-local.service.d/bramble.conf" <<'END'
[Unit]
RequiresMountsFor=/boot/firmware
END
