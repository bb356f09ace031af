//! `[cluster]`: what the cluster is called and whose it is. Not in here: the
//! shapes of time zones and keys (`timezone`, `authorized`).

use super::{authorized, timezone};
use crate::cluster::Purpose;
use crate::money::Currency;
use crate::name::{ClusterName, UserName};
use crate::reader::{Key, Kind, Section, Text, Value, names};

/// What the cluster may be for: question 1 of those before building.
const PURPOSES: &[(&str, Purpose)] = &[
    ("learn", Purpose::Learn),
    ("parallel", Purpose::Parallel),
    ("services", Purpose::Services),
    ("tasks", Purpose::Tasks),
];

/// The keys of `[cluster]`.
pub(super) const KEYS: &[Key] = &[
    Key::new(
        "name",
        Kind::Text,
        r#""garden""#,
        "a host name label; part of the domain, of Slurm's cluster name and of the twin's",
    )
    .required(),
    Key::new(
        "user",
        Kind::Text,
        r#""pi""#,
        "the account made on every node, with uid 1000 everywhere",
    )
    .or("\"pi\""),
    Key::new("timezone", Kind::Text, r#""Europe/London""#, "an IANA zone").or("\"Etc/UTC\""),
    Key::new(
        "authorized_keys",
        Kind::List(&Kind::Text),
        r#"["ssh-ed25519 AAAA... me"]"#,
        "more public keys that may log in, one OpenSSH line each",
    ),
    Key::new(
        "currency",
        Kind::Text,
        r#""USD""#,
        "of all prices in the file: an ISO 4217 code",
    ),
    Key::new(
        "purpose",
        Kind::List(&Kind::Choice(|| names(PURPOSES))),
        r#"["learn", "parallel"]"#,
        "what the cluster is for",
    ),
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
    pub(super) currency: Option<Currency>,
    pub(super) purpose: Vec<Purpose>,
}

/// Reads `[cluster]`.
pub(super) fn read(mut section: Section<'_>) -> ClusterTable {
    let name = section.get("name").and_then(|value| value.text()?.name());
    let user = section.get("user").and_then(|value| user(&value.text()?));
    let zone = section.get("timezone");
    let timezone = zone.and_then(|value| timezone::check(&value.text()?));
    let keys = section.get("authorized_keys");
    let keys = keys.and_then(Value::list).unwrap_or_default();
    let key = |value: Value<'_>| authorized::check(&value.text()?);
    let currency = section.get("currency");
    let currency = currency.and_then(|value| value.text()?.currency());
    let purpose = section.get("purpose").and_then(Value::list);
    let purposes = purpose.unwrap_or_default().into_iter();
    let purpose = purposes.filter_map(|item| item.text()?.choice(PURPOSES));
    let purpose = purpose.collect();
    section.finish();
    ClusterTable {
        name,
        user,
        timezone,
        authorized_keys: keys.into_iter().filter_map(key).collect(),
        currency,
        purpose,
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
