# Questions: name. Facts, where the account is there: name, uid, gid.
observe_user() {
	while read -r name; do
		entry=$(getent passwd "$name") || continue
		entry=${entry#*:*:}
		uid=${entry%%:*}
		entry=${entry#*:}
		say user "$name" "$uid" "${entry%%:*}"
	done
}
