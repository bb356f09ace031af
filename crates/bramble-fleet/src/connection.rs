//! One SSH connection: the pinned host key, the algorithms, login, channels. Not
//! in here: which connection goes through which (`pool`).

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bramble_converge::Unreachable;
use russh::client::{self, DisconnectReason, Handle, Msg};
use russh::keys::{PublicKey, PublicKeyOrCertificate};
use russh::{AlgorithmKind, Channel, Preferred, cipher, kex};

use crate::cut::Cut;
use crate::keys;
use crate::login::Login;
use crate::reason;

/// A connection, as its users share it.
pub(crate) type Kept = Arc<Connection>;

/// What a channel is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose<'a> {
    /// One command.
    Command,
    /// The way to another node, which takes a connection that carries tunnels.
    Tunnel { host: &'a str, port: u16 },
}

/// What a connection is for, as a whole. A node in between has one of each kind:
/// what is fit for tunnels would take any amount of memory for commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carries {
    Commands,
    Tunnels,
}

/// The terms of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub(crate) carries: Carries,
    /// The socket of the ssh-agent of whoever asks.
    pub(crate) agent: Option<&'a Path>,
}

/// A connection that is logged in.
pub(crate) struct Connection {
    handle: Handle<Guard>,
    ended: Ended,
}

/// Why a connection ended, once it has.
type Ended = Arc<OnceLock<String>>;

impl Connection {
    /// Speaks SSH over `stream`: host key, key exchange, login.
    pub(crate) async fn establish(
        stream: Cut,
        pinned: &PublicKey,
        login: &Login,
        terms: Terms<'_>,
    ) -> Result<Self, Unreachable> {
        let ended = Ended::default();
        let guard = Guard {
            pinned: pinned.clone(),
            ended: Arc::clone(&ended),
        };
        let mut handle = client::connect_stream(config(pinned, terms.carries), stream, guard)
            .await
            .map_err(|breach| breach.explain(pinned))?;
        login
            .log_in(&mut handle, terms.agent)
            .await
            .map_err(|reason| match (reason, ended.get()) {
                (Unreachable::Lost(_), Some(told)) => Unreachable::Lost(told.clone()),
                (reason, _) => reason,
            })?;
        Ok(Self { handle, ended })
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.handle.is_closed()
    }

    /// Whether the other side still answers; a node whose power was cut does not
    /// say that it has gone.
    pub(crate) async fn answers(&self, limit: Duration) -> bool {
        let answered = tokio::time::timeout(limit, self.handle.send_ping()).await;
        matches!(answered, Ok(Ok(()))) && !self.is_closed()
    }

    /// Why the connection ended, once it has and if that is known.
    pub(crate) fn ended(&self) -> Option<String> {
        self.ended.get().cloned()
    }

    pub(crate) async fn open(&self, purpose: Purpose<'_>) -> Result<Channel<Msg>, russh::Error> {
        match purpose {
            Purpose::Command => self.handle.channel_open_session().await,
            Purpose::Tunnel { host, port } => {
                let port = u32::from(port);
                self.handle
                    .channel_open_direct_tcpip(host, port, "127.0.0.1", 0)
                    .await
            }
        }
    }
}

/// Lets nobody but the holder of the pinned key be the server.
struct Guard {
    pinned: PublicKey,
    ended: Ended,
}

impl client::Handler for Guard {
    type Error = Breach;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Breach> {
        match shown {
            PublicKeyOrCertificate::PublicKey { key, .. }
                if key.key_data() == self.pinned.key_data() =>
            {
                Ok(true)
            }
            other => Err(Breach::WrongKey {
                found: keys::print(&other.public_key()),
            }),
        }
    }

    async fn disconnected(&mut self, cause: DisconnectReason<Breach>) -> Result<(), Breach> {
        let told = match cause {
            DisconnectReason::ReceivedDisconnect(farewell) => reason::harmless(&farewell.message),
            DisconnectReason::Error(Breach::Ssh(error)) => reason::explain(&error),
            DisconnectReason::Error(Breach::WrongKey { found }) => {
                format!("the host key changed to {found} within the connection")
            }
        };
        // The first reason is the cause, should there ever be a second.
        drop(self.ended.set(told));
        Ok(())
    }
}

/// Why there is no connection.
#[derive(Debug)]
pub(crate) enum Breach {
    WrongKey { found: String },
    Ssh(russh::Error),
}

impl From<russh::Error> for Breach {
    fn from(error: russh::Error) -> Self {
        Self::Ssh(error)
    }
}

impl Breach {
    fn explain(self, pinned: &PublicKey) -> Unreachable {
        let wrong = |found| Unreachable::WrongHostKey {
            expected: keys::print(pinned),
            found,
        };
        match self {
            Self::WrongKey { found } => wrong(found),
            // Only the pinned key's type is asked for, so that no other key can be
            // shown; a server without one says which types it has.
            Self::Ssh(russh::Error::NoCommonAlgo {
                kind: AlgorithmKind::Key,
                theirs,
                ..
            }) => wrong(reason::harmless(&format!(
                "only keys of other types: {}",
                theirs.join(", ")
            ))),
            Self::Ssh(error) => reason::lost(&error),
        }
    }
}

/// AES-GCM is the cheapest for both sides with AES instructions, and the Pi 5
/// has them. sntrup761 would cost more than the rest of a connection together.
fn config(pinned: &PublicKey, carries: Carries) -> Arc<client::Config> {
    let preferred = Preferred {
        kex: Cow::Borrowed(&[
            kex::MLKEM768X25519_SHA256,
            kex::CURVE25519,
            kex::CURVE25519_PRE_RFC_8731,
            kex::EXTENSION_SUPPORT_AS_CLIENT,
            kex::EXTENSION_OPENSSH_STRICT_KEX_AS_CLIENT,
        ]),
        key: Cow::Owned(vec![pinned.algorithm()]),
        cipher: Cow::Borrowed(&[
            cipher::AES_256_GCM,
            cipher::CHACHA20_POLY1305,
            cipher::AES_256_CTR,
        ]),
        ..Preferred::DEFAULT
    };
    Arc::new(client::Config {
        preferred,
        keepalive_interval: Some(Duration::from_secs(15)),
        keepalive_max: 3,
        channel_buffer_size: match carries {
            // A reader that is slow halts the connection, and with it the command: a
            // quarter of a megabyte may wait.
            Carries::Commands => 8,
            // Halted for one node, the connection would halt all that are behind
            // it, and two that wait for each other's window would wait for ever.
            // What waits in a tunnel is bounded by the windows within it.
            Carries::Tunnels => 1 << 24,
        },
        ..client::Config::default()
    })
}
