# Lists a file, or a directory with all that is in it. Input: the directory it is
# in, and its name; the name is a dot where only what is in the directory counts.
# Answers, each ended by a zero byte and in turn: kind, mode, size, time and path;
# what a link points to.
export LC_ALL=C
unset CDPATH
read -r base && read -r name && cd -- "$base" || exit
case $name in
.) find -H . -mindepth 1 -printf '%y %m %s %T@ %p\0%l\0' ;;
*) find -H "./$name" -printf '%y %m %s %T@ %p\0%l\0' ;;
esac
