# What Slurm says of one job: a field of `scontrol show job --oneliner`.
field() {
	printf '%s' "$shown" | tr ' ' '\n' | sed -n "s/^$1=//p" | head -n 1
}

show() {
	shown=$(scontrol show job --oneliner "$id") && state=$(field JobState)
}

answer() {
	say "$state" "$(field NodeList)" "$(base64 -w 0 -- "$(field StdOut)" 2>/dev/null)"
}

# Input: the job's number. Answers state, nodes and output when it has ended.
wait_for() {
	read -r id
	show || exit
	looks=0
	while :; do
		case $state in
		PENDING | RUNNING | CONFIGURING | COMPLETING | SUSPENDED | REQUEUED) ;;
		*) break ;;
		esac
		# A short job is answered at once, a long one costs the head little.
		if [ $((looks += 1)) -le 50 ]; then sleep 0.2; else sleep 2; fi
		# The controller may be restarting: the job goes on meanwhile.
		show 2>/dev/null || sleep 5
	done
	answer
}

# The same at once.
look_at() {
	read -r id
	show || exit
	answer
}
