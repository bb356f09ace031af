//! The interview as a whole. Not in here: typing on a terminal.

mod answering;
mod files;
mod hardware;
mod properties;

use bramble_cluster::catalogue::Catalogue;
use bramble_cluster::diagnostic::Diagnostic;
use bramble_cluster::file::{self, Reading, Vocabulary};

use super::{Defaults, Interview, PublicKey};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGarden me@laptop";

/// The roles that a cluster file may give.
const ROLES: &[&str] = &["gateway", "time", "storage", "scheduler", "worker"];

fn with_catalogue<T>(work: impl FnOnce(Vocabulary<'_>) -> T) -> T {
    let catalogue = Catalogue::builtin();
    work(Vocabulary {
        catalogue: &catalogue,
        roles: ROLES,
    })
}

fn defaults() -> Defaults {
    Defaults {
        timezone: Some("Europe/London".to_owned()),
        public_keys: vec![PublicKey {
            file: "id_ed25519.pub".to_owned(),
            line: KEY.to_owned(),
        }],
    }
}

/// An interview to whose steps `answers` were given, whichever are asked.
fn answered<'a>(vocabulary: Vocabulary<'a>, answers: &[(&str, &str)]) -> Interview<'a> {
    let mut interview = Interview::new(vocabulary, defaults());
    while let Some(step) = interview.step() {
        let answer = answers.iter().find(|(id, _)| *id == step.id);
        let answer = answer.map_or("", |(_, answer)| answer);
        interview.answer(answer).unwrap();
    }
    interview
}

fn read(interview: &Interview<'_>, vocabulary: Vocabulary<'_>) -> Reading {
    file::read(&interview.file(), &vocabulary)
}

fn errors(reading: &Reading) -> Vec<&Diagnostic> {
    let errors = reading.diagnostics.iter().filter(|one| one.is_error());
    errors.collect()
}
