# Reads sections from standard input: the name of a kind, its questions, and a
# line with a dot. Answers fact records, each led by the kind's name, and "end".
observe() {
	while read -r kind; do
		while read -r question && [ "$question" != . ]; do
			printf '%s\n' "$question"
		done | "observe_$kind"
	done
	say end
}
