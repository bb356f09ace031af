# Questions: name. Facts: that name, the name now, the name after a restart.
observe_hostname() {
	while read -r name; do
		say hostname "$name" "$(uname -n)" "$(cat /etc/hostname 2>/dev/null)"
	done
}
