//! The words for why a node gave no answer. Not in here: deciding that it gave
//! none.

use std::io;
use std::time::Duration;

use bramble_cluster::NodeName;
use bramble_converge::Unreachable;
use russh::ChannelOpenFailure;

pub(crate) fn stranger(node: &NodeName) -> Unreachable {
    Unreachable::NoAnswer {
        address: node.to_string(),
        reason: "the node is not in the address book".to_owned(),
    }
}

pub(crate) fn no_answer(address: String, error: &io::Error) -> Unreachable {
    Unreachable::NoAnswer {
        address,
        reason: error.to_string(),
    }
}

/// The node in between is reached and does not reach `address`.
pub(crate) fn no_tunnel(via: &NodeName, address: &str, why: &ChannelOpenFailure) -> Unreachable {
    let reason = match why {
        ChannelOpenFailure::AdministrativelyProhibited => {
            format!("{via} allows no jumps; set AllowTcpForwarding in its sshd_config")
        }
        ChannelOpenFailure::ConnectFailed => {
            format!("{via} cannot connect to it; is it on, and on the same network?")
        }
        other => format!("{via} opens no way to it: {}", other.description()),
    };
    Unreachable::NoAnswer {
        address: address.to_owned(),
        reason,
    }
}

/// Whole seconds, rounded up: "0 s" would say nothing.
pub(crate) fn too_slow(what: String, limit: Duration) -> Unreachable {
    Unreachable::TooSlow {
        what,
        seconds: limit.as_secs() + u64::from(limit.subsec_nanos() > 0),
    }
}

/// The server answers, and starts nothing more on this connection.
pub(crate) fn no_session() -> Unreachable {
    Unreachable::Lost(
        "the node starts no more commands at once; wait for others to end, or raise MaxSessions \
         in its sshd_config"
            .to_owned(),
    )
}

pub(crate) fn silent() -> Unreachable {
    Unreachable::Lost("nothing was heard from the other side".to_owned())
}

pub(crate) fn lost(error: &russh::Error) -> Unreachable {
    Unreachable::Lost(explain(error))
}

/// What another machine said, in which nothing can disturb a terminal.
pub(crate) fn harmless(told: &str) -> String {
    told.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

/// The library's words where they serve, plainer ones where they do not.
pub(crate) fn explain(error: &russh::Error) -> String {
    match error {
        russh::Error::Disconnect | russh::Error::HUP | russh::Error::SendError => {
            "the other side closed it".to_owned()
        }
        russh::Error::KeepaliveTimeout | russh::Error::InactivityTimeout => {
            "nothing was heard from the other side for a minute".to_owned()
        }
        error => harmless(&error.to_string()),
    }
}
