# Fields: path, mode, owner, content as base64. Written beside, synced, renamed.
apply_file() {
	beside=$1.bramble-new
	mkdir -p -- "${1%/*}" &&
		(umask 077 && printf '%s' "$4" | base64 -d >"$beside") &&
		chown -- "$3" "$beside" &&
		chmod -- "$2" "$beside" &&
		sync -- "$beside" &&
		mv -fT -- "$beside" "$1" || {
		rm -f -- "$beside"
		return 1
	}
}
