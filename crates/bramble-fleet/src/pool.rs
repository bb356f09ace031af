//! The connections that are kept, one a node, and the ways between them. Not in
//! here: what is sent over them.

use std::collections::BTreeMap;
use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::time::Duration;

use bramble_cluster::NodeName;
use bramble_converge::Unreachable;
use russh::client::Msg;
use russh::{Channel, ChannelStream};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, sleep, timeout};

use crate::book::{Route, Way, address};
use crate::connection::{Carries, Connection, Kept, Purpose, Terms};
use crate::cut::{Cut, Stream};
use crate::dial;
use crate::login::Login;
use crate::reason;

/// Handshakes at the same time. More gain nothing: they are bound by the
/// processors, and each waits with a socket open.
const HANDSHAKES: usize = 64;

/// Servers at the same time that may take their time to say anything at all. It is
/// many, since a dead node is waited for in vain, and nobody else should wait too.
const CALLS: usize = 512;

/// How long a node that is logged in to may take to answer at all.
const ECHO: Duration = Duration::from_secs(2);

/// Connections that stay open when their command has ended. With more nodes, each
/// that is done makes room: a thousand take about 80 MB.
const KEPT: usize = 1000;

/// Those of one node.
const KEPT_BY_NODE: usize = 2;

/// Every node's connections, as far as there are any.
pub(crate) struct Pool {
    places: BTreeMap<NodeName, Place>,
    login: Login,
    /// Where somebody else logs in, and who.
    guest: Option<(NodeName, Login)>,
    calls: Semaphore,
    handshakes: Semaphore,
    kept: AtomicUsize,
    marks: AtomicU64,
    /// A random number.
    name: u64,
}

struct Place {
    route: Route,
    commands: Connections,
    tunnels: Connections,
}

/// The connections of one kind to one node. One for commands belongs to whoever
/// took it, since a slow reader halts it; those for tunnels are for all.
#[derive(Default)]
struct Connections {
    open: StdMutex<Vec<Kept>>,
    failed: StdMutex<Option<(Instant, Unreachable)>>,
    /// Whose turn it is to connect: servers dislike many at once.
    connecting: Mutex<()>,
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
    fn connections(&self, carries: Carries) -> &Connections {
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
            commands: Connections::default(),
            tunnels: Connections::default(),
        };
        Self {
            places: routes
                .into_iter()
                .map(|(node, route)| (node, place(route)))
                .collect(),
            login,
            guest: None,
            handshakes: Semaphore::new(HANDSHAKES),
            calls: Semaphore::new(CALLS),
            kept: AtomicUsize::new(0),
            marks: AtomicU64::new(0),
            name: random(),
        }
    }

    /// The same, with a guest who logs in to `node` in place of the cluster's account.
    pub(crate) fn with_guest(self, guest: Option<(NodeName, Login)>) -> Self {
        Self { guest, ..self }
    }

    /// Who logs in to `node`.
    fn login(&self, node: &NodeName) -> &Login {
        match &self.guest {
            Some((place, login)) if place == node => login,
            _ => &self.login,
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
            self.put_back(node, connection);
            return Ok(());
        }
        Err(reason::silent())
    }

    /// Keeps a connection for the next command, unless there are enough.
    pub(crate) fn put_back(&self, node: &NodeName, connection: Kept) {
        let Ok(place) = self.place(node) else { return };
        let mut open = locked(&place.commands.open);
        let room = open.len() < KEPT_BY_NODE && self.kept.load(Ordering::Relaxed) < KEPT;
        if room && !connection.is_closed() {
            self.kept.fetch_add(1, Ordering::Relaxed);
            open.push(connection);
        }
    }

    /// A connection that is there already.
    fn kept(&self, place: &Place, carries: Carries) -> Option<Kept> {
        let mut open = locked(&place.connections(carries).open);
        if carries == Carries::Tunnels {
            open.retain(|connection| !connection.is_closed());
            return open.last().cloned();
        }
        while let Some(connection) = open.pop() {
            self.kept.fetch_sub(1, Ordering::Relaxed);
            if !connection.is_closed() {
                return Some(connection);
            }
        }
        None
    }

    /// A connection to `node`: one that is kept, or a new one.
    async fn connection(
        &self,
        node: &NodeName,
        carries: Carries,
        ask: &Ask,
    ) -> Result<Kept, Unreachable> {
        let place = self.place(node)?;
        if let Some(kept) = self.kept(place, carries) {
            return Ok(kept);
        }
        let connections = place.connections(carries);
        let _turn = connections.connecting.lock().await;
        if let Some(kept) = self.kept(place, carries) {
            return Ok(kept);
        }
        if let Some((at, reason)) = &*locked(&connections.failed)
            && *at > ask.since
        {
            return Err(reason.clone());
        }
        match self.connect((node, &place.route), carries, ask).await {
            Ok(connection) => {
                let connection = Arc::new(connection);
                if carries == Carries::Tunnels {
                    locked(&connections.open).push(Arc::clone(&connection));
                }
                Ok(connection)
            }
            Err(reason) => {
                *locked(&connections.failed) = Some((Instant::now(), reason.clone()));
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
                    self.forget(node, carries, &connection);
                    let connection = self.connection(node, carries, ask).await?;
                    open_on(&connection, node, purpose, ask.limit).await
                }
                outcome => outcome,
            }
        })
    }

    /// Where one connection for commands has died, those kept beside it have too; one
    /// for tunnels may have been made anew by now.
    fn forget(&self, node: &NodeName, carries: Carries, connection: &Kept) {
        let Ok(place) = self.place(node) else { return };
        match carries {
            Carries::Commands => {
                let gone = std::mem::take(&mut *locked(&place.commands.open));
                self.kept.fetch_sub(gone.len(), Ordering::Relaxed);
            }
            Carries::Tunnels => {
                locked(&place.tunnels.open).retain(|kept| !Arc::ptr_eq(kept, connection));
            }
        }
    }

    async fn connect(
        &self,
        to: (&NodeName, &Route),
        carries: Carries,
        ask: &Ask,
    ) -> Result<Connection, Unreachable> {
        let (_, route) = to;
        match &route.way {
            Way::Direct => {
                let stream = dial::direct(&route.host, route.port);
                self.handshake(to, stream, carries, ask).await
            }
            Way::Namespace { path, address } => {
                let address = SocketAddr::new(*address, route.port);
                let stream = dial::from_namespace(path.clone(), address, ask.limit);
                self.handshake(to, stream, carries, ask).await
            }
            Way::Jump(via) => {
                let tunnel = self.tunnel(via, route, ask).await?;
                self.handshake(to, ready(Ok(tunnel)), carries, ask).await
            }
        }
    }

    async fn handshake<S: Stream>(
        &self,
        (node, route): (&NodeName, &Route),
        stream: impl Future<Output = io::Result<S>>,
        carries: Carries,
        ask: &Ask,
    ) -> Result<Connection, Unreachable> {
        let too_slow = |_| {
            let what = format!("connecting to {}", route.address());
            reason::too_slow(what, ask.limit)
        };
        let no_answer = |error| reason::no_answer(route.address(), &error);
        // A tunnel stands before this: its own connection may have needed permits.
        let call = self.calls.acquire().await;
        let answered = async {
            let (mut stream, hold) = Cut::new(Box::new(stream.await?));
            stream.listen().await.map(|()| (stream, hold))
        };
        let answered = timeout(ask.limit, answered).await.map_err(too_slow)?;
        let (stream, hold) = answered.map_err(no_answer)?;
        drop(call);
        let _permit = self.handshakes.acquire().await;
        let terms = Terms {
            carries,
            agent: ask.agent.as_deref(),
        };
        let established = Connection::establish(stream, &route.pinned, self.login(node), terms);
        let connection = timeout(ask.limit, established).await.map_err(too_slow)??;
        hold.release();
        Ok(connection)
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

/// What is kept is right after a panic, too.
fn locked<T>(mutex: &StdMutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
