# Sends files: a tar archive, then the check value and size of each. Input: the
# directory they are in; how many bytes their names are, each ended by a zero byte;
# `written` if they are as large as they say, or `made` if the kernel makes them when
# they are read; the names, twice, and once more for the latter.
export LC_ALL=C
unset CDPATH
read -r base && read -r length && read -r kind && cd -- "$base" || exit
if [ "$kind" = made ]; then
	copy=$(mktemp -d) || exit
	trap 'rm -rf -- "$copy"' EXIT
	trap 'exit 1' HUP INT PIPE TERM
	head -c "$length" | xargs -0 -r cp --parents --target-directory="$copy" -- &&
		cd -- "$copy" || exit
fi
head -c "$length" | tar -c -h --hard-dereference --no-recursion --format=pax \
	--null -T - -f - || exit
xargs -0 -r cksum --
