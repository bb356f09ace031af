# Says what is at a destination. Input: the destination, the directory it is in,
# then names below the destination, each ended by a zero byte. Answers, each
# ended by a zero byte: what the destination is, whether the directory is there,
# whether this node can log in to others, bytes that are free; then mode, size,
# time and name of each thing that is there.
export LC_ALL=C
unset CDPATH

say() {
	printf '%s\0' "$@"
}

describe() {
	xargs -0 -r stat --printf '%f %s %.9Y %n\0' -- 2>/dev/null
}

read -r to && read -r parent || exit 1
kind=nothing in=no passes=no place=$parent
if [ -d "$to" ]; then
	kind=directory place=$to
elif [ -e "$to" ] || [ -L "$to" ]; then
	kind=other
fi
[ ! -d "$parent" ] || in=yes
# The key between nodes, and all that passing on takes.
if [ -r "$HOME/.ssh/id_bramble" ] && command -v ssh >/dev/null; then passes=yes; fi
free=0
if space=$(stat -f --printf '%a %S' -- "$place" 2>/dev/null); then
	free=$((${space% *} * ${space#* }))
fi
say "$kind" "$in" "$passes" "$free"
case $kind in
directory) cd -- "$to" && describe ;;
other) printf './%s\0' "${to##*/}" | (cd -- "$parent" && describe) ;;
esac
exit 0
