//! What was typed about a machine that is to become a node, and how to type it again.
//! Not in here: reaching it.

use std::fmt::Write as _;
use std::net::Ipv6Addr;
use std::path::Path;

use bramble_cluster::{NodeName, UserName};

use crate::aim::word;

/// Where SSH servers listen unless they are told otherwise.
pub(crate) const SSH_PORT: u16 = 22;

/// What was typed about the machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    /// The account there; the cluster's own if none was named.
    pub(crate) user: Option<&'a UserName>,
    pub(crate) key: Option<&'a Path>,
    /// The fingerprint that its host key must have, instead of somebody being asked.
    pub(crate) fingerprint: Option<&'a str>,
}

impl Order<'_> {
    /// The command to type again for the same machine, without a fingerprint: whoever has
    /// seen a wrong one should not find it there.
    pub(crate) fn again(&self, node: &NodeName) -> String {
        let port = (self.port != SSH_PORT).then(|| self.port.to_string());
        self.typed(node, port.as_deref())
    }

    /// The same for somebody who knows another port.
    pub(crate) fn at_another_port(&self, node: &NodeName) -> String {
        self.typed(node, Some("PORT"))
    }

    fn typed(&self, node: &NodeName, port: Option<&str>) -> String {
        let mut command = format!("bramble adopt {node} --address {}", word(self.host));
        let user = self.user.map(ToString::to_string);
        let key = self.key.map(|key| key.display().to_string());
        let options = [
            ("--user", user.as_deref()),
            ("--port", port),
            ("--identity", key.as_deref()),
        ];
        for (option, value) in options {
            if let Some(value) = value {
                // Writing to a string cannot fail.
                write!(command, " {option} {}", word(value)).ok();
            }
        }
        command
    }
}

/// Where a machine is, as messages say it: with the port where that is not everybody's.
pub(crate) fn place(host: &str, port: u16) -> String {
    match port {
        SSH_PORT => host.to_owned(),
        port if host.contains(':') => format!("[{host}]:{port}"),
        port => format!("{host}:{port}"),
    }
}

/// The name or address of a machine and nothing else. A port or an account is refused by
/// the option that it belongs to, since `[board:2299]:22` leads nowhere.
pub(crate) fn host(text: &str) -> Result<String, String> {
    if let Some((user, host)) = text.split_once('@') {
        return Err(format!(
            "the account is said by itself: write `--address {} --user {}`",
            word(host),
            word(user)
        ));
    }
    let bare = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (host, rest) = match bare {
        Some((host, rest)) if is_ipv6(host) => (host, rest),
        Some(_) => return Err(no_host(text)),
        None if is_ipv6(text) => (text, ""),
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let port = match rest.strip_prefix(':') {
        Some(port) => port,
        None if rest.is_empty() && is_one_word(host) => return Ok(host.to_owned()),
        None => return Err(no_host(text)),
    };
    if port.contains(':') || !is_one_word(host) {
        return Err(no_host(text));
    }
    let port = port
        .parse::<u16>()
        .map_or("PORT".to_owned(), |port| port.to_string());
    Err(format!(
        "the port is said by itself: write `--address {} --port {port}`",
        word(host)
    ))
}

/// With its interface, where it is one of the link: `fe80::1%eth0`.
fn is_ipv6(text: &str) -> bool {
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    address.parse::<Ipv6Addr>().is_ok()
}

fn is_one_word(host: &str) -> bool {
    !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn no_host(text: &str) -> String {
    format!("`{text}` is no address: write a name, `192.168.1.57` or `fd00::57`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_again_leads_to_the_same_machine_as_the_same_account() {
        let (node, user) = ("node3".parse().unwrap(), "khadas".parse().unwrap());
        let plain = Order {
            host: "192.168.1.57",
            port: 22,
            user: None,
            key: None,
            fingerprint: Some("SHA256:x"),
        };
        assert_eq!(
            plain.again(&node),
            "bramble adopt node3 --address 192.168.1.57"
        );
        let all = Order {
            port: 2299,
            user: Some(&user),
            key: Some(Path::new("my keys/it's")),
            ..plain
        };
        assert_eq!(
            all.again(&node),
            "bramble adopt node3 --address 192.168.1.57 --user khadas --port 2299 \
             --identity 'my keys/it'\\''s'"
        );
        assert_eq!(
            plain.at_another_port(&node),
            "bramble adopt node3 --address 192.168.1.57 --port PORT"
        );
    }

    #[test]
    fn a_port_is_named_only_where_it_is_another() {
        assert_eq!(place("board", 22), "board");
        assert_eq!(place("board", 2299), "board:2299");
        assert_eq!(place("fe80::1%eth0", 22), "fe80::1%eth0");
        assert_eq!(place("::1", 2299), "[::1]:2299");
    }

    #[test]
    fn addresses_of_both_kinds_and_names_are_taken() {
        for (typed, host_of_it) in [
            ("192.168.1.57", "192.168.1.57"),
            ("raspberrypi.local", "raspberrypi.local"),
            ("::1", "::1"),
            ("[::1]", "::1"),
            (
                "fe80::dea6:32ff:fe01:203%eth0",
                "fe80::dea6:32ff:fe01:203%eth0",
            ),
            ("2001:db8::22", "2001:db8::22"),
        ] {
            assert_eq!(host(typed).as_deref(), Ok(host_of_it));
        }
    }

    #[test]
    fn a_port_or_an_account_in_an_address_names_the_option_for_it() {
        for (typed, option) in [
            ("127.0.0.1:2299", "--address 127.0.0.1 --port 2299`"),
            ("127.0.0.1:99999", "--address 127.0.0.1 --port PORT`"),
            ("board:", "--address board --port PORT`"),
            ("[::1]:2299", "--address ::1 --port 2299`"),
            ("khadas@board", "--address board --user khadas`"),
        ] {
            let refused = host(typed).unwrap_err();
            assert!(refused.ends_with(option), "{typed}: {refused}");
        }
    }

    #[test]
    fn what_can_be_no_address_is_refused() {
        for odd in [
            "",
            " ",
            "a b",
            "[::1",
            "[board]",
            "[::1]x",
            "fe80::1::2",
            ":22",
            "a\nb",
        ] {
            assert!(host(odd).unwrap_err().contains("is no address"), "{odd:?}");
        }
    }
}
