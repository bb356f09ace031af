# Fields: names, and the ones to install, separated by spaces. The lists are
# fetched only where the package is not known, since that takes longest.
apply_packages() {
	IFS=' '
	# shellcheck disable=SC2086 # the names are words
	set -- $2
	IFS=$US
	export DEBIAN_FRONTEND=noninteractive
	# What a power cut left half installed keeps apt from doing anything.
	unlocked dpkg --configure -a --force-confold || return
	apt-get -q install --dry-run --no-install-recommends "$@" >/dev/null 2>&1 ||
		unlocked apt-get -q update || return
	# Old lists name versions that the archive no longer has.
	install_packages "$@" || { unlocked apt-get -q update && install_packages "$@"; }
}

install_packages() {
	unlocked apt-get -q -y --no-install-recommends \
		-o Dpkg::Options::=--force-confold install "$@"
}

# Waits while others hold the locks of the package system: its own timers after
# a start, or what an interrupted run began.
unlocked() {
	seconds=120
	until complaint=$("$@" 2>&1 >/dev/null); do
		status=$?
		case $complaint in
		*' lock'*) [ $((seconds -= 1)) -le 0 ] || { sleep 1 && continue; } ;;
		esac
		printf '%s\n' "$complaint" >&2
		return "$status"
	done
}
