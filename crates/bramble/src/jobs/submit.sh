# Input: name, directory, tasks or nothing, content as base64. Answers the job's
# number. A batch script says itself what it needs; any other program is run
# with so many tasks.
submit() {
	read -r name directory tasks content
	# A job in the queue keeps its program: another text has another place.
	sum=$(printf '%s' "$content" | sha256sum | cut -c 1-12)
	program=$directory/programs/$sum/$name
	mkdir -p -- "${program%/*}" &&
		printf '%s' "$content" | base64 -d >"$program.$$" &&
		chmod -- 755 "$program.$$" &&
		mv -fT -- "$program.$$" "$program" || exit
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
