# Input: name, directory, tasks or nothing, content as base64. Answers the job's
# number. A batch script says itself what it needs; any other program is run
# with so many tasks.
submit() {
	read -r name directory tasks content
	program=$directory/$name
	mkdir -p -- "$directory" &&
		printf '%s' "$content" | base64 -d >"$program.new" &&
		chmod -- 755 "$program.new" &&
		mv -fT -- "$program.new" "$program" || exit
	set -- --parsable --job-name="${name%.*}" --chdir="$directory" --output='%x-%j.out'
	case $name in
	# Not by srun: with Slurm's own start of MPI some ranks leave MPI_Init before
	# others are ready for their messages, and one in ten of such jobs crashed.
	*.py) set -- "$@" --ntasks="${tasks:-1}" --wrap="exec mpirun python3 -u '$program'" ;;
	*) set -- "$@" ${tasks:+--ntasks="$tasks"} "$program" ;;
	esac
	id=$(sbatch "$@") || exit
	say job "${id%%;*}"
}
