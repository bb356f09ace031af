# Questions: names, separated by spaces. Facts: those names, and the ones among
# them that are not installed. One `dpkg-query` serves all questions.
observe_packages() {
	questions=$(cat)
	installed=" $(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' 2>/dev/null |
		sed -n 's/^[ih]i //p' | tr '\n' ' ')"
	printf '%s\n' "$questions" | while read -r names; do
		missing=
		IFS=' '
		for name in $names; do
			case $installed in
			*" $name "*) ;;
			*) missing="$missing${missing:+ }$name" ;;
			esac
		done
		IFS=$US
		say packages "$names" "$missing"
	done
}
