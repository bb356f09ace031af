# Says over a fresh connection that the new address is right. Answers "stays", or
# "late" where the old one is on its way back.
confirm() {
	if mkdir /run/bramble/address/decided 2>/dev/null; then say stays; else say late; fi
}
