# Questions: unit, "enabled" or "disabled" as wanted. Facts, where systemd knows
# the unit: unit, active state, "enabled" or "disabled", and "pending" if it has
# yet to read a change. A static unit can be neither, and counts as is wanted.
# `systemctl show` answers in the order of the question, a blank line between.
observe_service() {
	set --
	wanted=$LF
	while read -r unit switch; do
		set -- "$@" "$unit"
		wanted=$wanted$unit$US$switch$LF
	done
	[ $# -gt 0 ] || return 0
	systemctl show -p LoadState -p ActiveState -p UnitFileState -- "$@" | {
		for unit in "$@"; do
			loaded='' active='' enabled=disabled pending=
			while read -r line && [ -n "$line" ]; do
				case $line in
				LoadState=*) loaded=${line#*=} ;;
				ActiveState=*) active=${line#*=} ;;
				UnitFileState=enabled*) enabled=enabled ;;
				UnitFileState=static | UnitFileState=generated)
					case $wanted in
					*"$LF$unit${US}enabled$LF"*) enabled=enabled ;;
					esac
					;;
				esac
			done
			[ "$loaded" != not-found ] || continue
			[ ! -e "/run/bramble/pending/$unit" ] || pending=pending
			say service "$unit" "$active" "$enabled" "$pending"
		done
	}
}
