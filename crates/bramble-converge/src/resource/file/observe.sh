# Questions: path, SHA-256, reveal or hide.
# Facts: path, type, mode, owner, "same" or "other", and the content where it is
# another than asked for and may be shown. A name with a backslash comes out of
# sha256sum escaped, with a backslash before it; any other begins with a slash.
observe_file() {
	set --
	sums='' shown=$LF
	while read -r path sum reveal; do
		set -- "$@" "$path"
		# Reading a pipe or device would not end.
		[ ! -f "$path" ] || sums="$sums$sum  $path$LF"
		[ "$reveal" = hide ] || shown="$shown$path$LF"
	done
	same=$LF$(printf '%s' "$sums" | sha256sum --check 2>/dev/null |
		sed -n '/: OK$/{s/: OK$//;/^\\/{s/^.//;s/\\\\/\\/g;};p;}')$LF
	stat --printf "%n$US%F$US%a$US%U:%G\n" -- "$@" 2>/dev/null |
		while read -r path type mode owner; do
			state=same content=
			case $same in
			*"$LF$path$LF"*) [ "$type" != 'regular empty file' ] || type='regular file' ;;
			*)
				state=other
				case $type$shown in
				'regular '*"$LF$path$LF"*) content=$(head -c 65536 -- "$path" | base64 -w 0) ;;
				esac
				;;
			esac
			say file "$path" "$type" "$mode" "$owner" "$state" "$content"
		done
}
