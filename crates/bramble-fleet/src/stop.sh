# Ends the processes of a command, known by the mark that standard input gives:
# those whose command line bears it, what is in their sessions, and what these
# have started. First TERM, and KILL for what is still there after two seconds.
read -r mark || exit 1

# A command that was asked for a moment ago may not bear its mark yet.
for _ in 1 2 3; do
    leaders=$(printf '%s\n' "$mark" | grep -lsFf - /proc/[0-9]*/cmdline | tr -dc '0-9\n')
    [ -z "$leaders" ] || break
    sleep 0.1
done

members() {
    cat /proc/[0-9]*/stat 2>/dev/null |
        sed -n 's/^\([0-9]*\) (.*) \([A-Z]\) \([0-9]*\) [0-9]* \([0-9]*\) .*/\1 \2 \3 \4/p' |
        awk -v leaders="$leaders" '
            BEGIN { count = split(leaders, leader) }
            $2 != "Z" { parent[$1] = $3; session[$1] = $4 }
            END {
                for (nth = 1; nth <= count; nth++) {
                    pid = leader[nth]
                    sessions[pid] = 1
                    if (pid in session) { chosen[pid] = 1; sessions[session[pid]] = 1 }
                }
                do {
                    more = 0
                    for (pid in session) {
                        if (!(pid in chosen) && ((session[pid] in sessions) || (parent[pid] in chosen))) {
                            chosen[pid] = 1
                            more = 1
                        }
                    }
                } while (more)
                for (pid in chosen) print pid
            }'
}

[ -n "$leaders" ] || exit 0
alive=$(members)
for signal in TERM KILL; do
    [ -n "$alive" ] || exit 0
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
