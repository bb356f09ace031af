//! Scripts for a node: static text, never put together from data. What they
//! work on comes by standard input.

use bramble_cluster::Secret;

use crate::resource::KINDS;
use crate::transport::Request;

/// Shell text that runs on a node.
#[derive(Debug, Clone)]
pub struct Script {
    text: String,
}

/// A node's answer that cannot be understood: something between bramble and the
/// script printed, or a tool there is missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the answer cannot be understood: {what}")]
pub struct Malformed {
    /// What is wrong with it.
    pub what: String,
}

impl Malformed {
    /// The answer lacks `name`.
    pub fn missing(name: &str) -> Self {
        Self {
            what: format!("it says nothing of `{name}`"),
        }
    }
}

impl Script {
    /// The prelude and `parts`, which define functions; then the call of one.
    pub fn of(parts: &[&str], call: &str) -> Self {
        let mut text = include_str!("scripts/prelude.sh").to_owned();
        for part in parts {
            text.push_str(part);
        }
        text.push_str(call);
        Self { text }
    }

    /// Observes resources of every kind.
    pub fn observe() -> Self {
        let mut parts: Vec<_> = KINDS.iter().map(|kind| kind.observe).collect();
        parts.push(include_str!("scripts/observe.sh"));
        Self::of(&parts, "observe")
    }

    /// Applies steps of every kind, then observes.
    pub fn apply() -> Self {
        let mut parts: Vec<_> = KINDS
            .iter()
            .flat_map(|kind| [kind.observe, kind.apply])
            .collect();
        parts.push(include_str!("scripts/observe.sh"));
        parts.push(include_str!("scripts/apply.sh"));
        Self::of(&parts, "apply")
    }

    /// The request that runs the script on `input` as root.
    pub fn request(&self, input: Vec<u8>) -> Request {
        let command = format!("exec sudo -n /bin/sh -c {}", quote(&self.text));
        Request {
            command,
            input: Secret::new(input),
        }
    }

    /// The request that runs the script on `input` as the account itself.
    pub fn account_request(&self, input: Vec<u8>) -> Request {
        let command = format!("exec /bin/sh -c {}", quote(&self.text));
        Request {
            command,
            input: Secret::new(input),
        }
    }

    /// The text that is run.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// `text` as one word of a POSIX shell.
pub fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_one_word() {
        assert_eq!(quote("it's $HOME"), r"'it'\''s $HOME'");
    }

    /// OpenSSH takes no packet over 256 KiB and Linux no argument over 128 KiB.
    #[test]
    fn the_scripts_fit_in_one_argument() {
        for script in [Script::observe(), Script::apply(), crate::facts::script()] {
            assert!(
                script.text().len() < 64 * 1024,
                "{} bytes",
                script.text().len()
            );
        }
    }
}
