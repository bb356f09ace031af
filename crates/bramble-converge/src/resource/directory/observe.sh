# Questions: path. Facts: path, type, mode, owner.
observe_directory() {
	set --
	while read -r path; do
		set -- "$@" "$path"
	done
	stat --printf "directory$US%n$US%F$US%a$US%U:%G\n" -- "$@" 2>/dev/null
}
