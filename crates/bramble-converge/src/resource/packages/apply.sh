# Fields: names, and the ones to install, separated by spaces. The lists are
# fetched only where the package is not known, since that takes longest.
apply_packages() {
	IFS=' '
	# shellcheck disable=SC2086 # the names are words
	set -- $2
	IFS=$US
	apt-get -q install --dry-run --no-install-recommends "$@" >/dev/null 2>&1 ||
		apt-get -q update >/dev/null || return
	DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
		-o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=120 install "$@" >/dev/null
}
