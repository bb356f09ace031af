#!/bin/sh
# Mounts the part of a file that is an ext4 file system, without ever writing to it:
# mount.sh IMAGE OFFSET LENGTH POINT
set -eu
# The loop device goes with the mount, or with this program if it comes to none.
exec mount -t ext4 -o "ro,noload,loop,offset=$2,sizelimit=$3" "$1" "$4"
