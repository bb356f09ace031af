//! What only people know and cards need: pass phrases and passwords. Kept in
//! `.bramble/keys`, so that cards can be compared with what they have to be. Not in here:
//! keys.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use bramble_card::order::Outside;
use bramble_cluster::cluster::{Medium, Node};
use bramble_cluster::{Cluster, NodeName, Secret};
use sha_crypt::{PasswordHasher as _, PasswordVerifier as _, ShaCrypt};

use crate::cluster_folder::ClusterFolder;
use crate::console::Console;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::safe_file;

/// Names the pass phrase of the wireless network for who has no terminal.
const WIFI: &str = "BRAMBLE_WIFI_PASSWORD";

/// Whether the account has a password.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct PasswordArgs {
    /// Ask for a password to log in with at a node's own screen
    ///
    /// Only its hash is kept, in .bramble/keys, and later cards get the same. Without it,
    /// the account has no password and is entered by key only.
    #[arg(long, conflicts_with = "no_password")]
    ask_password: bool,
    /// Forget the password that was asked for earlier: new cards have none
    #[arg(long)]
    no_password: bool,
}

/// What is done about the account's password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Password {
    /// It is asked for.
    Asked,
    /// The one of earlier is used, and that is said.
    Kept,
    /// The one of earlier is used.
    Known,
    /// There is none from now on.
    Dropped,
}

impl PasswordArgs {
    pub(crate) fn wish(self) -> Password {
        match (self.ask_password, self.no_password) {
            (true, _) => Password::Asked,
            (_, true) => Password::Dropped,
            _ => Password::Kept,
        }
    }
}

/// How what only people know is come by.
#[derive(Debug)]
pub(crate) struct Asking {
    /// Who can be asked, if anybody.
    pub(crate) desk: Option<Desk>,
    pub(crate) password: Password,
}

/// What only people know.
#[derive(Debug)]
pub(crate) struct Told {
    /// The pass phrases of wireless networks by their names. Open networks have none.
    phrases: BTreeMap<String, Option<Secret<String>>>,
    /// Of the account's password, for the nodes' own screens.
    pub(crate) password_hash: Option<Secret<String>>,
}

impl Told {
    /// All that the cards of `nodes` need, from the environment, from what is kept, or
    /// asked for.
    pub(crate) fn of(
        folder: &ClusterFolder,
        cluster: &Cluster,
        nodes: &[NodeName],
        asking: &Asking,
        console: &mut Console,
    ) -> Result<Self, Failure> {
        let of_nodes = nodes.iter().filter_map(|name| cluster.node(name));
        let networks: BTreeSet<&str> = of_nodes.filter_map(network).collect();
        Ok(Self {
            phrases: phrases(folder, &networks, asking, console)?,
            password_hash: password_hash(folder, asking, console)?,
        })
    }

    /// What `node` finds outside.
    pub(crate) fn outside(&self, node: &Node) -> Outside {
        let phrase = network(node).and_then(|network| self.phrases.get(network)?.clone());
        Outside::Real {
            wifi_password: phrase,
        }
    }
}

/// The wireless network that a node is in.
fn network(node: &Node) -> Option<&str> {
    match &node.uplink.as_ref()?.medium {
        Medium::Wifi(network) => Some(network),
        Medium::Ethernet(_) => None,
    }
}

/// The pass phrases of `networks`.
fn phrases(
    folder: &ClusterFolder,
    networks: &BTreeSet<&str>,
    asking: &Asking,
    console: &mut Console,
) -> Result<BTreeMap<String, Option<Secret<String>>>, Failure> {
    let mut phrases = BTreeMap::new();
    if networks.is_empty() {
        return Ok(phrases);
    }
    let path = folder.kept_folder("keys")?.join("wifi.json");
    let before = read_phrases(&path)?;
    let mut kept = before.clone();
    let given = given(std::env::var(WIFI).ok(), networks)?;
    // Who has just said it need not be told where it comes from.
    let is_told = given.is_none() && asking.password != Password::Known;
    if let Some(given) = given {
        kept.extend(
            networks
                .iter()
                .map(|network| ((*network).to_owned(), given.clone())),
        );
    }
    for network in networks {
        let phrase = match kept.get(*network) {
            Some(kept) => kept.clone(),
            None => asked(network, asking, console)?.expose().clone(),
        };
        valid(network, &phrase)?;
        if is_told && before.get(*network) == Some(&phrase) {
            console.hint(&format!(
                "the pass phrase of {network} is the one of earlier; if it is wrong, say the \
                 same again with `{WIFI}=...` before it"
            ));
        }
        kept.insert((*network).to_owned(), phrase.clone());
        let secret = (!phrase.is_empty()).then(|| Secret::new(phrase));
        phrases.insert((*network).to_owned(), secret);
    }
    if kept != before {
        let text = serde_json::to_vec(&kept).unwrap_or_default();
        safe_file::write(&path, &text)?;
    }
    Ok(phrases)
}

/// Of which network the environment's pass phrase is can be known only if there is one.
fn given(phrase: Option<String>, networks: &BTreeSet<&str>) -> Result<Option<String>, Failure> {
    if phrase.is_none() || networks.len() == 1 {
        return Ok(phrase);
    }
    let named: Vec<_> = networks.iter().copied().collect();
    Err(Failure::new(
        Exit::Usage,
        format!(
            "{WIFI} is one pass phrase, and these nodes are in several wireless networks: {}",
            named.join(", ")
        ),
    )
    .hint("name the nodes of one network at a time, or go without it: each is asked for"))
}

/// What is kept, by the networks' names.
fn read_phrases(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let Some(text) = kept(path)? else {
        return Ok(BTreeMap::new());
    };
    serde_json::from_str(text.expose()).map_err(|_| {
        Failure::new(
            Exit::Host,
            format!("{} is not as bramble writes it", path.display()),
        )
        .hint("remove it: the pass phrases are asked for again")
    })
}

fn kept(path: &Path) -> Result<Option<Secret<String>>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file("read", path, &error)),
    }
}

fn asked(network: &str, asking: &Asking, console: &mut Console) -> Result<Secret<String>, Failure> {
    let question =
        format!("pass phrase of the wireless network `{network}` (none if it is open): ");
    let answer = match &asking.desk {
        Some(desk) => desk.ask_hidden(&question, console)?,
        None => None,
    };
    answer.ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            format!(
                "nobody is at a terminal to say the pass phrase of the wireless network `{network}`"
            ),
        )
        .hint(format!(
            "set {WIFI} to it; to nothing if the network is open"
        ))
    })
}

/// As IEEE 802.11 has them: 8 to 63 printable ASCII characters, or a key of 64
/// hexadecimal digits.
fn valid(network: &str, phrase: &str) -> Result<(), Failure> {
    let printable = phrase.chars().all(|c| (' '..='~').contains(&c));
    let key = phrase.len() == 64 && phrase.chars().all(|c| c.is_ascii_hexdigit());
    if phrase.is_empty() || key || (printable && (8..=63).contains(&phrase.len())) {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Usage,
        format!(
            "that is no pass phrase of the wireless network `{network}`: it has 8 to 63 \
             characters of ASCII"
        ),
    ))
}

/// The hash of the account's password, if there is one.
fn password_hash(
    folder: &ClusterFolder,
    asking: &Asking,
    console: &mut Console,
) -> Result<Option<Secret<String>>, Failure> {
    let path = folder.kept_folder("keys")?.join("password-hash");
    let kept = kept(&path)?;
    match (asking.password, kept) {
        (Password::Asked, kept) => ask_password(&path, kept, asking, console).map(Some),
        (Password::Dropped, kept) => {
            if kept.is_some() {
                fs::remove_file(&path).map_err(|error| Failure::file("remove", &path, &error))?;
            }
            Ok(None)
        }
        (Password::Kept, Some(kept)) => {
            console.say(
                "the account has the password that was asked for earlier; none: `--no-password`",
            );
            Ok(Some(kept))
        }
        (_, kept) => Ok(kept),
    }
}

fn ask_password(
    path: &Path,
    kept: Option<Secret<String>>,
    asking: &Asking,
    console: &mut Console,
) -> Result<Secret<String>, Failure> {
    let no_answer = || {
        Failure::new(
            Exit::Usage,
            "nobody is at a terminal to say the account's password",
        )
        .hint("leave `--ask-password` out: the account is then entered by key only")
    };
    let desk = asking.desk.as_ref().ok_or_else(no_answer)?;
    let mut ask = |question| desk.ask_hidden(question, console)?.ok_or_else(no_answer);
    let (password, again) = (ask("password of the account: ")?, ask("once more: ")?);
    if password != again || password.expose().is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            "the two are not the same, or empty",
        ));
    }
    // With another hash of the same password, cards made earlier would differ.
    if let Some(kept) = kept.filter(|kept| fits(password.expose(), kept.expose())) {
        return Ok(kept);
    }
    let hash = hashed(password.expose())?;
    safe_file::write(path, hash.expose().as_bytes())?;
    Ok(hash)
}

fn fits(password: &str, hash: &str) -> bool {
    let checked = ShaCrypt::default().verify_password(password.as_bytes(), hash);
    checked.is_ok()
}

/// As crypt(5) has it with SHA-512, which every system of the last fifteen years reads.
fn hashed(password: &str) -> Result<Secret<String>, Failure> {
    let mut salt = [0; 12];
    let drawn = rustix::rand::getrandom(&mut salt, rustix::rand::GetRandomFlags::empty());
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(
            Exit::Host,
            format!("the password cannot be hashed: {error}"),
        )
    };
    drawn.map_err(|error| failed(&error))?;
    let hash = ShaCrypt::default().hash_password_with_salt(password.as_bytes(), &salt);
    let hash = hash.map_err(|error| failed(&error))?;
    Ok(Secret::new(hash.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_access_point_takes_is_no_pass_phrase() {
        let is = |text: &str| valid("Home", text).is_ok();
        assert!(is("") && is("12345678") && is(&"f".repeat(64)));
        assert!(!is("1234567") && !is(&"x".repeat(64)) && !is("pässwört1"));
    }

    #[test]
    fn one_pass_phrase_given_is_not_that_of_two_networks() {
        let phrase = || Some("12345678".to_owned());
        let (one, two) = (BTreeSet::from(["Home"]), BTreeSet::from(["Home", "Lab"]));
        assert_eq!(given(phrase(), &one).unwrap(), phrase());
        assert_eq!(given(None, &two).unwrap(), None);
        let refused = given(phrase(), &two).unwrap_err().to_string();
        assert!(refused.ends_with("Home, Lab"), "{refused}");
    }

    #[test]
    fn a_password_fits_its_own_hash_and_no_other() {
        let hash = hashed("correct horse").unwrap();
        assert!(fits("correct horse", hash.expose()));
        assert!(!fits("correct house", hash.expose()));
        assert!(!fits("correct horse", "nonsense"));
    }
}
