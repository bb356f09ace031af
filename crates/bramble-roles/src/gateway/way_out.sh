# Opens, closes or shows a way out of the workers. Input: one record of the verb,
# the set that lists who may go out, the network, and the seconds it may stay open,
# or nothing for no limit. Answers "open" with what is left of the time, or "closed".
way_out() {
	read -r verb set network seconds
	case $verb in
	open)
		# An element that is there keeps its old time: it has to go first.
		nft delete element inet bramble "$set" "{ $network }" 2>/dev/null
		nft add element inet bramble "$set" "{ $network${seconds:+ timeout ${seconds}s} }" || return
		;;
	close)
		nft delete element inet bramble "$set" "{ $network }" 2>/dev/null
		;;
	esac
	listed=$(nft list set inet bramble "$set") || return
	case $listed in
	*expires*) say open "$(printf '%s' "$listed" | sed -n 's/.*expires \([0-9dhms]*\).*/\1/p')" ;;
	*elements*) say open '' ;;
	*) say closed ;;
	esac
}
