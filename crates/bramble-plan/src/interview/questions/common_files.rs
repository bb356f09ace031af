//! Question 10: where files are that all nodes need.

use super::super::form::{Choice, Form, Free};
use super::super::probe::{Probe, line};
use super::super::question::Question;
use super::super::sections::data_device;

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        id: "shared",
        number: Some(10),
        topic: "common files",
        title: "Where are the files that all nodes need?",
        why: "A job finds its program and its data under one path, wherever it runs.",
        more: "The head serves one directory by NFS, and every node finds it as \
               /home/shared. It is mounted when first used, so that no node waits for \
               it at its start.",
        form: |_| {
            let choices = vec![
                Choice::new("head", "on the head's own card: nothing to buy"),
                Choice::new("drive", "on a drive at the head: roomier, spares the card"),
                Choice::new("none", "nowhere: you copy what each node needs"),
            ];
            Some(Form::one(choices, "head"))
        },
        follows: |view| {
            let none = view.is("shared", "none");
            (none && super::purpose::scheduled(view))
                .then(|| "Jobs only find programs that you copied to every node.".to_owned())
        },
    },
    Question {
        id: "device",
        number: Some(10),
        topic: "common files",
        title: "What is the drive called on the head?",
        why: "Only this device is mounted for the common files; nothing is formatted.",
        more: "`lsblk` on the head lists them. The first USB drive is /dev/sda, and \
               its first partition /dev/sda1. If the head boots from it, the drive for \
               the files is /dev/sdb.",
        form: |view| {
            let free = Free::new("a path, such as /dev/sda1", |answer, view| {
                let device = line("device", answer);
                let entry = format!(
                    "on = \"head\", path = \"/srv/home\", mount = \"/home/shared\", {device}"
                );
                let rest = format!("[storage]\nshared = [{{ {entry} }}]");
                Probe {
                    rest,
                    ..Probe::default()
                }
                .keep(answer, view)
            });
            view.is("shared", "drive")
                .then(|| Form::text(free, data_device(view)))
        },
        follows: |_| None,
    },
];
