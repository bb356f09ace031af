#!/bin/sh
# Makes a root keep its kernel where firmware reads it. mmdebstrap runs it with the
# root's path as its only argument; `boot-copy` lies beside it.
set -eu
root=$1

copy=/usr/local/sbin/bramble-boot-copy
hook() {
    printf '#!/bin/sh\nexec %s\n' "$copy" > "$root$1"
    chmod 755 "$root$1"
}

cp "${0%/*}/boot-copy" "$root$copy"
chmod 755 "$root$copy"
hook /etc/kernel/postinst.d/zz-bramble
mkdir -p "$root/etc/initramfs/post-update.d"
hook /etc/initramfs/post-update.d/zz-bramble

# The package's own hooks would write config.txt and cmdline.txt anew at every change,
# and with that drop what was set for the node.
for own in kernel/postinst.d kernel/postrm.d initramfs/post-update.d; do
    if [ -e "$root/etc/$own/z50-raspi-firmware" ]; then
        hook "/etc/$own/z50-raspi-firmware"
    fi
done

# What they had copied by then, under other names.
rm -f "$root"/boot/firmware/vmlinuz-* "$root"/boot/firmware/initrd.img-*

for loader in "$root"/usr/lib/systemd/boot/efi/systemd-boot*.efi; do
    if [ -e "$loader" ]; then
        name=${loader##*/systemd-boot}
        mkdir -p "$root/boot/firmware/EFI/BOOT"
        # Where UEFI looks on a card that it knows nothing of.
        cp "$loader" "$root/boot/firmware/EFI/BOOT/BOOT$(echo "$name" | tr '[:lower:]' '[:upper:]')"
    fi
done

# Where it was spared when the packages were installed.
for kernel in "$root"/boot/vmlinuz-*; do
    version=${kernel##*/vmlinuz-}
    if [ ! -e "$root/boot/initrd.img-$version" ]; then
        chroot "$root" update-initramfs -c -k "$version"
    fi
done
chroot "$root" "$copy"
