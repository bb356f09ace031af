# Fields: path, target. Made beside and renamed, so that the path is never free.
apply_link() {
	ln -sfT -- "$2" "$1.bramble-new" && mv -fT -- "$1.bramble-new" "$1"
}
