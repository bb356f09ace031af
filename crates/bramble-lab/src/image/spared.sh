#!/bin/sh
# Spares an interpreter of another processor what takes it longer than all else
# together: compiling Python ahead of its first use, and packing the kernel's initial
# file system after every package that is in it. spared.sh begin|end ROOT
set -eu
root=$2

each() {
    # It is packed once, at the end.
    "$1" /usr/sbin/update-initramfs
    # What packages ask to compile theirs.
    "$1" /usr/bin/py3compile
    # What Python's own packages call. Releases of Debian differ in the version, which
    # is not known before the packages are there.
    for version in 3.11 3.12 3.13 3.14; do
        "$1" "/usr/lib/python$version/py_compile.py"
    done
}

# Packages put theirs aside. What stands in its place does nothing, both as a program
# and as a script of Python.
stand_in() {
    dpkg-divert --root="$root" --quiet --local --no-rename --divert "$1.real" --add "$1"
    mkdir -p "$root${1%/*}"
    printf '#!/bin/sh\n' > "$root$1"
    chmod 755 "$root$1"
}

give_back() {
    rm "$root$1"
    dpkg-divert --root="$root" --quiet --local --rename --remove "$1"
    # Of what the image does not have.
    rmdir --ignore-fail-on-non-empty "$root${1%/*}"
}

case $1 in
    begin) each stand_in ;;
    end) each give_back ;;
esac
