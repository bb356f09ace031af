//! Before the twelve: name and time zone. Question 1: what the cluster is for.

use super::super::form::{Choice, Form, Free};
use super::super::probe::{Probe, line};
use super::super::question::Question;
use super::super::resolved::View;

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        id: "name",
        number: None,
        topic: "name",
        title: "What is the cluster called?",
        why: "The name becomes part of the nodes' domain and of Slurm's cluster.",
        more: "One word of lower-case letters, digits and `-`. It can be changed later, \
               but then every node has to learn its new name.",
        form: |_| {
            let free = Free::new("a word", |answer, view| {
                let cluster = line("name", answer);
                let probe = Probe {
                    cluster,
                    ..Probe::default()
                };
                probe.keep(answer, view)
            });
            Some(Form::text(free, "garden"))
        },
        follows: |_| None,
    },
    Question {
        id: "timezone",
        number: None,
        topic: "time zone",
        title: "Which time zone is it in?",
        why: "The same on all nodes, so that their logs can be read side by side.",
        more: "An area and a city, such as Europe/London or America/New_York; Etc/UTC \
               is for clusters that belong to no place. `timedatectl list-timezones` \
               lists them all.",
        form: |view| {
            let free = Free::new("an area and a city, such as Europe/London", timezone);
            let own = view.defaults.timezone.as_deref();
            let own = own.and_then(|zone| timezone(zone, view).ok());
            Some(Form::text(
                free,
                own.unwrap_or_else(|| "Etc/UTC".to_owned()),
            ))
        },
        follows: |_| None,
    },
    Question {
        id: "purpose",
        number: Some(1),
        topic: "purpose",
        title: "What is the cluster for?",
        why: "It decides whether there is a scheduler, and what is proposed later.",
        more: "With `learn` or `parallel` the head gets Slurm: jobs wait in a queue and \
               run where cores are free. Without them the nodes are separate computers, \
               and nothing takes turns.",
        form: |_| {
            let choices = vec![
                Choice::new("learn", "try out tools; with a scheduler, to see one work"),
                Choice::new(
                    "parallel",
                    "one job on many cores; with a scheduler and MPI",
                ),
                Choice::new("services", "programs that always run; workers stay online"),
                Choice::new("tasks", "separate computers, each with a task of its own"),
            ];
            Some(Form {
                choices,
                several: true,
                free: None,
                default: "learn,parallel".to_owned(),
                missing: Vec::new(),
            })
        },
        follows: |view| {
            Some(if scheduled(view) {
                "The head gets the scheduler Slurm; workers take jobs from its queue.".to_owned()
            } else {
                "No scheduler: nothing queues, you say what runs where.".to_owned()
            })
        },
    },
];

fn timezone(answer: &str, view: &View<'_>) -> Result<String, super::super::complaint::Complaint> {
    let cluster = line("timezone", answer);
    let probe = Probe {
        cluster,
        ..Probe::default()
    };
    probe.keep(answer, view)
}

/// Whether the cluster has a scheduler.
pub(in super::super) fn scheduled(view: &View<'_>) -> bool {
    view.has("purpose", "learn") || view.has("purpose", "parallel")
}
