# Fields: path, mode, owner, content as base64. Written beside, synced, renamed;
# under a name that programs which read whole directories pass over.
apply_file() {
	beside=${1%/*}/.${1##*/}.bramble-new
	mkdir -p -- "${1%/*}" &&
		(umask 077 && printf '%s' "$4" | base64 -d >"$beside") &&
		chown -- "$3" "$beside" &&
		chmod -- "$2" "$beside" &&
		sync -- "$beside" &&
		mv -fT -- "$beside" "$1" || {
		rm -f -- "$beside"
		return 1
	}
	case $1 in
	# A unit is read again also where only a part of it, or its mount, changed.
	/etc/systemd/system/*) systemctl daemon-reload ;;
	esac
}
