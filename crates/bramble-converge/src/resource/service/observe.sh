# Questions: unit. Facts, where systemd knows the unit: unit, active state,
# "enabled" or "disabled", and "pending" if it has yet to read a change.
# `systemctl show` answers in the order of the question, a blank line between.
observe_service() {
	set --
	while read -r unit; do
		set -- "$@" "$unit"
	done
	[ $# -gt 0 ] || return 0
	systemctl show -p LoadState -p ActiveState -p UnitFileState -- "$@" | {
		for unit in "$@"; do
			loaded='' active='' enabled=disabled pending=
			while read -r line && [ -n "$line" ]; do
				case $line in
				LoadState=*) loaded=${line#*=} ;;
				ActiveState=*) active=${line#*=} ;;
				UnitFileState=enabled* | UnitFileState=static | UnitFileState=generated) enabled=enabled ;;
				esac
			done
			[ "$loaded" != not-found ] || continue
			[ ! -e "/run/bramble/pending/$unit" ] || pending=pending
			say service "$unit" "$active" "$enabled" "$pending"
		done
	}
}
