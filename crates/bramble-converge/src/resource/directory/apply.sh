# Fields: path, mode, owner.
apply_directory() {
	mkdir -p -- "$1" && chown -- "$3" "$1" && chmod -- "$2" "$1"
}
