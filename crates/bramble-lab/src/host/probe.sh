#!/bin/sh
# Tries what a twin is made of, and prints the word for the first that is refused.
# Runs in mount and network namespaces of its own: nothing of it stays.
set -eu

try() {
    word=$1
    shift
    if ! "$@" > /dev/null 2>&1; then
        echo "$word"
        exit 0
    fi
}

overlay() {
    mount -t tmpfs tmpfs /mnt &&
        mkdir /mnt/lower /mnt/upper /mnt/work /mnt/root &&
        mount -t overlay overlay \
            -o lowerdir=/mnt/lower,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
}

# A kernel of its own for this machine's containers may have no module tools; one
# that has them loads each of these when it is first asked for.
try cgroup2 grep -q ' cgroup2 ' /proc/self/mounts
try overlay overlay
try bridge ip link add switch0 type bridge
try veth ip link add port0 type veth peer name eth0
try tbf tc qdisc add dev port0 root tbf rate 1mbit burst 64kb latency 50ms
try nftables nft 'add table ip t; add chain ip t c { type nat hook postrouting priority 100; }; add rule ip t c masquerade'
try tun test -c /dev/net/tun
