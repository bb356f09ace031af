# Who is seen on the network of this machine. Input: the addresses of it to call, one a
# line; an answer is not waited for, and nobody is told anything, but whoever is there
# says its hardware address. Answers three sections, each led by its name.
neighbours() {
	if command -v bash >/dev/null; then
		# It alone can send a packet by itself.
		bash -c 'while read -r address; do printf . >"/dev/udp/$address/9"; done' 2>/dev/null
		sleep 1
	fi
	say arp
	cat /proc/net/arp
	say dnsmasq
	cat /var/lib/misc/dnsmasq.leases 2>/dev/null
	say dhcpd
	cat /var/lib/dhcp/dhcpd.leases 2>/dev/null
	say end
}
