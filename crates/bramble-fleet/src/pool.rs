//! The connections that are kept, one a node, and the ways between them. Not in
//! here: what is sent over them.

use std::collections::BTreeMap;
use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use bramble_cluster::NodeName;
use bramble_converge::Unreachable;
use russh::client::Msg;
use russh::{Channel, ChannelStream};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, sleep, timeout};

use crate::book::{Route, Way, address};
use crate::connection::{Carries, Connection, Kept, Purpose, Stream, Terms};
use crate::dial;
use crate::login::Login;
use crate::reason;

/// Handshakes at the same time. More gain nothing: they are bound by the
/// processors, and each waits with a socket open.
const HANDSHAKES: usize = 64;

/// How long a node that is logged in to may take to answer at all.
const ECHO: Duration = Duration::from_secs(2);

/// Connections that stay open when their command has ended. With more nodes, each
/// that is done makes room: a thousand take about 70 MB.
const KEPT: usize = 1000;

/// Every node's connection, as far as there is one.
pub(crate) struct Pool {
    places: BTreeMap<NodeName, Place>,
    login: Login,
    handshakes: Semaphore,
    open: AtomicUsize,
    marks: AtomicU64,
    /// A random number.
    name: u64,
}

struct Place {
    route: Route,
    commands: Mutex<State>,
    tunnels: Mutex<State>,
}

enum State {
    Idle,
    Open(Kept),
    Failed { at: Instant, reason: Unreachable },
}

/// Who asks for a connection, and on which terms.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// An attempt that failed after this counts as this one, so that all who wait
    /// for the head fail with it at once instead of trying it one after the other.
    pub(crate) since: Instant,
    /// How long each connection may take, from its first packet to the login.
    pub(crate) limit: Duration,
    /// The socket of an ssh-agent.
    pub(crate) agent: Option<Arc<Path>>,
}

/// A channel, and the connection it belongs to.
pub(crate) struct Opened {
    pub(crate) channel: Channel<Msg>,
    pub(crate) connection: Kept,
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

impl From<Unreachable> for NoChannel {
    fn from(reason: Unreachable) -> Self {
        Self::Node(reason)
    }
}

impl Purpose<'_> {
    fn carried_by(self) -> Carries {
        match self {
            Self::Command => Carries::Commands,
            Self::Tunnel { .. } => Carries::Tunnels,
        }
    }
}

impl Place {
    fn state(&self, carries: Carries) -> &Mutex<State> {
        match carries {
            Carries::Commands => &self.commands,
            Carries::Tunnels => &self.tunnels,
        }
    }
}

/// Boxed, since opening a channel may need a connection that needs a channel.
type Pending<'a> = Pin<Box<dyn Future<Output = Result<Opened, NoChannel>> + Send + 'a>>;

impl Pool {
    pub(crate) fn new(routes: BTreeMap<NodeName, Route>, login: Login) -> Self {
        let place = |route| Place {
            route,
            commands: Mutex::new(State::Idle),
            tunnels: Mutex::new(State::Idle),
        };
        Self {
            places: routes
                .into_iter()
                .map(|(node, route)| (node, place(route)))
                .collect(),
            login,
            handshakes: Semaphore::new(HANDSHAKES),
            open: AtomicUsize::new(0),
            marks: AtomicU64::new(0),
            name: random(),
        }
    }

    /// A word that no other command on a node is known by, whoever asked for it,
    /// and that no other such word begins with.
    pub(crate) fn mark(&self) -> String {
        let nth = self.marks.fetch_add(1, Ordering::Relaxed);
        format!("bramble-{:016x}-{nth:016x}", self.name)
    }

    /// Where the node is, as messages say it.
    pub(crate) fn address(&self, node: &NodeName) -> String {
        self.places
            .get(node)
            .map_or_else(|| node.to_string(), |place| place.route.address())
    }

    /// Makes sure that `node` answers now, whatever is kept.
    pub(crate) async fn check(&self, node: &NodeName, ask: &Ask) -> Result<(), Unreachable> {
        let connection = self.connection(node, Carries::Commands, ask).await?;
        if connection.answers(ECHO).await {
            return Ok(());
        }
        self.forget(node, Carries::Commands, &connection).await;
        Err(reason::silent())
    }

    /// Lets go of the connection for commands if too many are open.
    pub(crate) async fn put_back(&self, node: &NodeName) {
        if self.open.load(Ordering::Relaxed) <= KEPT {
            return;
        }
        let Ok(place) = self.place(node) else { return };
        self.let_go(&mut *place.commands.lock().await);
    }

    fn let_go(&self, state: &mut State) {
        if let State::Open(_) = std::mem::replace(state, State::Idle) {
            self.open.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// The connection to `node`: the one that is kept, or a new one.
    async fn connection(
        &self,
        node: &NodeName,
        carries: Carries,
        ask: &Ask,
    ) -> Result<Kept, Unreachable> {
        let place = self.place(node)?;
        let mut state = place.state(carries).lock().await;
        match &*state {
            State::Open(connection) if !connection.is_closed() => {
                return Ok(Arc::clone(connection));
            }
            State::Failed { at, reason } if *at > ask.since => return Err(reason.clone()),
            _ => self.let_go(&mut state),
        }
        match self.connect(&place.route, carries, ask).await {
            Ok(connection) => {
                let connection = Arc::new(connection);
                *state = State::Open(Arc::clone(&connection));
                self.open.fetch_add(1, Ordering::Relaxed);
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

    /// Opens a channel to `node`. A kept connection may have died unnoticed; as
    /// nothing was asked of the node yet, one new connection is tried.
    pub(crate) fn open<'a>(
        &'a self,
        node: &'a NodeName,
        purpose: Purpose<'a>,
        ask: &'a Ask,
    ) -> Pending<'a> {
        Box::pin(async move {
            let carries = purpose.carried_by();
            let connection = self.connection(node, carries, ask).await?;
            match open_on(&connection, node, purpose, ask.limit).await {
                Err(NoChannel::Node(_)) => {
                    self.forget(node, carries, &connection).await;
                    let connection = self.connection(node, carries, ask).await?;
                    open_on(&connection, node, purpose, ask.limit).await
                }
                outcome => outcome,
            }
        })
    }

    async fn forget(&self, node: &NodeName, carries: Carries, connection: &Kept) {
        let Ok(place) = self.place(node) else { return };
        let mut state = place.state(carries).lock().await;
        if matches!(&*state, State::Open(kept) if Arc::ptr_eq(kept, connection)) {
            self.let_go(&mut state);
        }
    }

    async fn connect(
        &self,
        route: &Route,
        carries: Carries,
        ask: &Ask,
    ) -> Result<Connection, Unreachable> {
        match &route.way {
            Way::Direct => {
                let stream = dial::direct(&route.host, route.port);
                self.handshake(route, stream, carries, ask).await
            }
            Way::Namespace { path, address } => {
                let address = SocketAddr::new(*address, route.port);
                let stream = dial::from_namespace(path.clone(), address, ask.limit);
                self.handshake(route, stream, carries, ask).await
            }
            Way::Jump(via) => {
                let tunnel = self.tunnel(via, route, ask).await?;
                self.handshake(route, ready(Ok(tunnel)), carries, ask).await
            }
        }
    }

    async fn handshake<S: Stream>(
        &self,
        route: &Route,
        stream: impl Future<Output = io::Result<S>>,
        carries: Carries,
        ask: &Ask,
    ) -> Result<Connection, Unreachable> {
        // A tunnel stands before this: its own connection may have needed a permit.
        let _permit = self.handshakes.acquire().await;
        let terms = Terms {
            carries,
            agent: ask.agent.as_deref(),
        };
        let established = async {
            let no_answer = |error| reason::no_answer(route.address(), &error);
            let stream = Box::new(stream.await.map_err(no_answer)?);
            Connection::establish(stream, &route.pinned, &self.login, terms).await
        };
        timeout(ask.limit, established).await.unwrap_or_else(|_| {
            Err(reason::too_slow(
                format!("connecting to {}", route.address()),
                ask.limit,
            ))
        })
    }

    pub(crate) async fn tunnel(
        &self,
        via: &NodeName,
        route: &Route,
        ask: &Ask,
    ) -> Result<ChannelStream<Msg>, Unreachable> {
        let purpose = Purpose::Tunnel {
            host: &route.host,
            port: route.port,
        };
        match self.open(via, purpose, ask).await {
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

fn random() -> u64 {
    use russh::keys::key::safe_rng;
    use russh::keys::ssh_key::rand_core::Rng as _;
    safe_rng().next_u64()
}

async fn open_on(
    connection: &Kept,
    node: &NodeName,
    purpose: Purpose<'_>,
    limit: Duration,
) -> Result<Opened, NoChannel> {
    let opened = tokio::select! {
        opened = connection.open(purpose) => opened,
        () = silence(connection) => return Err(NoChannel::Node(reason::silent())),
        () = sleep(limit) => return Err(too_late(node, purpose, limit)),
    };
    match (opened, purpose) {
        (Ok(channel), _) => Ok(Opened {
            channel,
            connection: Arc::clone(connection),
        }),
        (Err(russh::Error::ChannelOpenFailure(why)), Purpose::Tunnel { host, port }) => Err(
            NoChannel::Beyond(reason::no_tunnel(node, &address(host, port), &why)),
        ),
        (Err(russh::Error::ChannelOpenFailure(_)), Purpose::Command) => {
            Err(NoChannel::Beyond(reason::no_session()))
        }
        (Err(error), _) => Err(NoChannel::Node(reason::lost(&error))),
    }
}

/// Ends when the other side seems to be gone: a node whose power was cut does not
/// say so, and a kept connection to it looks like any other.
async fn silence(connection: &Kept) {
    loop {
        sleep(ECHO).await;
        if !connection.answers(ECHO).await {
            return;
        }
    }
}

fn too_late(node: &NodeName, purpose: Purpose<'_>, limit: Duration) -> NoChannel {
    match purpose {
        Purpose::Tunnel { host, port } => {
            let what = format!("connecting from {node} to {}", address(host, port));
            NoChannel::Beyond(reason::too_slow(what, limit))
        }
        Purpose::Command => NoChannel::Node(reason::silent()),
    }
}
