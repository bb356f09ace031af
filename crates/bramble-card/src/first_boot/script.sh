#!/bin/sh
# Written by bramble: makes this machine a node of its cluster at its first boot. It
# removes itself afterwards, since keys lie in it.

# Another place than the root is for trying it.
root=${BRAMBLE_ROOT-}
self=$0
boot=${0%/*}

# Each line below the mark is something to do; contents are in base64, so that nothing
# in them can become part of this program. What is not known is skipped: some images add
# lines of their own.
main() {
	exec >>"$root/var/log/bramble-first-boot.log" 2>&1
	sed '1,/^# data$/d' "$self" | while read -r what a b c d; do
		case $what in
		account) account "$a" "$b" "$c" ;;
		file) file "$a" "$b" "$c" ;;
		folder) folder "$a" "$b" "$c" ;;
		own) own "$a" "$b" "$c" "$d" ;;
		link) ln -sfn "$b" "$root$a" ;;
		clear) rm -f "$root$a"* ;;
		enable) systemctl enable "$a" </dev/null ;;
		disable) systemctl disable "$a" </dev/null ;;
		radio) radio ;;
		esac
	done
	sync
	forget
	# Anything else would turn the machine off.
	exit 0
}

# account NAME NUMBER HASH: the image's first account, under this name.
account() {
	old=$(getent passwd "$2" | cut -d: -f1)
	userconf=$root/usr/lib/userconf-pi/userconf
	if [ -x "$userconf" ]; then
		# Renames it, and ends the question for a name at the first start.
		"$userconf" "$1" '!' </dev/null
	elif [ -z "$old" ]; then
		useradd -m -u "$2" -s /bin/bash "$1" </dev/null
	elif [ "$old" != "$1" ]; then
		usermod -l "$1" "$old" </dev/null
		usermod -m -d "/home/$1" "$1" </dev/null
		groupmod -n "$1" "$(getent group "$2" | cut -d: -f1)" </dev/null
	fi
	printf '%s:%s\n' "$1" "$3" | chpasswd -e
}

# file MODE PATH CONTENT
file() {
	(umask 022 && mkdir -p "$root${2%/*}")
	(umask 077 && printf %s "$3" | base64 -d >"$root$2.new") &&
		chmod "$1" "$root$2.new" && mv -f "$root$2.new" "$root$2"
}

# folder OWNER MODE PATH
folder() {
	mkdir -p "$root$3" && chmod "$2" "$root$3" && chown "$1:$1" "$root$3"
}

# own OWNER MODE PATH CONTENT: a file of somebody's.
own() {
	file "$2" "$3" "$4" && chown "$1:$1" "$root$3"
}

# What systemd remembers of switches that keep the radio off.
radio() {
	for state in "$root"/var/lib/systemd/rfkill/*:wlan; do
		[ -e "$state" ] && echo 0 >"$state"
	done
}

# On FAT, what is removed can still be read; it is written over first.
forget() {
	for file in "$self" "$boot/firmware/${self##*/}"; do
		[ -f "$file" ] || continue
		size=$(wc -c <"$file")
		head -c "$size" /dev/zero 1<>"$file"
		sync "$file"
		rm -f "$file"
	done
	if [ -f "$boot/cmdline.txt" ]; then
		sed -i \
			-e 's/ systemd\.run\(_success_action\)\{0,1\}=[^ ]*//g' \
			-e 's/ systemd\.unit=kernel-command-line\.target//g' "$boot/cmdline.txt"
	fi
	sync
}

main
# data
