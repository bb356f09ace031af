# What `bench/check.sh` asks, as operations that find nothing to change.
from pyinfra.operations import apt, files, server, systemd

apt.packages(packages=["chrony", "munge", "openmpi-bin", "python3-mpi4py"], present=True, _sudo=True)
for path in [
    "/etc/hosts", "/etc/hostname", "/etc/chrony/chrony.conf",
    "/etc/openmpi/openmpi-mca-params.conf", "/etc/openmpi/prte-mca-params.conf",
    "/etc/passwd", "/etc/group", "/etc/fstab", "/etc/ssh/sshd_config", "/etc/sudoers",
    "/etc/nsswitch.conf", "/etc/issue", "/etc/shells", "/etc/services", "/etc/protocols",
    "/etc/profile",
]:
    files.file(path=path, user="root", group="root", _sudo=True)
for unit in ["chrony", "munge", "ssh", "systemd-networkd"]:
    systemd.service(service=unit, running=True, _sudo=True)
server.group(group="pi", _sudo=True)
server.user(user="pi", ensure_home=False, _sudo=True)
