//! The connections that are kept, one a node, and the ways between them. Not in
//! here: what is sent over them.

use std::collections::BTreeMap;
use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bramble_cluster::NodeName;
use bramble_converge::Unreachable;
use russh::client::Msg;
use russh::{Channel, ChannelStream};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, timeout};

use crate::book::{Route, Way, address};
use crate::connection::{Connection, Ended, Purpose, Stream};
use crate::dial;
use crate::login::Login;
use crate::reason;

/// Handshakes at the same time. More gain nothing: they are bound by the
/// processors, and each waits with a socket open.
const HANDSHAKES: usize = 64;

/// How long a node that is logged in to may take to answer at all.
const ECHO: Duration = Duration::from_secs(2);

/// Every node's connection, as far as there is one.
pub(crate) struct Pool {
    places: BTreeMap<NodeName, Place>,
    login: Login,
    limit: Duration,
    handshakes: Semaphore,
}

struct Place {
    route: Route,
    state: Mutex<State>,
}

enum State {
    Idle,
    Open(Arc<Connection>),
    Failed { at: Instant, reason: Unreachable },
}

/// A channel, and where the reason will be found should its connection end.
pub(crate) struct Opened {
    pub(crate) channel: Channel<Msg>,
    pub(crate) ended: Ended,
}

/// Why there is no channel.
pub(crate) enum NoChannel {
    /// The node itself is not reached.
    Node(Unreachable),
    /// The node is reached, and cannot reach the next one.
    Beyond(Unreachable),
}

impl NoChannel {
    pub(crate) fn reason(self) -> Unreachable {
        match self {
            Self::Node(reason) | Self::Beyond(reason) => reason,
        }
    }
}

/// Boxed, since opening a channel may need a connection that needs a channel.
type Pending<'a> = Pin<Box<dyn Future<Output = Result<Opened, NoChannel>> + Send + 'a>>;

impl Pool {
    /// `limit` holds for each connection, from its first packet to the login.
    pub(crate) fn new(routes: BTreeMap<NodeName, Route>, login: Login, limit: Duration) -> Self {
        let place = |route| Place {
            route,
            state: Mutex::new(State::Idle),
        };
        Self {
            places: routes
                .into_iter()
                .map(|(node, route)| (node, place(route)))
                .collect(),
            login,
            limit,
            handshakes: Semaphore::new(HANDSHAKES),
        }
    }

    /// Where the node is, as messages say it.
    pub(crate) fn address(&self, node: &NodeName) -> String {
        self.places
            .get(node)
            .map_or_else(|| node.to_string(), |place| place.route.address())
    }

    /// The connection to `node`: the one that is kept, or a new one. An attempt
    /// that failed after `since` counts as this one, so that all who wait for the
    /// head fail with it at once instead of trying it one after the other.
    pub(crate) async fn connection(
        &self,
        node: &NodeName,
        since: Instant,
    ) -> Result<Arc<Connection>, Unreachable> {
        let place = self.place(node)?;
        let mut state = place.state.lock().await;
        match &*state {
            State::Open(connection) if !connection.is_closed() => {
                return Ok(Arc::clone(connection));
            }
            State::Failed { at, reason } if *at > since => return Err(reason.clone()),
            _ => {}
        }
        match self.connect(&place.route, since).await {
            Ok(connection) => {
                let connection = Arc::new(connection);
                *state = State::Open(Arc::clone(&connection));
                Ok(connection)
            }
            Err(reason) => {
                *state = State::Failed {
                    at: Instant::now(),
                    reason: reason.clone(),
                };
                Err(reason)
            }
        }
    }

    /// Makes sure that `node` answers now, whatever is kept.
    pub(crate) async fn check(&self, node: &NodeName, since: Instant) -> Result<(), Unreachable> {
        let connection = self.connection(node, since).await?;
        if connection.answers(ECHO).await {
            return Ok(());
        }
        self.forget(node, &connection).await;
        Err(reason::silent())
    }

    /// Opens a channel to `node`. A kept connection may have died unnoticed; as
    /// nothing was asked of the node yet, one new connection is tried.
    pub(crate) fn open<'a>(
        &'a self,
        node: &'a NodeName,
        purpose: Purpose<'a>,
        since: Instant,
    ) -> Pending<'a> {
        Box::pin(async move {
            let connection = self
                .connection(node, since)
                .await
                .map_err(NoChannel::Node)?;
            match self.open_on(&connection, node, purpose).await {
                Err(NoChannel::Node(_)) => {
                    self.forget(node, &connection).await;
                    let connection = self
                        .connection(node, since)
                        .await
                        .map_err(NoChannel::Node)?;
                    self.open_on(&connection, node, purpose).await
                }
                outcome => outcome,
            }
        })
    }

    async fn open_on(
        &self,
        connection: &Connection,
        node: &NodeName,
        purpose: Purpose<'_>,
    ) -> Result<Opened, NoChannel> {
        let opened = timeout(self.limit, connection.open(purpose)).await;
        match (opened, purpose) {
            (Ok(Ok(channel)), _) => Ok(Opened {
                channel,
                ended: connection.ended(),
            }),
            (Ok(Err(russh::Error::ChannelOpenFailure(why))), Purpose::Tunnel { host, port }) => {
                Err(NoChannel::Beyond(reason::no_tunnel(
                    node,
                    &address(host, port),
                    &why,
                )))
            }
            (Ok(Err(error)), _) => Err(NoChannel::Node(reason::lost(&error))),
            (Err(_), Purpose::Tunnel { host, port }) if connection.answers(ECHO).await => {
                let what = format!("connecting from {node} to {}", address(host, port));
                Err(NoChannel::Beyond(reason::too_slow(what, self.limit)))
            }
            (Err(_), _) => Err(NoChannel::Node(reason::silent())),
        }
    }

    async fn forget(&self, node: &NodeName, connection: &Arc<Connection>) {
        let Ok(place) = self.place(node) else { return };
        let mut state = place.state.lock().await;
        if matches!(&*state, State::Open(kept) if Arc::ptr_eq(kept, connection)) {
            *state = State::Idle;
        }
    }

    async fn connect(&self, route: &Route, since: Instant) -> Result<Connection, Unreachable> {
        match &route.way {
            Way::Direct => {
                self.handshake(route, dial::direct(&route.host, route.port))
                    .await
            }
            Way::Namespace { path, address } => {
                let address = SocketAddr::new(*address, route.port);
                let stream = dial::from_namespace(path.clone(), address, self.limit);
                self.handshake(route, stream).await
            }
            Way::Jump(via) => {
                let tunnel = self.tunnel(via, route, since).await?;
                self.handshake(route, ready(Ok(tunnel))).await
            }
        }
    }

    async fn handshake<S: Stream>(
        &self,
        route: &Route,
        stream: impl Future<Output = io::Result<S>>,
    ) -> Result<Connection, Unreachable> {
        // A tunnel stands before this: its own connection may have needed a permit.
        let _permit = self.handshakes.acquire().await;
        let established = async {
            let no_answer = |error| reason::no_answer(route.address(), &error);
            let stream = Box::new(stream.await.map_err(no_answer)?);
            Connection::establish(stream, &route.pinned, &self.login).await
        };
        timeout(self.limit, established).await.unwrap_or_else(|_| {
            Err(reason::too_slow(
                format!("connecting to {}", route.address()),
                self.limit,
            ))
        })
    }

    async fn tunnel(
        &self,
        via: &NodeName,
        route: &Route,
        since: Instant,
    ) -> Result<ChannelStream<Msg>, Unreachable> {
        let purpose = Purpose::Tunnel {
            host: &route.host,
            port: route.port,
        };
        match self.open(via, purpose, since).await {
            Ok(opened) => Ok(opened.channel.into_stream()),
            Err(NoChannel::Node(reason)) => Err(Unreachable::NoWay {
                via: via.clone(),
                reason: Box::new(reason),
            }),
            Err(NoChannel::Beyond(reason)) => Err(reason),
        }
    }

    fn place(&self, node: &NodeName) -> Result<&Place, Unreachable> {
        self.places.get(node).ok_or_else(|| reason::stranger(node))
    }
}
