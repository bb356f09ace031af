//! What can be done where no SSH server answered. Not in here: what nodes that are nodes
//! already can need, which `advice` knows.

use std::io;
use std::net::IpAddr;

use bramble_cluster::NodeName;
use bramble_converge::Unreachable;
use rustix::io::Errno;

use super::order::Order;

/// Hints for whoever wanted to adopt a machine as `node` and got no answer.
pub(crate) fn hints(order: &Order<'_>, node: &NodeName, why: &Unreachable) -> Vec<String> {
    match why {
        Unreachable::NoAnswer { reason, .. } if is_refusal(reason) => vec![
            "a machine is there, and no SSH server: start that at its own screen and keyboard, \
             `sudo systemctl enable --now ssh` on Debian and Raspberry Pi OS"
                .to_owned(),
            format!("or it listens elsewhere: `{}`", order.at_another_port(node)),
        ],
        Unreachable::NoAnswer { reason, .. } if is_unknown(order.host, reason) => vec![format!(
            "is {} the right name? Its IP address does as well: `bramble discover` shows those \
             of boards on the cluster's own network",
            order.host
        )],
        Unreachable::NoAnswer { .. } | Unreachable::TooSlow { .. } => vec![
            "is it on, and is that its address today? `bramble discover` shows boards on the \
             cluster's own network"
                .to_owned(),
        ],
        _ => Vec::new(),
    }
}

/// Whether these are the system's words for a port at which nobody listens.
fn is_refusal(reason: &str) -> bool {
    reason == io::Error::from(Errno::CONNREFUSED).to_string()
}

/// Whether `host` is a name that nobody knew: what goes wrong on the way to an address has
/// a number of the system.
fn is_unknown(host: &str, reason: &str) -> bool {
    host.parse::<IpAddr>().is_err() && !reason.contains("(os error ")
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream, ToSocketAddrs as _};

    use super::*;

    fn told(host: &str, reason: &str) -> String {
        let order = Order {
            host,
            port: 2299,
            user: None,
            key: None,
            fingerprint: None,
        };
        let why = Unreachable::NoAnswer {
            address: "somewhere".to_owned(),
            reason: reason.to_owned(),
        };
        hints(&order, &"node3".parse().unwrap(), &why).join("\n")
    }

    #[test]
    fn where_nobody_listens_a_server_or_another_port_is_wanted() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let refused = TcpStream::connect(address).unwrap_err().to_string();
        let told = told("127.0.0.1", &refused);
        assert!(told.contains("systemctl enable --now ssh"), "{told}");
        assert!(
            told.ends_with("`bramble adopt node3 --address 127.0.0.1 --port PORT`"),
            "{told}"
        );
    }

    #[test]
    fn a_name_that_nobody_knows_is_told_from_a_machine_that_is_off() {
        // A name that cannot be one: nobody is asked for it.
        let unknown = ("a".repeat(300), 22).to_socket_addrs().unwrap_err();
        let named = told("raspberypi.local", &unknown.to_string());
        assert!(named.starts_with("is raspberypi.local the right name?"));
        let off = io::Error::from(Errno::HOSTUNREACH).to_string();
        for host in ["raspberrypi.local", "192.168.1.57"] {
            let told = told(host, &off);
            assert!(
                told.starts_with("is it on, and is that its address"),
                "{told}"
            );
        }
    }
}
