//! A script that makes a machine a node at its first boot, for images whose own files
//! have no field for something. Its text is the same for all nodes; what differs stands
//! below it, where no shell reads it. Not in here: what is to be done (the formats).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bramble_cluster::cluster::USER_ID;

use crate::order::{Order, OrderError};

/// What it does with the lines below.
const TEXT: &str = include_str!("script.sh");

/// How it begins, and no other script does.
const MARK: &str = "#!/bin/sh\n# Written by bramble: ";

/// Whether `text` is such a script.
pub(super) fn is_ours(text: &str) -> bool {
    text.starts_with(MARK)
}

/// A script, line by line. Fields have no spaces in them: they are names that were
/// checked when they were read, or base64.
#[derive(Debug, Default)]
pub(super) struct Script(String);

impl Script {
    /// Does `what` with `fields`.
    pub(super) fn line(mut self, what: &str, fields: &[&str]) -> Self {
        self.0.push_str(what);
        for field in fields {
            self.0.push(' ');
            self.0.push_str(field);
        }
        self.0.push('\n');
        self
    }

    /// A file of root's.
    pub(super) fn file(self, mode: &str, path: &str, content: &str) -> Self {
        self.line("file", &[mode, path, &STANDARD.encode(content)])
    }

    /// The key that the node is known by, in place of the image's or its own.
    pub(super) fn host_key(self, order: &Order<'_>) -> Result<Self, OrderError> {
        let key = order.host_key()?;
        let public = format!("{}\n", key.public.trim());
        let path = "/etc/ssh/ssh_host_ed25519_key";
        Ok(self
            .line("clear", &["/etc/ssh/ssh_host_"])
            .file("0600", path, key.private.expose())
            .file("0644", &format!("{path}.pub"), &public))
    }

    /// The account by its number, and its password for the keyboard.
    pub(super) fn account(self, order: &Order<'_>) -> Self {
        let password = order.password_hash.map_or("!", |hash| hash.expose());
        let (user, number) = (order.cluster.user.as_str(), USER_ID.to_string());
        self.line("account", &[user, &number, password])
    }

    /// What the account may do, without being asked.
    pub(super) fn sudo(self, order: &Order<'_>) -> Self {
        let (user, header) = (&order.cluster.user, order.cluster.file_header());
        let rule = format!("# {header}\n{user} ALL=(ALL:ALL) NOPASSWD:ALL\n");
        self.file("0440", "/etc/sudoers.d/90-bramble", &rule)
    }

    /// Who may log in as the account.
    pub(super) fn keys(self, order: &Order<'_>) -> Self {
        let user = order.cluster.user.as_str();
        let home = format!("/home/{user}/.ssh");
        let line = |key| format!("{key}\n");
        let keys: String = order.authorized_keys().map(line).collect();
        self.line("folder", &[user, "0700", &home]).line(
            "own",
            &[
                user,
                "0600",
                &format!("{home}/authorized_keys"),
                &STANDARD.encode(keys),
            ],
        )
    }

    /// The names of all nodes.
    pub(super) fn hosts(self, order: &Order<'_>) -> Self {
        self.file("0644", "/etc/hosts", &order.cluster.hosts_file())
    }

    /// The script with its lines.
    pub(super) fn finish(self) -> String {
        TEXT.to_owned() + &self.0
    }
}
