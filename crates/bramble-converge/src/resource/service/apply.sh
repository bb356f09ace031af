# turn VERB UNIT: as systemctl does, which refuses to restart what mounts at first use.
turn() {
	case $1:$2 in
	restart:*.automount) systemctl stop -- "$2" && systemctl start -- "$2" ;;
	*) systemctl "$1" -- "$2" ;;
	esac
}

# Fields: unit, then "pending" alone, or "enable", "disable" or "none" and the
# verb for systemctl or "none".
apply_service() {
	mark=/run/bramble/pending/$1
	if [ "$2" = pending ]; then
		mkdir -p -- "${mark%/*}" && : >"$mark"
		return
	fi
	[ "$(systemctl show -p NeedDaemonReload --value -- "$1")" != yes ] || systemctl daemon-reload || return
	case $2 in
	enable | disable)
		# The hook for System V scripts takes a second, and makes links that systemd
		# does not read where there is a unit.
		SYSTEMCTL_SKIP_SYSV=1 systemctl --quiet "$2" -- "$1" || return
		;;
	esac
	case $3 in
	none) ;;
	*)
		systemctl reset-failed -- "$1" 2>/dev/null
		turn "$3" "$1" || {
			systemctl --no-pager --lines=5 --output=cat status -- "$1" >&2
			return 1
		}
		;;
	esac
	rm -f -- "$mark"
}
