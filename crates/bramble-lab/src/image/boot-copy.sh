#!/bin/sh
# Copies the kernel to the partition that firmware reads. Runs on the node whenever
# a kernel or its initial file system changed.
set -eu
firmware=/boot/firmware

[ -e /vmlinuz ] && [ -e /initrd.img ] || exit 0

# Beside first: a node that loses its power in between starts from the old one.
put() {
    cp -L "$1" "$firmware/$2.new"
    sync "$firmware/$2.new"
    mv "$firmware/$2.new" "$firmware/$2"
}

kernel=$(readlink -f /vmlinuz)
# A Raspberry Pi's firmware describes the board to the kernel by one of these.
if [ -d /usr/lib/raspi-firmware ]; then
    for tree in "/usr/lib/linux-image-${kernel##*/vmlinuz-}"/broadcom/*.dtb; do
        put "$tree" "${tree##*/}"
    done
fi
put "$kernel" vmlinuz
put "$(readlink -f /initrd.img)" initrd.img
