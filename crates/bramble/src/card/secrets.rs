//! What only people know and cards need: pass phrases. Kept in `.bramble/keys`, so that
//! cards can be compared with what they have to be. Not in here: keys.

use std::fs;
use std::io;

use bramble_card::Outside;
use bramble_cluster::cluster::Medium;
use bramble_cluster::{Cluster, NodeName, Secret};

use crate::cluster_folder::ClusterFolder;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{hidden, safe_file};

/// Names the pass phrase of the wireless network for who has no terminal.
const WIFI: &str = "BRAMBLE_WIFI_PASSWORD";

/// What the nodes find outside. The pass phrase of a wireless network is taken from the
/// environment, from what is kept, or asked for.
pub(crate) fn outside(
    folder: &ClusterFolder,
    cluster: &Cluster,
    nodes: &[NodeName],
    console: &mut Console,
) -> Result<Outside, Failure> {
    let wireless = nodes
        .iter()
        .filter_map(|name| cluster.node(name))
        .find_map(|node| match &node.uplink.as_ref()?.medium {
            Medium::Wifi(network) => Some(network.as_str()),
            Medium::Ethernet(_) => None,
        });
    let wifi_password = match wireless {
        Some(network) => wifi(folder, network, console)?,
        None => None,
    };
    Ok(Outside::Real { wifi_password })
}

/// The pass phrase; an open network has none.
fn wifi(
    folder: &ClusterFolder,
    network: &str,
    console: &mut Console,
) -> Result<Option<Secret<String>>, Failure> {
    let path = folder.kept("keys")?.join("wifi");
    let given = std::env::var(WIFI).ok().map(Secret::new);
    let known = match given {
        Some(given) => Some(given),
        None => kept(&path)?,
    };
    let phrase = match known {
        Some(known) => known,
        None => asked(network, console)?,
    };
    let phrase = valid(phrase)?;
    safe_file::write(&path, phrase.expose().as_bytes())?;
    Ok((!phrase.expose().is_empty()).then_some(phrase))
}

fn kept(path: &std::path::Path) -> Result<Option<Secret<String>>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file("read", path, &error)),
    }
}

fn asked(network: &str, console: &mut Console) -> Result<Secret<String>, Failure> {
    let question = format!("pass phrase of the wireless network `{network}` (none if it is open): ");
    hidden::ask(&question, console)?.ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            format!("nobody is at a terminal to say the pass phrase of the wireless network `{network}`"),
        )
        .hint(format!("set {WIFI} to it; to nothing if the network is open"))
    })
}

/// As IEEE 802.11 has them: 8 to 63 printable ASCII characters, or a key of 64
/// hexadecimal digits.
fn valid(phrase: Secret<String>) -> Result<Secret<String>, Failure> {
    let text = phrase.expose();
    let printable = text.chars().all(|c| (' '..='~').contains(&c));
    let key = text.len() == 64 && text.chars().all(|c| c.is_ascii_hexdigit());
    if text.is_empty() || key || (printable && (8..=63).contains(&text.len())) {
        return Ok(phrase);
    }
    Err(Failure::new(
        Exit::Usage,
        "this is no pass phrase of a wireless network: it has 8 to 63 characters of ASCII",
    ))
}

/// The hash of the account's password for the nodes' own screens, if there is one: asked
/// for, or what was kept of an earlier answer.
pub(crate) fn password_hash(
    folder: &ClusterFolder,
    ask: bool,
    console: &mut Console,
) -> Result<Option<Secret<String>>, Failure> {
    let path = folder.kept("keys")?.join("password-hash");
    if !ask {
        return kept(&path);
    }
    let no_answer = || {
        Failure::new(
            Exit::Usage,
            "nobody is at a terminal to say the account's password",
        )
        .hint("leave `--ask-password` out: the account is then entered by key only")
    };
    let password = hidden::ask("password of the account: ", console)?.ok_or_else(no_answer)?;
    let again = hidden::ask("once more: ", console)?.ok_or_else(no_answer)?;
    if password != again || password.expose().is_empty() {
        return Err(Failure::new(Exit::Usage, "the two are not the same, or empty"));
    }
    let hash = hashed(password.expose())?;
    safe_file::write(&path, hash.expose().as_bytes())?;
    Ok(Some(hash))
}

/// As crypt(5) has it with SHA-512, which every system of the last fifteen years reads.
fn hashed(password: &str) -> Result<Secret<String>, Failure> {
    use sha_crypt::{PasswordHasher as _, ShaCrypt};
    let mut salt = [0; 12];
    let drawn = rustix::rand::getrandom(&mut salt, rustix::rand::GetRandomFlags::empty());
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(Exit::Host, format!("the password cannot be hashed: {error}"))
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
        let is = |text: &str| valid(Secret::new(text.to_owned())).is_ok();
        assert!(is("") && is("12345678") && is(&"f".repeat(64)));
        assert!(!is("1234567") && !is(&"x".repeat(64)) && !is("pässwört1"));
    }
}
