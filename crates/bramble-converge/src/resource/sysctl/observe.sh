# Questions: name. Facts: name, value now, line kept for the next start.
observe_sysctl() {
	while read -r name; do
		say sysctl "$name" "$(sysctl -n "$name" 2>/dev/null | tr '\t' ' ')" \
			"$(cat "/etc/sysctl.d/90-bramble-$name.conf" 2>/dev/null)"
	done
}
