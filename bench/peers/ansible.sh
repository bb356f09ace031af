#!/bin/sh
# ansible.sh FOLDER: the playbook of that folder on all nodes, at its fastest.
set -eu
export ANSIBLE_PIPELINING=1 ANSIBLE_FORKS=6 ANSIBLE_GATHERING=smart ANSIBLE_NOCOLOR=1
exec ansible-playbook --inventory head,node1,node2,node3,node4,node5 --user pi \
    --ssh-common-args "-F $SSH_CONFIG" "$1/ansible.yml"
