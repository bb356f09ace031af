//! Which host key a node shows, seen without naming an account or logging in to
//! it. Not in here: whether to believe it.

use std::borrow::Cow;
use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use bramble_cluster::NodeName;
use bramble_converge::Unreachable;
use russh::client::{self, Handler};
use russh::keys::{Algorithm, EcdsaCurve, PublicKey, PublicKeyOrCertificate};
use russh::{AlgorithmKind, Preferred};
use tokio::time::{Instant, sleep, timeout};

use crate::book::{AddressBook, Route, Way, routes};
use crate::cut::Stream;
use crate::dial;
use crate::errand::Pace;
use crate::login::{Identity, Login};
use crate::own::{GLANCE, runtime};
use crate::pool::{Ask, Pool};
use crate::reason;

/// The types that can be pinned, best first.
const TYPES: &[Algorithm] = &[
    Algorithm::Ed25519,
    Algorithm::Ecdsa {
        curve: EcdsaCurve::NistP256,
    },
    Algorithm::Ecdsa {
        curve: EcdsaCurve::NistP384,
    },
    Algorithm::Ecdsa {
        curve: EcdsaCurve::NistP521,
    },
];

/// Asks the node for its host key and hangs up: the public key that it shows, on
/// one line. That it has the private half is checked. Nodes in between are logged
/// in to as ever, each by its pinned key. Once `stop` is true, it comes back at
/// once.
pub fn look(
    book: &AddressBook,
    identity: &Identity,
    node: &NodeName,
    stop: &AtomicBool,
) -> Result<String, Unreachable> {
    let not_made = |error: &dyn std::fmt::Display| Unreachable::Lost(error.to_string());
    let all = || routes(book).map_err(|error| not_made(&error));
    let route = all()?.remove(node).ok_or_else(|| reason::stranger(node))?;
    let login = Login::new(identity).map_err(|error| not_made(&error))?;
    let pool = Pool::new(all()?, login);
    let runtime = runtime().map_err(|error| not_made(&error))?;
    let ask = Ask {
        since: Instant::now(),
        limit: Pace::default().connect,
        agent: identity.agent.as_deref().map(Arc::from),
    };
    let shown = runtime.block_on(async {
        tokio::select! {
            shown = reach(&pool, &route, &ask) => shown,
            () = stopped(stop) => Err(Unreachable::Interrupted),
        }
    });
    // The plain way would wait for a name that is still being resolved.
    runtime.shutdown_background();
    shown
}

async fn stopped(stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        sleep(GLANCE).await;
    }
}

async fn reach(pool: &Pool, route: &Route, ask: &Ask) -> Result<String, Unreachable> {
    let (address, limit) = (route.address(), ask.limit);
    let seen = async {
        match &route.way {
            Way::Direct => see(dial::direct(&route.host, route.port), &address).await,
            Way::Namespace {
                path,
                address: host,
            } => {
                let host = SocketAddr::new(*host, route.port);
                see(dial::from_namespace(path.clone(), host, limit), &address).await
            }
            Way::Jump(via) => {
                let tunnel = pool.tunnel(via, route, ask).await?;
                see(ready(Ok(tunnel)), &address).await
            }
        }
    };
    let too_slow = |_| Err(reason::too_slow(format!("connecting to {address}"), limit));
    // The way there has its own limit, one for each node on it.
    timeout(limit * 2, seen).await.unwrap_or_else(too_slow)
}

async fn see<S: Stream>(
    stream: impl Future<Output = io::Result<S>>,
    address: &str,
) -> Result<String, Unreachable> {
    let no_answer = |error| reason::no_answer(address.to_owned(), &error);
    let stream = stream.await.map_err(no_answer)?;
    let shown = Shown::default();
    let eye = Eye(Arc::clone(&shown));
    let refused = client::connect_stream(config(), stream, eye).await;
    match (shown.get(), refused.err()) {
        (Some(key), _) => key
            .to_openssh()
            .map_err(|error| Unreachable::Lost(error.to_string())),
        (None, Some(error)) => Err(nothing(&error)),
        (None, None) => Err(reason::silent()),
    }
}

fn nothing(error: &russh::Error) -> Unreachable {
    match error {
        russh::Error::NoCommonAlgo {
            kind: AlgorithmKind::Key,
            theirs,
            ..
        } => Unreachable::Lost(format!(
            "the node has no host key that can be pinned, only {}; make one there: \
             `ssh-keygen -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key`",
            reason::harmless(&theirs.join(", "))
        )),
        error => reason::lost(error),
    }
}

type Shown = Arc<OnceLock<PublicKey>>;

/// Takes down the key and says no, so that nothing else is told to the node.
struct Eye(Shown);

impl Handler for Eye {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        shown: &PublicKeyOrCertificate,
    ) -> Result<bool, russh::Error> {
        // Asked once a connection.
        drop(self.0.set(shown.public_key()));
        Ok(false)
    }
}

fn config() -> Arc<client::Config> {
    let preferred = Preferred {
        key: Cow::Borrowed(TYPES),
        ..Preferred::DEFAULT
    };
    Arc::new(client::Config {
        preferred,
        ..client::Config::default()
    })
}
