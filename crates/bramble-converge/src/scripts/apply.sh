# Reads steps from standard input, each a kind and the fields of the step:
# preparations up to a line "begin", changes up to a line "verify". Stops at the
# first that fails. What follows "verify" is observed.
apply() {
	failed=
	steps begin :
	steps verify say
	say verify
	observe
}

# Fields: the line that ends the steps, and the command that is told of each
# that is done.
steps() {
	while IFS= read -r step && [ "$step" != "$1" ]; do
		[ -z "$failed" ] || continue
		step "$2" "$step"
	done
}

step() {
	tell=$1
	set -f
	# IFS is the separator: the fields are the words. Without one more separator
	# an empty last field would be none.
	# shellcheck disable=SC2086
	set -- $2$US
	kind=$1
	shift
	if "apply_$kind" "$@" </dev/null; then
		"$tell" 'done' "$kind" "$1"
	else
		failed=$?
		say failed "$kind" "$1" "$failed"
	fi
}
