# What the node is: one record a fact, its name first.

# A virtual node is told by system credentials how large a board it stands for;
# a container would otherwise see the whole machine it runs on.
credential() {
	cat "/run/credentials/@system/bramble.$1" 2>/dev/null ||
		cat "/run/host/credentials/bramble.$1" 2>/dev/null
}

# Built in, loaded, or a module that could be loaded.
filesystem() {
	if grep -qw "$1" /proc/filesystems || modprobe -n -q "$1" 2>/dev/null; then
		say "$1" yes
	else
		say "$1" no
	fi
}

# CAP_SYS_TIME is bit 25 of the bounding set (capabilities(7)).
clock() {
	bounding=$(sed -n 's/^CapBnd:[^0-9a-f]*//p' /proc/self/status)
	if [ $((0x$bounding >> 25 & 1)) = 1 ]; then printf yes; else printf no; fi
}

# A first boot may still be at work, and would undo what is changed meanwhile.
first_boot() {
	tenths=3000
	while [ -e /run/cloud-init/enabled ] && [ ! -e /run/cloud-init/result.json ] &&
		[ $((tenths -= 1)) -gt 0 ]; do
		sleep 0.1
	done
}

gather() {
	first_boot
	cores=$(nproc --all)
	memory=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024))
	say hostname "$(uname -n)"
	say release "$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-$ID}")"
	say architecture "$(uname -m)"
	say virtualization "$(systemd-detect-virt 2>/dev/null)"
	say kernel-cores "$cores"
	say kernel-memory "$memory"
	say cores "$(credential cores || printf '%s' "$cores")"
	say memory "$(credential memory-mib || printf '%s' "$memory")"
	say clock "$(clock)"
	filesystem nfs
	filesystem nfsd
	say controllers "$(cat /sys/fs/cgroup/cgroup.controllers 2>/dev/null)"
	ip -o -4 address show scope global | while IFS=' ' read -r _ interface _ address _; do
		say interface "$interface" "${address%%/*}"
	done
	while IFS=' ' read -r _ target type _; do
		say mount "$target" "$type"
	done </proc/self/mounts
}
