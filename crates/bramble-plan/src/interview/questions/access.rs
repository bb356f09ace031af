//! Questions 11 and 12: logging in, and names.

use super::super::complaint::Complaint;
use super::super::form::{Choice, Form, Free};
use super::super::probe::{Probe, line};
use super::super::question::Question;
use super::super::resolved::View;
use super::super::text;

/// The answer that adds no key of the user's own.
const MAKE: &str = "make";

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        id: "key",
        number: Some(11),
        topic: "remote login",
        title: "Who may log in?",
        why: "By SSH key only: passwords are guessed, and typed once for each node.",
        more: "Bramble makes a key pair for this cluster in .bramble/ and uses it for \
               everything it does. Your own public key may be added, so that plain \
               `ssh` works too; protect its private half with a pass phrase, which \
               ssh-agent remembers for you.",
        form: |view| {
            let made = "bramble makes a key; log in with `bramble ssh`";
            let mut choices = vec![Choice::new(MAKE, made)];
            let own = view.defaults.public_keys.iter();
            let right = own.filter(|key| public_key(&key.line, view).is_ok());
            choices.extend(
                right.map(|key| Choice::new(&key.file, "the same, and your own key in ~/.ssh")),
            );
            let free = Free::new("a public key: the line of a file ~/.ssh/*.pub", public_key);
            let mut form = Form::one(choices, MAKE).or(free);
            form.missing
                .push("passwords: none is ever set, so none can be guessed".to_owned());
            Some(form)
        },
        follows: |view| {
            let key = own_key(view)?;
            Some(match key.split(' ').nth(2) {
                Some(owner) => format!("Bramble's key, and the one of {owner}."),
                None => "Bramble's key, and yours.".to_owned(),
            })
        },
    },
    Question {
        id: "head_name",
        number: Some(12),
        topic: "names",
        title: "What is the head called?",
        why: "Every node knows every other by name, from /etc/hosts: no name server.",
        more: "Names go into /etc/hosts on every node, and `bramble export hosts` \
               prints the same lines for your own machine.",
        form: |_| {
            let free = Free::new("a word", |answer, view| {
                let head = line("name", answer);
                Probe {
                    head,
                    ..Probe::default()
                }
                .keep(answer, view)
            });
            Some(Form::text(free, "head"))
        },
        follows: |_| None,
    },
    Question {
        id: "prefix",
        number: Some(12),
        topic: "names",
        title: "What do the workers' names begin with?",
        why: "Short names are typed often: node1, node2, or all as node[1-9].",
        more: "A number is added to it, from 1. Commands take sets of names, such as \
               node[1-3], and groups, such as @worker.",
        form: |_| {
            let free = Free::new("a word", |answer, view| {
                let names = text::quoted(&format!("{answer}[1-2]"));
                let plain = answer
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                if !plain {
                    let what = format!("{answer} cannot begin a name");
                    let remedy = "use lower-case letters, digits and `-`";
                    return Err(Complaint::new(what, remedy));
                }
                let nodes = format!("names = {names}");
                Probe {
                    nodes,
                    ..Probe::default()
                }
                .keep(answer, view)
            });
            Some(Form::text(free, "node"))
        },
        follows: |view| {
            let prefix = view.get("prefix");
            Some(match view.number("workers") {
                1 => format!("The worker is {prefix}1."),
                2 => format!("The workers are {prefix}1 and {prefix}2."),
                last => format!("The workers are {prefix}1 to {prefix}{last}."),
            })
        },
    },
    Question {
        id: "domain",
        number: Some(12),
        topic: "names",
        title: "In which domain are the names?",
        why: "Full names tell this cluster's node1 from another's.",
        more: "Names joined by dots. `.lan` ends no name on the internet, and unlike \
               `.local` it does not get in the way of Bonjour and Avahi.",
        form: |view| {
            let free = Free::new("names joined by dots", |answer, view| {
                let network = line("domain", answer);
                Probe {
                    network,
                    ..Probe::default()
                }
                .keep(answer, view)
            });
            Some(Form::text(free, format!("{}.lan", view.get("name"))))
        },
        follows: |view| {
            Some(format!(
                "{}.{} and so on.",
                view.get("head_name"),
                view.get("domain")
            ))
        },
    },
];

fn public_key(answer: &str, view: &View<'_>) -> Result<String, Complaint> {
    let answer = answer.trim();
    let cluster = format!("authorized_keys = {}", text::list([answer]));
    Probe {
        cluster,
        ..Probe::default()
    }
    .run(view)?;
    Ok(answer.to_owned())
}

/// The user's own public key that may log in, if one may.
pub(in super::super) fn own_key<'a>(view: &View<'a>) -> Option<&'a str> {
    let answer = view.get("key");
    let mut known = view.defaults.public_keys.iter();
    let known = known.find(|key| key.file == answer);
    let key = known.map_or(answer, |key| key.line.trim());
    (answer != MAKE).then_some(key)
}
