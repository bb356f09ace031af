# Puts what comes by standard input where it belongs, and passes it on.
#
# Input, a line each: the node's own name; the directory that all is put into;
# whether to make it; what to flush; whether to tell how far it is; how many nodes
# to pass it on to; for each of these its name, its address and its own first six
# lines and more as base64. Then a tar archive:
#   new/    what is new, as it shall stand below the directory
#   attr/   what is there with another mode or time, as empty files
#   names   the files in new/, each name ended by a zero byte
#   sums    their check values and sizes, a line each
#   move/   arguments of `mv`, one command a list
#   tops    what stands directly in attr/
#
# Nothing that was there is touched before all has come and is verified and on the
# disk. What came lies in a directory beside, which is removed on every way out.
export LC_ALL=C
unset CDPATH
US=$(printf '\037')
# shellcheck disable=SC2016 # Expanded on the next node.
loader='read -r size && script=$(head -c "$size") && eval "$script"'
staging='' made='' name=''

# Tells how it went here.
result() {
	reason=$2
	[ -z "$reason" ] || reason=$(printf '%s' "$reason" | head -n 3 | tr '\n\037' '; ')
	printf 'result%s%s%s%s%s%s\n' "$US" "$name" "$US" "$1" "$US" "$reason"
}

# shellcheck disable=SC2317 # Called by a trap.
clean() {
	# Whoever ends this may do so several times, and not wait for the end.
	trap '' HUP INT PIPE TERM
	trap - EXIT
	if [ -n "$staging" ]; then
		rm -rf -- "$staging" 2>/dev/null || {
			chmod -R u+rwX -- "$staging"
			rm -rf -- "$staging"
		}
	fi
	[ -z "$made" ] || rmdir -- "$made" 2>/dev/null
}

fail() {
	result failed "$1"
	# The others may still be at it.
	wait
	exit 1
}

# What a run left that was cut off by a power failure. What another is at work in
# is locked, or new: nodes may share a directory.
sweep() {
	for old in .bramble-cp.??????; do
		[ -d "$old" ] || continue
		find . -maxdepth 1 -name '.bramble-cp.??????' -type d -user "$(id -u)" -mmin +60 \
			-exec flock -n -- {} rm -rf -- {} \;
		return
	done
}

# Sends what comes to one other node, too.
pass() {
	child=$1 address=$2 header=$3 pipe=$staging/pipe$4 said=$staging/said$4
	mkfifo -- "$pipe" || return
	{
		# The pipe must be opened even if nobody reads any more: else all wait.
		trap '' PIPE
		# shellcheck disable=SC2154 # Assigned by what evaluates this.
		printf '%s\n%s' "${#script}" "$script" 2>/dev/null
		printf '%s' "$header" | base64 -d 2>/dev/null
		cat -- "$pipe" 2>/dev/null
	} | {
		ssh -T -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=5 \
			-o ServerAliveInterval=5 -o ServerAliveCountMax=2 \
			-o HostKeyAlias="$child" -o IdentitiesOnly=yes -i "$HOME/.ssh/id_bramble" \
			-o "Ciphers=$ciphers" -o 'KexAlgorithms=^curve25519-sha256' \
			-- "$address" "exec /bin/sh -c '$loader'" 2>"$said" ||
			printf 'lost%s%s%s%s\n' "$US" "$child" "$US" \
				"$(grep -v '^$' "$said" | tail -n 1 | tr '\037\r' '  ')"
	} &
}

unpack() {
	# In records of 64 KiB, what a pipe holds.
	set -- -x -p -b 128 -f - -C "$staging" --no-same-owner --delay-directory-restore \
		--warning=no-timestamp
	if [ "$progress" = progress ]; then
		export name
		# Every 64 MiB.
		# shellcheck disable=SC2016 # Expanded by tar's own shell.
		set -- "$@" --checkpoint=1024 \
			--checkpoint-action='exec=printf "at\037%s\037%s\n" "$name" "$TAR_CHECKPOINT" >&3'
	fi
	tar "$@" 2>&1 3>&4
}

# What came, onto the disk: after a power cut the old is there, or all of the new.
flush() {
	case $1 in
	files) (cd -- "$staging/new" && xargs -0 -r sync -d -- <../names) ;;
	all) sync -f "$staging" ;;
	esac
}

# The place of the first file that is not what was sent.
wrong() {
	[ -s "$staging/names" ] || return 0
	(cd -- "$staging/new" && xargs -0 cksum -- <../names) |
		awk 'NR == FNR { want[++count] = $0; next }
			$1 " " $2 != want[FNR] { print FNR; found = 1; exit }
			{ seen = FNR }
			END { if (!found && seen != count) print seen + 1 }' "$staging/sums" -
}

place() {
	for list in ../move/*; do
		[ ! -e "$list" ] || xargs -0 -x mv -f <"$list" || return
	done
	[ ! -s ../tops ] || (
		cd ../attr &&
			xargs -0 cp -r --attributes-only --preserve=mode,timestamps -t ../.. -- <../tops
	)
}

read -r name && read -r base && read -r make && read -r flush && read -r progress &&
	read -r children || exit 1
trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM
if [ "$make" = make ] && [ ! -d "$base" ]; then
	said=$(mkdir -- "$base" 2>&1) || fail "$said"
	made=$base
fi
cd -- "$base" 2>/dev/null || {
	said=$(stat -- "$base/." 2>&1 >/dev/null) && said="$base cannot be entered"
	fail "$said"
}
[ -z "$made" ] || made=$PWD
umask 077
sweep
staging=$(mktemp -d "$PWD/.bramble-cp.XXXXXX" 2>&1) || {
	said=$staging staging=''
	fail "$said"
}
staging=./${staging##*/}
exec 9<"$staging"
flock -n 9
ciphers='^chacha20-poly1305@openssh.com'
if [ "$children" -gt 0 ] && grep -qwm 1 aes /proc/cpuinfo; then
	ciphers='^aes128-gcm@openssh.com,aes256-gcm@openssh.com'
fi
exec 4>&1
count=0
while [ "$count" -lt "$children" ]; do
	count=$((count + 1))
	IFS=$US read -r child address header || exit 1
	pass "$child" "$address" "$header" "$count"
done
status=0
if [ "$children" -gt 0 ]; then
	said=$(tee -p -- "$staging"/pipe* 2>/dev/null | unpack) || status=$?
else
	said=$(unpack) || status=$?
fi
[ "$status" = 0 ] || fail "${said:-what came is not whole}"
# The processor reads again while the disk writes. Neither says anything if all
# is well.
said=$({ flush "$flush" & wrong; wait; } 2>&1)
case $said in
'') ;;
*[!0-9]*) fail "$said" ;;
*)
	result differs "$said"
	wait
	exit 1
	;;
esac
said=$(cd -- "$staging/new" && place 2>&1) || fail "$said"
made=''
result copied ''
wait
exit 0
