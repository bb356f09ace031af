# Answers number, name, state, tasks, nodes, time and reason of each job.
list() {
	squeue --noheader --all --states=all --sort=i \
		--format="%i$US%j$US%T$US%C$US%N$US%M$US%r"
}

# Answers name and state of each worker.
workers() {
	sinfo --noheader --Node --format="%N$US%T"
}
