//! The command's side: finding the keeper, or having one started, and a round
//! through it. Not in here: the keeper's side (`serve`).

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bramble_converge::Unreachable;
use bytes::Bytes;
use rustix::net::sockopt::socket_peercred;

use super::frame::{Frames, Orders, ToCommand, ToKeeper, encode};
use super::serve::Commission;
use crate::book::AddressBook;
use crate::common_input::pour;
use crate::errand::{News, Trip};
use crate::login::Identity;
use crate::own::GLANCE;

/// How long a keeper may take to say whether it is the one that is meant.
const PATIENCE: Duration = Duration::from_secs(2);

/// Starts a keeper with what it is to keep, and comes back when it listens.
pub type Launch = Box<dyn Fn(&Commission) -> io::Result<()> + Send + Sync>;

/// Where a keeper is, and how one is started.
pub struct Keeper {
    /// The folder of its socket, which nobody else may enter.
    pub folder: PathBuf,
    /// The name of the socket there.
    pub socket: String,
    /// The build of this program: keepers of others do not understand it.
    pub build: String,
    /// Starts one.
    pub launch: Launch,
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper")
            .field("folder", &self.folder)
            .field("socket", &self.socket)
            .finish_non_exhaustive()
    }
}

impl Keeper {
    /// A line to the keeper of these connections, which is started if there is none.
    /// Nothing where that fails: then one goes without.
    pub(crate) fn line(&self, book: &AddressBook, identity: &Identity) -> Option<Line> {
        let commission = Commission::new(book, identity, &self.build).ok()?;
        let open = || Line::open(self, identity.agent.clone());
        if let Some(mut line) = open() {
            let answer = line.answer(&commission);
            if matches!(answer, Some(ToCommand::Welcome)) {
                return Some(line);
            }
            // It is there, holds its place, and says nothing.
            if answer.is_none() && !line.ended {
                return None;
            }
        }
        (self.launch)(&commission).ok()?;
        let mut line = open()?;
        matches!(line.answer(&commission), Some(ToCommand::Welcome)).then_some(line)
    }

    /// Has the keeper end, if there is one: what it is connected to is going away.
    pub fn retire(&self) {
        let Some(mut line) = Line::open(self, None) else {
            return;
        };
        if line.say(&ToKeeper::Retire).is_ok() {
            // Its end of the line closes when it is out of the way.
            drop(line.stream.read(&mut [0]));
        }
    }
}

/// An open line to a keeper.
pub(crate) struct Line {
    stream: UnixStream,
    /// Two threads write, and a frame has to stay in one piece.
    writer: Arc<Mutex<UnixStream>>,
    frames: Frames,
    agent: Option<PathBuf>,
    /// Whether the other end hung up at once.
    ended: bool,
}

impl Line {
    fn open(keeper: &Keeper, agent: Option<PathBuf>) -> Option<Self> {
        let folder = File::open(&keeper.folder).ok()?;
        // A socket's path has at most 107 bytes, which a folder's may well exceed.
        let short = format!("/proc/self/fd/{}/{}", folder.as_raw_fd(), keeper.socket);
        let stream = UnixStream::connect(short).ok()?;
        let theirs = socket_peercred(&stream).ok()?;
        // One that was stopped in its tracks says nothing.
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let writer = Arc::new(Mutex::new(stream.try_clone().ok()?));
        (theirs.uid == rustix::process::geteuid()).then(|| Self {
            stream,
            writer,
            frames: Frames::default(),
            agent,
            ended: false,
        })
    }

    fn say(&self, message: &ToKeeper) -> io::Result<()> {
        say(&self.writer, message)
    }

    /// What the keeper says to the first word.
    fn answer(&mut self, commission: &Commission) -> Option<ToCommand> {
        let said = self.say(&ToKeeper::Hello(commission.fingerprint()));
        let heard = said.and_then(|()| self.hear(&AtomicBool::new(true)));
        self.ended = heard.is_err();
        heard.ok().flatten()
    }

    /// What the keeper says next; nothing if that takes too long and there is a wish
    /// to stop.
    fn hear(&mut self, stop: &AtomicBool) -> io::Result<Option<ToCommand>> {
        loop {
            if let Some(message) = self.frames.next()? {
                return Ok(Some(message));
            }
            match self.frames.read(&mut self.stream) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if stop.load(Ordering::Relaxed) {
                        return Ok(None);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// See [`crate::Fleet::carry_out`].
    pub(crate) fn carry_out(
        mut self,
        trip: Trip<'_>,
        take: &mut dyn FnMut(usize, News),
    ) -> Result<(), Unreachable> {
        let (errands, common) = (trip.errands, trip.common);
        let orders = Orders::new(errands, trip.pace, self.agent.take(), common.is_some());
        self.say(&ToKeeper::Round(orders)).map_err(|e| gone(&e))?;
        let credit = Arc::<Credit>::default();
        if let Some(source) = common {
            self.pump(source, Arc::clone(&credit))
                .map_err(|error| Unreachable::NoInput(error.to_string()))?;
        }
        self.stream
            .set_read_timeout(Some(GLANCE))
            .map_err(|e| gone(&e))?;
        self.listen(errands.len(), &credit, trip.stop, take)
            .map_err(|e| gone(&e))
    }

    fn listen(
        &mut self,
        mut open: usize,
        credit: &Credit,
        stop: &AtomicBool,
        take: &mut dyn FnMut(usize, News),
    ) -> io::Result<()> {
        let nobody = AtomicBool::new(false);
        let mut halted = false;
        while open > 0 {
            if !halted && stop.load(Ordering::Relaxed) {
                self.say(&ToKeeper::Halt)?;
                halted = true;
            }
            match self.hear(if halted { &nobody } else { stop })? {
                Some(ToCommand::News(errand, news)) => {
                    open -= usize::from(matches!(news, News::Ended(_)));
                    take(errand, news);
                }
                Some(ToCommand::Allowed(allowed)) => credit.allow(allowed),
                Some(ToCommand::Welcome | ToCommand::Stranger) | None => {}
            }
        }
        Ok(())
    }

    /// Sends the common input from a thread of its own, which ends with it.
    fn pump(&self, mut source: Box<dyn Read + Send>, credit: Arc<Credit>) -> io::Result<()> {
        let writer = Arc::clone(&self.writer);
        let pump = move || {
            let how = pour(
                &mut *source,
                &mut |sent| credit.wait_for(sent),
                &mut |piece| say(&writer, &ToKeeper::Input(Bytes::copy_from_slice(piece))),
            );
            let how = how.map_err(|error| error.to_string());
            // A keeper that has gone is noticed where it is listened to.
            drop(say(&writer, &ToKeeper::InputEnded(how)));
        };
        std::thread::Builder::new()
            .name("bramble-input".to_owned())
            .spawn(pump)
            .map(drop)
    }
}

fn say(writer: &Mutex<UnixStream>, message: &ToKeeper) -> io::Result<()> {
    let frame = encode(message)?;
    // A frame that a panic cut off ends the round by itself.
    let mut stream = writer.lock().unwrap_or_else(PoisonError::into_inner);
    stream.write_all(&frame)
}

fn gone(error: &io::Error) -> Unreachable {
    Unreachable::Lost(format!(
        "the process that keeps the connections has ended ({error}); what was begun may still \
         run there"
    ))
}

/// How much of the common input the keeper has room for.
#[derive(Default)]
struct Credit {
    allowed: Mutex<u64>,
    more: Condvar,
}

impl Credit {
    fn allow(&self, allowed: u64) {
        *self.state() = allowed;
        self.more.notify_all();
    }

    fn wait_for(&self, sent: u64) {
        let more = self
            .more
            .wait_while(self.state(), |allowed| sent >= *allowed);
        drop(more.unwrap_or_else(PoisonError::into_inner));
    }

    /// A number is right after a panic, too.
    fn state(&self) -> MutexGuard<'_, u64> {
        self.allowed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
