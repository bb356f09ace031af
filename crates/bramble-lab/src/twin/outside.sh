#!/bin/sh
# Makes the network namespace it runs in a router to the internet.
set -eu
echo 1 > /proc/sys/net/ipv4/ip_forward
# The cluster is an IPv4 network: no address may appear on the switch by itself.
if [ -d /proc/sys/net/ipv6 ]; then
    echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
    echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6
fi
nft -f - <<'END'
table ip outside {
    chain way_out {
        type nat hook postrouting priority srcnat
        oifname "tap0" masquerade
    }
}
END
