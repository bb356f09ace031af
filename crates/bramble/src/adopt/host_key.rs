//! A host key that nobody has vouched for yet: shown, compared by somebody, pinned. Not
//! in here: asking a node for it, and where pinned keys are kept (`keyring`).

use std::io::{IsTerminal as _, stderr, stdin};

use bramble_cluster::NodeName;
use bramble_fleet::keys;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Target;
use crate::{keyring, ssh_config};

/// A host key as people compare it.
#[derive(Debug, Clone)]
pub(crate) struct HostKey {
    pub(crate) line: String,
    pub(crate) print: String,
}

impl HostKey {
    pub(crate) fn of(line: &str) -> Result<Self, Failure> {
        let print = keys::fingerprint(line).map_err(|error| {
            Failure::new(Exit::Host, format!("a host key cannot be read: {error}"))
        })?;
        Ok(Self {
            line: line.to_owned(),
            print,
        })
    }

    /// The key by which `target` knows `node`.
    pub(crate) fn pinned(target: &Target, node: &NodeName) -> Result<Self, Failure> {
        let entry = target.book.entries.get(node);
        Self::of(entry.map_or("", |entry| entry.host_key.as_str()))
    }

    /// The file that a node keeps it in.
    pub(crate) fn file(&self) -> &'static str {
        if self.line.starts_with("ecdsa") {
            "/etc/ssh/ssh_host_ecdsa_key.pub"
        } else {
            "/etc/ssh/ssh_host_ed25519_key.pub"
        }
    }

    /// From now on, `node` is known by this key.
    pub(crate) fn pin(&self, target: &Target, node: &NodeName) -> Result<(), Failure> {
        keyring::adopt(&target.folder, target.name, node, &self.line)?;
        let mut book = target.book.clone();
        if let Some(entry) = book.entries.get_mut(node) {
            entry.host_key.clone_from(&self.line);
        }
        // Configurations that were exported read this file.
        ssh_config::keep_known_hosts(&target.folder, target.name, &book)?;
        Ok(())
    }
}

/// As `ssh-keygen -l` prints it: 256 bits in base 64.
pub(crate) fn fingerprint(text: &str) -> Result<String, String> {
    let digits = text.trim_end_matches('=').strip_prefix("SHA256:");
    let base64 = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
    match digits {
        Some(digits) if digits.len() == 43 && digits.chars().all(base64) => {
            Ok(format!("SHA256:{digits}"))
        }
        _ => Err(format!(
            "`{text}` is no fingerprint: write it as `ssh-keygen -l` prints it, `SHA256:` and 43 \
             characters"
        )),
    }
}

/// A yes of somebody who is there, or who was there and wrote it down: `expected`.
/// `again` is the command to type with it.
pub(crate) fn confirm(
    node: &NodeName,
    shown: &HostKey,
    (expected, again): (Option<&str>, &str),
    console: &mut Console,
) -> Result<(), Failure> {
    match expected {
        Some(expected) if expected == shown.print => Ok(()),
        Some(expected) => Err(Failure::new(
            Exit::Failed,
            format!(
                "{node} shows {}, not {expected}; nothing was changed",
                shown.print
            ),
        )
        .hint("find out which machine answers there before anything else")),
        None if !stdin().is_terminal() || !stderr().is_terminal() => Err(Failure::new(
            Exit::Usage,
            format!("nobody is at a terminal to say that the new key of {node} is right"),
        )
        .hint(format!(
            "name the fingerprint that {node} itself says: `{again} --fingerprint SHA256:...`"
        ))),
        None if says_yes(console)? => Ok(()),
        None => Err(Failure::new(
            Exit::Failed,
            format!("the pinned key of {node} stays; nothing was changed"),
        )),
    }
}

/// Not by the return key alone, which says yes to anything.
fn says_yes(console: &mut Console) -> Result<bool, Failure> {
    console.prompt("Are they the same? Type `yes` to pin the key shown: ");
    let mut answer = String::new();
    stdin()
        .read_line(&mut answer)
        .map_err(|error| Failure::new(Exit::Host, format!("no answer can be read: {error}")))?;
    Ok(answer.trim() == "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINT: &str = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";

    #[test]
    fn a_fingerprint_is_taken_with_its_padding_and_without() {
        assert_eq!(fingerprint(PRINT).as_deref(), Ok(PRINT));
        assert_eq!(fingerprint(&format!("{PRINT}=")).as_deref(), Ok(PRINT));
    }

    #[test]
    fn what_is_no_fingerprint_is_refused() {
        for odd in [
            "",
            "SHA256:",
            &PRINT[7..],
            &PRINT[..49],
            "MD5:16:27:ac",
            "SHA256:...",
        ] {
            assert!(fingerprint(odd).is_err(), "{odd}");
        }
    }
}
