# What every script on a node begins with. IFS is the separator throughout, so
# that "read" and "$*" take and make records, and unquoted words stay whole.
set -u
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
US=$(printf '\037')
# shellcheck disable=SC2034 # what follows uses it
LF='
'
IFS=$US
umask 022

say() {
	printf '%s\n' "$*"
}
