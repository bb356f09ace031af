# Lists a file, or a directory with all that is in it. Input: the directory it is
# in, and its name; the name is a dot where only what is in the directory counts;
# what it is called in a complaint. Answers, each ended by a zero byte and in turn:
# kind, mode, size, time and path; what a link points to. A file that the kernel
# writes when it is read has the kind `u`: its size says nothing.
export LC_ALL=C
unset CDPATH

# Says why the path is not to be had.
refuse() {
	why=$(stat -- "$1" 2>&1 >/dev/null) && why='Permission denied'
	printf 'cannot read %s: %s\n' "$shown" "${why##*: }" >&2
	exit 1
}

list() {
	find -H "$@" \( -type f \( -fstype proc -o -fstype sysfs -o -fstype cgroup2 \
		-o -fstype debugfs -o -fstype configfs \) -printf 'u %m %s %T@ %p\0%l\0' \) \
		-o -printf '%y %m %s %T@ %p\0%l\0'
}

read -r base && read -r name && read -r shown || exit
cd -- "$base" 2>/dev/null || refuse "$base"
case $name in
.) list . -mindepth 1 ;;
*)
	[ -e "./$name" ] || [ -L "./$name" ] || refuse "./$name"
	list "./$name"
	;;
esac
