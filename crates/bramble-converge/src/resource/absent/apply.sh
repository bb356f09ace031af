# Fields: path.
apply_absent() {
	rm -f -- "$1"
}
