# Questions: path. Facts: path and target; the target is empty for a file, and
# not there for a directory.
observe_link() {
	while read -r path; do
		if [ -L "$path" ]; then
			say link "$path" "$(readlink -- "$path")"
		elif [ -d "$path" ]; then
			say link "$path"
		elif [ -e "$path" ]; then
			say link "$path" ''
		fi
	done
}
