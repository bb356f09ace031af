# What a machine is that is to become a node, asked as whoever may log in there.
# Input: one record of the account that the cluster wants and its number. Answers one
# record a fact, its name first.
machine() {
	read -r account number
	say user "$(id -un)"
	say root "$(may_be_root)"
	system
	say architecture "$(dpkg --print-architecture 2>/dev/null || uname -m)"
	entry=$(getent passwd "$account")
	entry=${entry#*:*:}
	say account "${entry%%:*}"
	entry=$(getent passwd "$number")
	say holder "${entry%%:*}"
	entry=$(getent group "$number")
	say group "${entry%%:*}"
	say serial "$(serial)"
	# "client port server port"
	came=${SSH_CONNECTION:-}
	came=${came% *}
	say came "${came##* }"
	for place in /sys/class/net/*; do
		interface "$place"
	done
}

may_be_root() {
	if [ "$(id -u)" = 0 ]; then
		printf yes
	elif ! command -v sudo >/dev/null; then
		printf never
	elif sudo -n true 2>/dev/null; then
		printf sudo
	else
		printf password
	fi
}

system() {
	[ -r /etc/os-release ] || return
	# shellcheck disable=SC1091,SC2153 # they come from that file
	(. /etc/os-release && say system "${ID:-}" "${ID_LIKE:-}" "${VERSION_ID:-}" "${PRETTY_NAME:-}")
}

# A virtual machine has its host's, or none of its own.
serial() {
	! systemd-detect-virt --quiet --container 2>/dev/null || return
	tr -d '\0' 2>/dev/null </proc/device-tree/serial-number ||
		cat /sys/class/dmi/id/product_serial 2>/dev/null
}

# Records: name, hardware address, whether by radio, whether a device; then its
# addresses.
interface() {
	name=${1##*/}
	[ "$(cat "$1/type")" = 1 ] || return
	radio=no
	[ ! -d "$1/wireless" ] && [ ! -e "$1/phy80211" ] || radio=yes
	device=no
	[ ! -e "$1/device" ] || device=yes
	[ ! -d "$1/bridge" ] || device=bridge
	say interface "$name" "$(cat "$1/address")" "$radio" "$device"
	ip -o -4 address show dev "$name" scope global | while IFS=' ' read -r _ _ _ address _; do
		say address "$name" "$address"
	done
}
