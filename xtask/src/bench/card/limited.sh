#!/bin/sh
# Runs a program in a control group of its own, in which each of some devices gives and
# takes no more than so many bytes a second. The group is gone when the program is, also
# when both are interrupted.
# limited.sh v1|v2 GROUP RATE DEVICES PROGRAM WORD...
# DEVICES are numbers with spaces in between: `7:0 7:1`.
set -eu

version=$1
group=$2
rate=$3
devices=$4
shift 4

mkdir "$group"
trap 'rmdir "$group"' EXIT
trap : INT TERM

for device in $devices; do
    if [ "$version" = v1 ]; then
        echo "$device $rate" > "$group/blkio.throttle.write_bps_device"
        echo "$device $rate" > "$group/blkio.throttle.read_bps_device"
    else
        echo "$device rbps=$rate wbps=$rate" > "$group/io.max"
    fi
done

status=0
# shellcheck disable=SC2016 # the inner shell expands it
sh -c 'echo $$ > "$0/cgroup.procs" && exec "$@"' "$group" "$@" || status=$?
exit "$status"
