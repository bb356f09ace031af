# Takes a program of $1 bytes from standard input and becomes it, with the other
# arguments. What follows on standard input is the program's own. Its file has no
# name any more when it begins, so that nothing is left of it, however it ends.
file=$(mktemp) || exit 126
trap 'rm -f -- "$file"' EXIT
trap 'exit 143' HUP INT TERM
# One block, since what reads on would take the program's input away.
dd bs="$1" count=1 iflag=fullblock status=none >"$file" || exit 126
if [ "$(wc -c <"$file")" -ne "$1" ]; then
    echo 'the script did not arrive whole' >&2
    exit 126
fi
chmod 700 -- "$file" || exit 126
exec 9<"$file" || exit 126
rm -f -- "$file"
trap - EXIT HUP INT TERM
shift
exec /proc/self/fd/9 "$@"
