# Fields: name, uid.
apply_user() {
	groupadd --gid "$2" -- "$1" &&
		useradd --create-home --shell /bin/bash --uid "$2" --gid "$2" -- "$1"
}
