# Fields: name, uid. The group is there already where an earlier run was cut off.
apply_user() {
	{ getent group "$1" >/dev/null || groupadd --gid "$2" -- "$1"; } &&
		useradd --create-home --shell /bin/bash --uid "$2" --gid "$2" -- "$1"
}
