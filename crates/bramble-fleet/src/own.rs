//! Connections of this process's own, behind a blocking interface. Not in here:
//! what is done on them (`round`).

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bramble_cluster::NodeName;
use bramble_converge::Unreachable;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{mpsc, watch};

use crate::book::{AddressBook, routes};
use crate::common_input::{CommonInput, pour};
use crate::descriptors;
use crate::errand::{News, Trip};
use crate::error::FleetError;
use crate::login::{Guest, Identity, Login};
use crate::pool::Pool;
use crate::round::{Round, WAITING};

/// How often the wish to stop is looked at.
pub(crate) const GLANCE: Duration = Duration::from_millis(25);

/// A pool of connections, and the threads that serve them.
pub(crate) struct Own {
    pool: Arc<Pool>,
    agent: Option<PathBuf>,
    runtime: Option<Runtime>,
    handle: Handle,
}

impl Own {
    pub(crate) fn new(
        book: &AddressBook,
        identity: &Identity,
        guest: Option<&(NodeName, Guest)>,
    ) -> Result<Self, FleetError> {
        let guest = guest.map(|(node, guest)| (node.clone(), Login::guest(guest)));
        let pool = Pool::new(routes(book)?, Login::new(identity)?).with_guest(guest);
        descriptors::raise();
        let runtime = runtime().map_err(FleetError::Runtime)?;
        Ok(Self {
            pool: Arc::new(pool),
            agent: identity.agent.clone(),
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        })
    }

    /// See [`crate::Fleet::carry_out`].
    pub(crate) fn carry_out(
        &self,
        trip: Trip<'_>,
        take: &mut dyn FnMut(usize, News),
    ) -> Result<(), Unreachable> {
        let (news, mut told) = mpsc::channel(WAITING);
        let halted = self.watch(trip.stop);
        let common = trip.common.map(|source| self.pump(source)).transpose()?;
        let _inside = self.handle.enter();
        let round = Round {
            pool: Arc::clone(&self.pool),
            pace: trip.pace,
            agent: self.agent.clone(),
            common,
            halted,
            news,
        };
        round.set_out(trip.errands.to_vec());
        while let Some((errand, news)) = told.blocking_recv() {
            take(errand, news);
        }
        Ok(())
    }

    /// Passes the wish to stop on for as long as anybody wants to know it.
    fn watch(&self, stop: &Arc<AtomicBool>) -> watch::Receiver<bool> {
        let (halt, halted) = watch::channel(stop.load(Ordering::Relaxed));
        let stop = Arc::clone(stop);
        self.handle.spawn(async move {
            while !halt.is_closed() {
                if stop.load(Ordering::Relaxed) {
                    halt.send_replace(true);
                }
                tokio::time::sleep(GLANCE).await;
            }
        });
        halted
    }

    /// Reads the common input in a thread of its own, which ends with it.
    fn pump(&self, mut source: Box<dyn Read + Send>) -> Result<Arc<CommonInput>, Unreachable> {
        let no_input = |error: std::io::Error| Unreachable::NoInput(error.to_string());
        let common = Arc::new(CommonInput::new());
        let (handle, writer) = (self.handle.clone(), Arc::clone(&common));
        let read = move || {
            let mut room = |taken| {
                handle.block_on(writer.more_than(taken));
            };
            let how = pour(&mut *source, &mut room, &mut |piece| {
                writer.push(piece);
                Ok(())
            });
            writer.end(how.map_err(|error| error.to_string()));
        };
        std::thread::Builder::new()
            .name("bramble-input".to_owned())
            .spawn(read)
            .map_err(no_input)?;
        Ok(common)
    }
}

pub(crate) fn runtime() -> std::io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("bramble-fleet")
        .enable_all()
        .build()
}

impl Drop for Own {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // The plain way would wait for a name that is still being resolved.
            runtime.shutdown_background();
        }
    }
}
