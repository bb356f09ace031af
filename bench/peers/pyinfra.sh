#!/bin/sh
# pyinfra.sh FOLDER: the operations of that folder on all nodes.
set -eu
exec pyinfra --yes --data ssh_user=pi --data "ssh_config_file=$SSH_CONFIG" \
    head,node1,node2,node3,node4,node5 "$1/pyinfra_steps.py"
