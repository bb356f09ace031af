//! Commands that are suggested, as they have to be typed: with what was typed this time
//! about which cluster is meant. Not in here: what is suggested.

use bramble_converge::script::quote;

use crate::reach::Choice;

/// How a command begins in a message.
const BEGIN: &str = "`bramble ";

/// Verbs that are about no cluster file, or make one.
const FREE: [&str; 7] = [
    "init",
    "try",
    "catalogue",
    "keeper",
    "schema",
    "completions",
    "help",
];

/// What was typed about which cluster is meant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Aim {
    file: Option<String>,
    lab: bool,
}

impl Aim {
    pub(crate) fn of(choice: &Choice) -> Self {
        let file = choice.file.as_ref().map(|file| file.display().to_string());
        Self {
            file: file.map(|file| word(&file)),
            lab: choice.lab,
        }
    }

    /// The message with every command in it aimed at the cluster that was meant.
    pub(crate) fn put(&self, message: &str) -> String {
        let mut parts = message.split(BEGIN);
        let mut aimed = parts.next().unwrap_or_default().to_owned();
        for command in parts {
            aimed.push_str(BEGIN);
            aimed.push_str(&self.options(command));
            aimed.push_str(command);
        }
        aimed
    }

    /// What is lacking before a command that begins so.
    fn options(&self, command: &str) -> String {
        let says = |option| command.split([' ', '`']).any(|word| word == option);
        let mut words = command.split([' ', '`']);
        let verb = words.find(|word| !word.starts_with('-')).unwrap_or("help");
        // A command that names a cluster file by itself means another one.
        if FREE.contains(&verb) || command.starts_with("-f") {
            return String::new();
        }
        let lab = self.lab && verb != "lab" && !says("--lab");
        let file = self.file.as_ref().map(|file| format!("-f {file} "));
        let lab = if lab { "--lab " } else { "" };
        format!("{lab}{}", file.unwrap_or_default())
    }
}

/// A word as a shell takes it: bare where that does.
pub(crate) fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@,+=%~".contains(c);
    if !text.is_empty() && !text.starts_with('~') && text.chars().all(plain) {
        return text.to_owned();
    }
    quote(text)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn aim(file: Option<&str>, lab: bool) -> Aim {
        Aim::of(&Choice {
            file: file.map(Into::into),
            lab,
            ..Choice::default()
        })
    }

    #[test]
    fn a_command_that_is_suggested_means_the_cluster_that_was_meant() {
        let message = "see: `bramble adopt node3 --rekey`, then `bramble up`";
        assert_eq!(aim(None, false).put(message), message);
        assert_eq!(
            aim(Some("my file.toml"), true).put(message),
            "see: `bramble --lab -f 'my file.toml' adopt node3 --rekey`, \
             then `bramble --lab -f 'my file.toml' up`"
        );
        assert_eq!(
            aim(Some("a.toml"), true).put("`bramble lab up`"),
            "`bramble -f a.toml lab up`"
        );
    }

    #[test]
    fn what_is_said_already_or_means_nothing_is_not_put_in() {
        let both = aim(Some("a.toml"), true);
        for (message, aimed) in [
            ("`bramble --lab up`", "`bramble -f a.toml --lab up`"),
            ("`bramble try`", "`bramble try`"),
            ("`bramble -f FILE lab up`", "`bramble -f FILE lab up`"),
            ("no command", "no command"),
        ] {
            assert_eq!(both.put(message), aimed);
        }
    }

    #[test]
    fn the_verbs_that_are_about_no_cluster_are_verbs() {
        let all = crate::args::Args::command();
        let known = |verb: &&str| *verb == "help" || all.find_subcommand(verb).is_some();
        assert!(FREE.iter().all(known));
    }
}
