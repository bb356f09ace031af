# Input: the job's number.
cancel() {
	read -r id
	scancel -- "$id"
}
