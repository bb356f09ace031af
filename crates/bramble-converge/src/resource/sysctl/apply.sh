# Fields: name, value, line to keep.
apply_sysctl() {
	file=/etc/sysctl.d/90-bramble-$1.conf
	printf '%s\n' "$3" >"$file.bramble-new" &&
		mv -fT -- "$file.bramble-new" "$file" &&
		sysctl -q -w "$1=$2"
}
