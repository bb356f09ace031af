# Fields: name. Not by hostnamectl, which needs D-Bus.
apply_hostname() {
	printf '%s\n' "$1" >/etc/hostname.bramble-new &&
		mv -fT /etc/hostname.bramble-new /etc/hostname &&
		hostname -- "$1"
}
