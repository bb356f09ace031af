# Gives the machine the address that the cluster file says. Input: one record of the
# interface, the address with its prefix, when ("now" or "later") and for how many
# seconds it may stay without a word from a fresh connection; then one record for each
# way to set it: the name of the way, and a file's content in base64.
#
# Answers "serial NUMBER", "way NAME" and last "same", "set", "later" or "failed".
UNDO=/run/bramble/address

address() {
	read -r interface address when limit
	# Within a container this is its host's.
	say serial "$(systemd-detect-virt -q -c || cat /sys/class/dmi/id/product_serial 2>/dev/null)"
	way=$(way)
	say way "$way"
	while read -r name content; do
		[ "$name" != "$way" ] || break
		content=
	done
	file=$(file)
	if fixed && [ "$when" = now ]; then
		say same
	elif [ -z "$way" ] || [ -z "$content" ]; then
		say failed
	elif [ "$when" = later ]; then
		if [ -e "$file" ] && put same; then say later; elif put new; then say later; else say failed; fi
	elif rm -rf "$UNDO" && mkdir -p "$UNDO" && keep_old && put new; then
		# The answer has to be gone before the connection is.
		(
			trap '' HUP INT TERM
			exec </dev/null >/dev/null 2>&1
			sleep 1
			turn
		) &
		say set
	else
		say failed
	fi
}

# Whether the interface has the address for good already.
fixed() {
	ip -o -4 address show dev "$interface" | grep -v ' dynamic ' | grep -qF " $address "
}

# Who sets up the interface here.
way() {
	if command -v netplan >/dev/null && set -- /etc/netplan/*.yaml /lib/netplan/*.yaml /run/netplan/*.yaml &&
		[ -n "$(ls "$@" 2>/dev/null)" ]; then
		printf netplan
	elif systemctl -q is-active NetworkManager && ! nmcli -g GENERAL.STATE device show "$interface" |
		grep -q unmanaged; then
		printf network-manager
	elif grep -qsE "^[[:space:]]*iface[[:space:]]+${interface}[[:space:]]" \
		/etc/network/interfaces /etc/network/interfaces.d/*; then
		printf ifupdown
	elif systemctl -q is-active systemd-networkd; then
		printf networkd
	fi
}

file() {
	case $way in
	netplan) printf /etc/netplan/90-bramble.yaml ;;
	network-manager) printf /etc/NetworkManager/system-connections/bramble.nmconnection ;;
	ifupdown) printf /etc/network/interfaces ;;
	networkd) printf /etc/systemd/network/05-bramble.network ;;
	esac
}

keep_old() {
	if [ "$way" = netplan ]; then
		cp -a /etc/netplan "$UNDO/old"
	elif [ -e "$file" ]; then
		cp -p "$file" "$UNDO/old"
	fi
}

put_back() {
	if [ "$way" = netplan ]; then
		rm -f /etc/netplan/*.yaml
		cp -a "$UNDO/old/." /etc/netplan/
	elif [ -e "$UNDO/old" ]; then
		mv -fT "$UNDO/old" "$file"
	else
		rm -f "$file"
	fi
}

# Fields: "new" to write the file; "same" to ask whether it is so already.
put() {
	beside=$file.bramble-new
	{
		if [ "$way" = ifupdown ]; then others; fi
		printf '%s' "$content" | base64 -d
	} >"$beside" || return
	# networkd reads it as an account of its own; the others are root's alone.
	if [ "$way" = networkd ] || [ "$way" = ifupdown ]; then chmod 644 "$beside"; else chmod 600 "$beside"; fi
	if [ "$1" = same ]; then
		cmp -s "$beside" "$file"
		same=$?
		rm -f "$beside"
		return "$same"
	fi
	# It joins what its files say of an interface, addresses among it.
	[ "$way" != netplan ] || netplan set "ethernets.$interface=null" || return
	sync "$beside" && mv -fT "$beside" "$file"
}

# What ifupdown's file says of other interfaces; what was written here is left out.
others() {
	awk -v name="$interface" '
		/^# bramble: begin/ { ours = 1 }
		ours { if (/^# bramble: end/) ours = 0; next }
		/^[ \t]*(auto|allow-[a-z]+)[ \t]/ {
			stanza = 0
			line = $1
			for (field = 2; field <= NF; field++) if ($field != name) line = line " " $field
			if (line != $1) print line
			next
		}
		/^[ \t]*(iface|mapping|source|source-directory|template)[ \t]/ { stanza = $1 == "iface" && $2 == name }
		!stanza { print }
	' /etc/network/interfaces
}

# Takes the new address, and the old way back unless somebody is let in by it.
turn() {
	take
	tenths=$((limit * 10))
	while [ ! -d "$UNDO/decided" ] && [ $((tenths -= 1)) -gt 0 ]; do
		sleep 0.1
	done
	# Only one of two can make the directory.
	if mkdir "$UNDO/decided"; then
		put_back
		take
	fi
	rm -rf "$UNDO"
}

take() {
	case $way in
	netplan)
		# It gives up where there is no udev, as in containers.
		netplan apply || {
			netplan generate
			networkctl reload
			networkctl reconfigure "$interface"
		}
		;;
	network-manager)
		nmcli connection reload
		nmcli connection up bramble || nmcli device connect "$interface"
		;;
	ifupdown)
		ifdown --force "$interface"
		ip address flush dev "$interface"
		ifup "$interface"
		;;
	networkd)
		networkctl reload
		networkctl reconfigure "$interface"
		;;
	esac
}
