#!/bin/sh
# The peer of a second `bramble up`: a script that asks a node for thirty things a
# role wants of it, and prints the answers. It compares and decides nothing, so
# it is less than anybody who converges nodes can do.
set -u
files='/etc/hosts /etc/hostname /etc/chrony/chrony.conf /etc/munge/munge.key
/etc/slurm/slurm.conf /etc/slurm/cgroup.conf /etc/default/slurmd
/etc/openmpi/openmpi-mca-params.conf /etc/openmpi/prte-mca-params.conf
/etc/ssh/sshd_config.d/bramble.conf /etc/sudoers.d/bramble /etc/resolv.conf'
# shellcheck disable=SC2086 # the names are words
stat --format '%n %a %U:%G' $files 2>/dev/null
# shellcheck disable=SC2086
sha256sum $files 2>/dev/null
dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' \
    chrony munge slurm-wlm slurmd slurmctld openmpi-bin python3-mpi4py nfs-common 2>/dev/null
systemctl show -p LoadState -p ActiveState -p UnitFileState \
    chrony munge slurmd slurmctld ssh systemd-networkd
getent passwd pi
getent group pi
sysctl -n net.ipv4.ip_forward
uname -n
