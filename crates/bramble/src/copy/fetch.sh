# Sends files: a tar archive, then the check value and size of each. Input: the
# directory they are in; how many bytes their names are, each ended by a zero byte;
# the names, twice.
export LC_ALL=C
unset CDPATH
read -r base && read -r length && cd -- "$base" || exit
head -c "$length" | tar -c -h --hard-dereference --no-recursion --format=pax \
	--null -T - -f - || exit
xargs -0 -r cksum --
