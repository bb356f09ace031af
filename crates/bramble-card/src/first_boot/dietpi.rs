//! `DietPi`: `dietpi.txt`, of which it takes settings at the first boot, and a script that it
//! runs before the network is there, for what has no setting. Not in here: the script
//! (`script`).

use sha2::{Digest as _, Sha256};

use super::boot_files;
use super::format::{BootFile, BootPartition, Format, Reach};
use super::script::Script;
use crate::order::{Order, OrderError};

const NAME: &str = "DietPi";
/// Its first account, which its programs know by this name.
const ACCOUNT: &str = "dietpi";

pub(super) static FORMAT: Format = Format {
    name: NAME,
    documents: "DietPi documentation, how to do an automatic base installation; comments in dietpi.txt",
    reach: Reach::Everything,
    note: Some(
        "its first boot installs the SSH server over the internet, which takes minutes: \
         the gateway must be up by then",
    ),
    is_in: |partition: &BootPartition| partition.text("dietpi.txt").is_some(),
    files,
};

fn files(partition: &BootPartition, order: &Order<'_>) -> Result<Vec<BootFile>, OrderError> {
    if order.cluster.user.as_str() != ACCOUNT {
        return Err(OrderError::Account {
            node: order.node.name.clone(),
            format: NAME,
            own: ACCOUNT,
        });
    }
    let before = Script::default().host_key(order)?.hosts(order).sudo(order);
    let mut files = vec![
        BootFile::new("dietpi.txt", settings(partition, order)?),
        BootFile::new("Automation_Custom_PreScript.sh", before.finish()),
    ];
    if order.password_hash.is_some() {
        // Before that, it sets the password that all its installations share.
        let after = Script::default().account(order).finish();
        files.push(BootFile::new("Automation_Custom_Script.sh", after));
    }
    files.extend(boot_files::changed(partition, order, []));
    Ok(files)
}

fn settings(partition: &BootPartition, order: &Order<'_>) -> Result<Vec<u8>, OrderError> {
    let (gateway, dns) = order.only_network(NAME)?;
    let single = [
        ("AUTO_SETUP_GLOBAL_PASSWORD", nobodys_password(order)?),
        ("AUTO_SETUP_LOCALE", "C.UTF-8".to_owned()),
        ("AUTO_SETUP_TIMEZONE", order.cluster.timezone.clone()),
        ("AUTO_SETUP_NET_ETHERNET_ENABLED", "1".to_owned()),
        ("AUTO_SETUP_NET_WIFI_ENABLED", "0".to_owned()),
        ("AUTO_SETUP_NET_USESTATIC", "1".to_owned()),
        ("AUTO_SETUP_NET_STATIC_IP", order.node.address.to_string()),
        (
            "AUTO_SETUP_NET_STATIC_MASK",
            order.cluster.network.subnet.netmask().to_string(),
        ),
        ("AUTO_SETUP_NET_STATIC_GATEWAY", gateway.to_string()),
        ("AUTO_SETUP_NET_STATIC_DNS", dns.to_string()),
        ("AUTO_SETUP_NET_HOSTNAME", order.node.name.to_string()),
        // OpenSSH: Dropbear would make host keys of its own.
        ("AUTO_SETUP_SSH_SERVER_INDEX", "-2".to_owned()),
        ("AUTO_SETUP_AUTOMATED", "1".to_owned()),
        // Nobody is there to be asked.
        ("SURVEY_OPTED_IN", "0".to_owned()),
        ("SOFTWARE_DISABLE_SSH_PASSWORD_LOGINS", "1".to_owned()),
    ];
    let keys = order
        .authorized_keys()
        .map(|key| ("AUTO_SETUP_SSH_PUBKEY", key.to_owned()));
    let wanted: Vec<_> = single.into_iter().chain(keys).collect();
    let text = partition.text("dietpi.txt").unwrap_or_default();
    Ok(with(text, &wanted))
}

/// The image comes with a password that everybody knows. This one nobody does: it is made
/// of the host key.
fn nobodys_password(order: &Order<'_>) -> Result<String, OrderError> {
    let mut hash = Sha256::new();
    hash.update("bramble, the password that nobody knows\n");
    hash.update(order.host_key()?.private.expose());
    let digits = |byte: &u8| format!("{byte:02x}");
    Ok(hash.finalize().iter().take(16).map(digits).collect())
}

/// The file with these settings: where the first of a name stands, or at the end. Others of
/// the name go.
fn with(text: &[u8], wanted: &[(&str, String)]) -> Vec<u8> {
    let end: &[u8] = if text.windows(2).any(|pair| pair == b"\r\n") {
        b"\r\n"
    } else {
        b"\n"
    };
    let mut written: Vec<&str> = Vec::new();
    let mut result = Vec::new();
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let name = wanted.iter().map(|(name, _)| *name);
        match name.into_iter().find(|name| sets(line, name)) {
            None => result.extend_from_slice(line),
            Some(name) if written.contains(&name) => {}
            Some(name) => {
                written.push(name);
                push(&mut result, name, wanted, end);
            }
        }
    }
    if !result.is_empty() && !result.ends_with(b"\n") {
        result.extend_from_slice(end);
    }
    for (name, _) in wanted {
        if !written.contains(name) {
            written.push(name);
            push(&mut result, name, wanted, end);
        }
    }
    result
}

/// All values of the name.
fn push(result: &mut Vec<u8>, name: &str, wanted: &[(&str, String)], end: &[u8]) {
    for (_, value) in wanted.iter().filter(|(found, _)| *found == name) {
        result.extend_from_slice(name.as_bytes());
        result.push(b'=');
        result.extend_from_slice(value.as_bytes());
        result.extend_from_slice(end);
    }
}

/// Whether the line is about this setting, be it as an example.
fn sets(line: &[u8], name: &str) -> bool {
    let line = line.trim_ascii_start();
    let line = line.strip_prefix(b"#").unwrap_or(line);
    line.strip_prefix(name.as_bytes())
        .is_some_and(|rest| rest.starts_with(b"="))
}
