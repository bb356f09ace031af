#!/bin/sh
# Starts a program that outlives its starter: launch.sh CONSOLE GROUP... -- PROGRAM...
# in control groups given by their directories, with its output in a file.
set -eu
console=$1
shift
while [ "$1" != -- ]; do
    echo $$ > "$1/cgroup.procs"
    shift
done
shift
cd /
exec setsid --fork "$@" < /dev/null >> "$console" 2>&1
