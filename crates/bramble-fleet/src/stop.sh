# Ends the processes of a command. Standard input tells its mark, and how many
# seconds ago it began. Its processes are: the shell that was given the line with
# this mark at its end; what has begun since on this connection, which carries one
# command at a time; what is in the sessions of these, and what they have started.
# First TERM, and KILL for what is still there after two seconds.
{ read -r mark && read -r age; } || exit 1
bound=$(printf '\001')
account=${SUDO_UID:-$(id -u)}
now=$(cut -d . -f 1 /proc/uptime)
ticks=$(getconf CLK_TCK)

# What the kernel tells of a process, from its state on.
state() {
    sed -n 's/^.*) //p' "/proc/$1/stat" 2>/dev/null
}
own=$(state $$ | cut -d ' ' -f 4)

is_the_accounts() {
    [ "$(stat -c %u "/proc/$1" 2>/dev/null)" = "$account" ]
}

# Also one whose shell has ended, or has become another program.
is_of_this_connection() {
    began=$(state "$1" | cut -d ' ' -f 4,20)
    [ -n "$began" ] && [ "${began% *}" != "$own" ] &&
        [ $((now - ${began#* } / ticks)) -le "$age" ]
}

# Others may mention the mark; only the shell itself was given it in this form.
is_leader() {
    case $(tr '\0' '\001' 2>/dev/null <"/proc/$1/cmdline") in
    *"$bound-c${bound}eval "*" # $mark$bound") return 0 ;;
    esac
    return 1
}

find_leaders() {
    leaders=
    # shellcheck disable=SC2062  # these are the files; the pattern comes by input
    for process in $(printf '%s\n' "$mark" | grep -lsF -f - /proc/[0-9]*/cmdline | tr -dc '0-9\n'); do
        if is_the_accounts "$process" && is_leader "$process"; then
            leaders="$leaders $process"
        fi
    done
    for process in $(grep -lsF -- "SSH_CONNECTION=$SSH_CONNECTION" /proc/[0-9]*/environ | tr -dc '0-9\n'); do
        if is_the_accounts "$process" && is_of_this_connection "$process"; then
            leaders="$leaders $process"
        fi
    done
}

# A command that was asked for a moment ago may not bear its mark yet.
for _ in 1 2 3; do
    find_leaders
    [ -z "$leaders" ] || break
    sleep 0.1
done

# Neither the first process nor this script, nor those above it; and not what is
# in session 0, which in a container is everything that came from outside.
members() {
    cat /proc/[0-9]*/stat 2>/dev/null |
        sed -n 's/^\([0-9]*\) (.*) \([A-Z]\) \([0-9]*\) [0-9]* \([0-9]*\) .*/\1 \2 \3 \4/p' |
        awk -v leaders="$leaders" -v earlier="$alive" -v self="$$" '
            BEGIN { count = split(leaders, leader) }
            $2 != "Z" { parent[$1] = $3; session[$1] = $4 }
            END {
                for (nth = 1; nth <= count; nth++) {
                    pid = leader[nth]
                    sessions[pid] = 1
                    if (pid in session) { chosen[pid] = 1; sessions[session[pid]] = 1 }
                }
                # What lost its parent to TERM is known from before.
                count = split(earlier, known)
                for (nth = 1; nth <= count; nth++) {
                    if (known[nth] in session) chosen[known[nth]] = 1
                }
                delete sessions[0]
                do {
                    more = 0
                    for (pid in session) {
                        if (!(pid in chosen) && ((session[pid] in sessions) || (parent[pid] in chosen))) {
                            chosen[pid] = 1
                            more = 1
                        }
                    }
                } while (more)
                delete chosen[1]
                for (pid = self; pid in parent; pid = parent[pid]) delete chosen[pid]
                for (pid in chosen) print pid
            }'
}

[ -n "$leaders" ] || exit 0
alive=
alive=$(members)
for signal in TERM KILL; do
    [ -n "$alive" ] || exit 0
    # shellcheck disable=SC2086  # numbers, a word each
    kill -s "$signal" $alive 2>/dev/null
    waited=0
    while [ "$waited" -lt 20 ]; do
        alive=$(members)
        [ -n "$alive" ] || exit 0
        sleep 0.1
        waited=$((waited + 1))
    done
done
exit 1
