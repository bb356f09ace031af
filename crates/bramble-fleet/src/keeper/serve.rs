//! The keeper's side: a socket, and rounds on the connections that are kept.
//! Not in here: the command's side (`client`).

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener as StdListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bramble_cluster::{Secret, UserName};
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{Instant, sleep};

use super::frame::{Fingerprint, Orders, ToCommand, ToKeeper, decode, encode};
use crate::book::{AddressBook, routes};
use crate::common_input::CommonInput;
use crate::descriptors;
use crate::errand::News;
use crate::error::FleetError;
use crate::login::{Identity, Login};
use crate::own::runtime;
use crate::pool::Pool;
use crate::round::{Round, WAITING};

/// How often the keeper looks whether it is still wanted.
const LOOK: Duration = Duration::from_secs(5);

/// What a keeper is to keep: where the nodes are, and with which key they are
/// logged in to. It holds the key, so it goes to the keeper through a pipe.
pub struct Commission {
    bytes: Secret<Vec<u8>>,
    fingerprint: Fingerprint,
}

#[derive(Serialize, Deserialize)]
struct Terms {
    book: AddressBook,
    user: String,
    key: Option<String>,
    fingerprint: Fingerprint,
}

/// Why there is no keeper.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    /// What came through the pipe is no commission.
    #[error("this is no commission for a keeper; bramble starts one by itself")]
    Commission,
    /// Book or key cannot be used.
    #[error(transparent)]
    Fleet(#[from] FleetError),
    /// Socket, lock or threads.
    #[error("the keeper cannot listen: {0}")]
    Io(#[from] io::Error),
}

impl Commission {
    pub(super) fn new(
        book: &AddressBook,
        identity: &Identity,
        build: &str,
    ) -> Result<Self, KeeperError> {
        let mut terms = Terms {
            book: book.clone(),
            user: identity.user.to_string(),
            key: identity.key.as_ref().map(|key| key.expose().clone()),
            fingerprint: Fingerprint::default(),
        };
        let all = postcard::to_stdvec(&terms).map_err(|_| KeeperError::Commission)?;
        let digest = Sha256::new().chain_update(build).chain_update(all);
        terms.fingerprint = digest.finalize().into();
        let bytes = postcard::to_stdvec(&terms).map_err(|_| KeeperError::Commission)?;
        Ok(Self {
            bytes: Secret::new(bytes),
            fingerprint: terms.fingerprint,
        })
    }

    /// What is to be written to the keeper's standard input.
    pub fn bytes(&self) -> &Secret<Vec<u8>> {
        &self.bytes
    }

    pub(super) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

impl std::fmt::Debug for Commission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Commission").finish_non_exhaustive()
    }
}

/// Keeps connections as `commission` says, for whoever of the same user asks at
/// `socket`, a path short enough for one. Calls `ready` when it listens, and comes
/// back when nothing has been asked for `idle`, when the socket is gone, or when
/// told to retire. Where a keeper is already there, it comes back at once.
pub fn serve(
    commission: &[u8],
    socket: &Path,
    idle: Duration,
    ready: impl FnOnce(),
) -> Result<(), KeeperError> {
    let terms: Terms = postcard::from_bytes(commission).map_err(|_| KeeperError::Commission)?;
    let user: UserName = terms.user.parse().map_err(|_| KeeperError::Commission)?;
    let identity = Identity {
        user,
        key: terms.key.map(Secret::new),
        // Whoever asks brings an agent. The key may be left to it.
        agent: Some(PathBuf::new()),
    };
    let pool = Pool::new(routes(&terms.book)?, Login::new(&identity)?);
    let Some(seat) = Seat::take(socket)? else {
        ready();
        return Ok(());
    };
    descriptors::raise();
    let runtime = runtime()?;
    let house = Arc::new(House {
        pool: Arc::new(pool),
        fingerprint: terms.fingerprint,
        guests: AtomicUsize::new(0),
        retiring: AtomicBool::new(false),
        changed: Notify::new(),
        away: watch::Sender::new(false),
    });
    let ended = runtime.block_on(async {
        let listener = UnixListener::from_std(seat.listener()?)?;
        ready();
        house.receive(listener, seat, idle).await;
        Ok(())
    });
    runtime.shutdown_background();
    ended
}

/// The right to be the keeper at a socket, and the socket.
struct Seat {
    socket: PathBuf,
    listener: StdListener,
    inode: u64,
    _lock: File,
}

impl Seat {
    fn take(socket: &Path) -> io::Result<Option<Self>> {
        let lock = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(socket.with_extension("lock"))?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Ok(None);
        }
        match fs::remove_file(socket) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = StdListener::bind(socket)?;
        fs::set_permissions(socket, fs::Permissions::from_mode(0o600))?;
        listener.set_nonblocking(true)?;
        Ok(Some(Self {
            inode: fs::symlink_metadata(socket)?.ino(),
            socket: socket.to_owned(),
            listener,
            _lock: lock,
        }))
    }

    fn listener(&self) -> io::Result<StdListener> {
        self.listener.try_clone()
    }

    /// Whether the socket is still this one.
    fn stands(&self) -> bool {
        fs::symlink_metadata(&self.socket).is_ok_and(|now| now.ino() == self.inode)
    }
}

impl Drop for Seat {
    /// The socket goes before the lock does, so that it is never a successor's.
    fn drop(&mut self) {
        if self.stands() {
            drop(fs::remove_file(&self.socket));
        }
    }
}

/// What all who ask share.
struct House {
    pool: Arc<Pool>,
    fingerprint: Fingerprint,
    guests: AtomicUsize,
    retiring: AtomicBool,
    /// A guest has gone, or the keeper is to retire.
    changed: Notify,
    /// Whether the socket is gone.
    away: watch::Sender<bool>,
}

impl House {
    async fn receive(self: &Arc<Self>, listener: UnixListener, seat: Seat, idle: Duration) {
        let mut quiet_since = Instant::now();
        while !self.retiring.load(Ordering::Acquire) && seat.stands() {
            tokio::select! {
                guest = listener.accept() => if let Ok((stream, _)) = guest {
                    self.let_in(stream);
                },
                () = self.changed.notified() => quiet_since = Instant::now(),
                () = sleep(LOOK.min(idle)) => {}
            }
            if self.guests.load(Ordering::Acquire) > 0 {
                quiet_since = Instant::now();
            }
            if quiet_since.elapsed() >= idle {
                break;
            }
        }
        drop(listener);
        drop(seat);
        self.away.send_replace(true);
        while self.guests.load(Ordering::Acquire) > 0 {
            self.changed.notified().await;
        }
    }

    /// Nobody but the user and root can open the socket, and root is asked to
    /// keep connections of its own.
    fn let_in(self: &Arc<Self>, stream: UnixStream) {
        let own = rustix::process::geteuid().as_raw();
        if !stream.peer_cred().is_ok_and(|peer| peer.uid() == own) {
            return;
        }
        let visit = Visit::of(Arc::clone(self));
        tokio::spawn(async move {
            // A guest that breaks off has nothing more to be told.
            drop(visit.0.entertain(stream).await);
        });
    }

    async fn entertain(&self, stream: UnixStream) -> io::Result<()> {
        let (mut reader, mut writer) = stream.into_split();
        loop {
            match hear(&mut reader).await? {
                ToKeeper::Hello(fingerprint) if fingerprint == self.fingerprint => {
                    say(&mut writer, &ToCommand::Welcome).await?;
                }
                ToKeeper::Hello(_) => {
                    self.retire().await;
                    return say(&mut writer, &ToCommand::Stranger).await;
                }
                ToKeeper::Retire => {
                    self.retire().await;
                    return Ok(());
                }
                ToKeeper::Round(orders) => return self.round(orders, reader, writer).await,
                ToKeeper::Input(_) | ToKeeper::InputEnded(_) | ToKeeper::Halt => {}
            }
        }
    }

    /// Comes back when the place is free for another.
    async fn retire(&self) {
        self.retiring.store(true, Ordering::Release);
        self.changed.notify_one();
        // The sender is part of the house.
        drop(self.away.subscribe().wait_for(|&away| away).await);
    }

    async fn round(
        &self,
        mut orders: Orders,
        reader: OwnedReadHalf,
        mut writer: OwnedWriteHalf,
    ) -> io::Result<()> {
        let (news, mut told) = mpsc::channel(WAITING);
        let (halt, halted) = watch::channel(false);
        let common = orders.common.then(|| Arc::new(CommonInput::new()));
        let errands = orders.errands();
        let round = Round {
            pool: Arc::clone(&self.pool),
            pace: orders.pace,
            agent: orders.agent,
            common: common.clone(),
            halted,
            news,
        };
        round.set_out(errands);
        let listening = tokio::spawn(listen(reader, halt, common.clone()));
        let ended = pass_on(&mut told, common.as_deref(), &mut writer).await;
        listening.abort();
        // What a guest has left behind is ended before the keeper may end.
        while told.recv().await.is_some() {}
        ended
    }
}

/// A guest that is counted, whatever becomes of it.
struct Visit(Arc<House>);

impl Visit {
    fn of(house: Arc<House>) -> Self {
        house.guests.fetch_add(1, Ordering::AcqRel);
        Self(house)
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.0.guests.fetch_sub(1, Ordering::AcqRel);
        self.0.changed.notify_one();
    }
}

/// Passes on what there is to tell, until all is told.
async fn pass_on(
    told: &mut mpsc::Receiver<(usize, News)>,
    common: Option<&CommonInput>,
    writer: &mut OwnedWriteHalf,
) -> io::Result<()> {
    let mut allowed = 0;
    loop {
        let more = async {
            match common {
                Some(common) => common.more_than(allowed).await,
                None => std::future::pending().await,
            }
        };
        let message = tokio::select! {
            news = told.recv() => match news {
                Some((errand, news)) => ToCommand::News(errand, news),
                None => return Ok(()),
            },
            more = more => {
                allowed = more;
                ToCommand::Allowed(more)
            }
        };
        say(writer, &message).await?;
    }
}

/// Listens to the rest of what a guest says. One that has gone wants nothing more.
async fn listen(
    mut reader: OwnedReadHalf,
    halt: watch::Sender<bool>,
    common: Option<Arc<CommonInput>>,
) {
    loop {
        match (hear(&mut reader).await, &common) {
            (Ok(ToKeeper::Input(bytes)), Some(common)) => common.push(&bytes),
            (Ok(ToKeeper::InputEnded(how)), Some(common)) => common.end(how),
            (Ok(ToKeeper::Halt) | Err(_), _) => {
                halt.send_replace(true);
                break;
            }
            (Ok(_), _) => {}
        }
    }
    halt.closed().await;
}

async fn hear(reader: &mut OwnedReadHalf) -> io::Result<ToKeeper> {
    let length = reader.read_u32_le().await?;
    let mut frame = vec![0; length as usize];
    reader.read_exact(&mut frame).await?;
    decode(&frame)
}

async fn say(writer: &mut OwnedWriteHalf, message: &ToCommand) -> io::Result<()> {
    writer.write_all(&encode(message)?).await
}
