#!/bin/sh
# Starts a program that outlives its starter, with its output in a file:
# launch.sh CONSOLE PROGRAM...
set -eu
console=$1
shift
cd /
exec setsid --fork "$@" < /dev/null >> "$console" 2>&1
