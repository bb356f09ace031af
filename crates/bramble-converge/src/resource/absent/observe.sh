# Questions: path. Facts, where there is something: path, type.
observe_absent() {
	while read -r path; do
		if [ -L "$path" ] || [ -f "$path" ]; then
			say absent "$path" file
		elif [ -d "$path" ]; then
			say absent "$path" directory
		elif [ -e "$path" ]; then
			say absent "$path" other
		fi
	done
}
