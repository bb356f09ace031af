//! `[cluster]`: what the cluster is called and whose it is. Not in here: the
//! shapes of time zones and keys (`timezone`, `authorized`).

use super::{authorized, timezone};
use crate::name::{ClusterName, UserName};
use crate::reader::{Section, Text, Value};

/// What the cluster may be for: question 1 of those before building.
const PURPOSES: &[(&str, ())] = &[
    ("learn", ()),
    ("parallel", ()),
    ("services", ()),
    ("tasks", ()),
];

/// Accounts that the system has by itself, or that packages make.
const TAKEN: &[&str] = &[
    "root",
    "daemon",
    "bin",
    "sys",
    "sync",
    "games",
    "man",
    "mail",
    "news",
    "backup",
    "list",
    "proxy",
    "nobody",
    "www-data",
    "sshd",
    "messagebus",
    "munge",
    "slurm",
    "dnsmasq",
    "docker",
];

/// `[cluster]` as it is written.
#[derive(Debug, Default)]
pub(super) struct ClusterTable {
    pub(super) name: Option<ClusterName>,
    /// Absent if left out; what is wrong was told about.
    pub(super) user: Option<UserName>,
    pub(super) timezone: Option<String>,
    pub(super) authorized_keys: Vec<String>,
}

/// Reads `[cluster]`.
pub(super) fn read(mut section: Section<'_>) -> ClusterTable {
    let name = section
        .required("name", r#""garden""#)
        .and_then(|value| value.text()?.name());
    let user = section
        .optional("user", r#""pi""#)
        .and_then(|value| user(&value.text()?));
    let zone = section.optional("timezone", r#""Europe/London""#);
    let timezone = zone.and_then(|value| timezone::check(&value.text()?));
    let keys = section.optional("authorized_keys", r#"["ssh-ed25519 AAAA... me"]"#);
    let keys = keys.and_then(Value::list).unwrap_or_default();
    let key = |value: Value<'_>| authorized::check(&value.text()?);
    section.check("currency", r#""USD""#, |value| value.text()?.currency());
    section.check("purpose", r#"["learn", "parallel"]"#, |value| {
        value
            .list()?
            .into_iter()
            .try_for_each(|item| item.text()?.choice(PURPOSES))
    });
    section.finish();
    ClusterTable {
        name,
        user,
        timezone,
        authorized_keys: keys.into_iter().filter_map(key).collect(),
    }
}

fn user(text: &Text<'_>) -> Option<UserName> {
    if TAKEN.contains(&text.value) {
        let title = format!("the account `{text}` belongs to the system");
        let help = "choose another name, such as `pi`; it may become root with `sudo`";
        return text.fail("invalid-user", title, "taken on every node", help);
    }
    text.name()
}
