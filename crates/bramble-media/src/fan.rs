//! One image to many cards at once: read once, each card at its own thread. Not in
//! here: what is done with the pieces (`write`, `compare`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, ScopedJoinHandle};

use crate::error::CardError;
use crate::image::{Image, ImageError};
use crate::piece::{Mark, Piece, Pool};
use crate::source::Digests;

/// How many pieces wait for a card. The pool bounds them all together.
const QUEUE: usize = 2;

/// What is heard while it goes on.
#[derive(Debug)]
pub enum News {
    /// A card has all of the image before this byte.
    Written {
        /// Where in the image.
        position: u64,
    },
    /// What was written is read back, and right before this byte.
    Verified {
        /// Where in the image.
        position: u64,
    },
    /// A card came to its end.
    Ended {
        /// Whether all of it is as it has to be.
        well: bool,
    },
}

/// What one card does with an image.
pub(crate) trait Taker: Send {
    /// What it says at the end.
    type Done: Send;

    /// Takes the next piece, in the order of the image.
    fn take(&mut self, piece: &Arc<Piece>, tell: &Tell<'_>) -> Result<(), CardError>;

    /// All pieces have come, and the image is what was expected.
    fn end(self, whole: &Whole, tell: &Tell<'_>) -> Result<Self::Done, CardError>;
}

/// An image that was read to its end.
#[derive(Debug)]
pub(crate) struct Whole {
    /// In bytes.
    pub(crate) length: u64,
    /// Of all its pieces, in order.
    pub(crate) marks: Vec<Mark>,
}

/// How a card tells its news, and hears that nobody wants it any more.
pub(crate) struct Tell<'a> {
    card: usize,
    news: Sender<(usize, News)>,
    stop: &'a AtomicBool,
}

impl Tell<'_> {
    /// Says how far it is.
    pub(crate) fn say(&self, news: News) -> Result<(), CardError> {
        // Nobody listens only once the run is over.
        self.news.send((self.card, news)).ok();
        self.goes_on()
    }

    /// Whether it goes on.
    pub(crate) fn goes_on(&self) -> Result<(), CardError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(CardError::Interrupted);
        }
        Ok(())
    }
}

/// What comes to a card.
enum Feed {
    Piece(Arc<Piece>),
    End(Arc<Whole>),
}

/// What became of a run.
#[derive(Debug)]
pub struct Outcome<T> {
    /// What the image's bytes were found to be, or why they could not be had.
    pub image: Result<Digests, ImageError>,
    /// Each card, in the order in which they were given.
    pub cards: Vec<Result<T, CardError>>,
}

/// Gives `image` to all `takers` at once. A card that fails is left out from then on;
/// the others go on.
pub(crate) fn out<T: Taker>(
    image: Image,
    takers: Vec<T>,
    stop: &AtomicBool,
    watch: &mut dyn FnMut(usize, News),
) -> Outcome<T::Done> {
    thread::scope(|scope| {
        let (news, heard) = channel();
        let mut feeds = Vec::new();
        let mut cards = Vec::new();
        for (card, taker) in takers.into_iter().enumerate() {
            let (feed, fed) = sync_channel(QUEUE);
            feeds.push(feed);
            let tell = Tell {
                card,
                news: news.clone(),
                stop,
            };
            cards.push(scope.spawn(move || {
                let done = course(taker, &fed, &tell);
                // The reader must not wait for a card that has ended.
                drop(fed);
                let well = done.is_ok();
                tell.news.send((card, News::Ended { well })).ok();
                done
            }));
        }
        drop(news);
        let reader = scope.spawn(move || read(image, &feeds, stop));
        for (card, news) in heard {
            watch(card, news);
        }
        Outcome {
            image: joined(reader),
            cards: cards.into_iter().map(joined).collect(),
        }
    })
}

/// What a thread found; its panic is ours.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    let found = thread.join();
    found.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn course<T: Taker>(
    mut taker: T,
    fed: &Receiver<Feed>,
    tell: &Tell<'_>,
) -> Result<T::Done, CardError> {
    loop {
        match fed.recv() {
            Ok(Feed::Piece(piece)) => taker.take(&piece, tell)?,
            Ok(Feed::End(whole)) => return taker.end(&whole, tell),
            Err(_) => {
                tell.goes_on()?;
                return Err(CardError::NoImage);
            }
        }
    }
}

fn read(
    mut image: Image,
    feeds: &[SyncSender<Feed>],
    stop: &AtomicBool,
) -> Result<Digests, ImageError> {
    let mut pool = Pool::new();
    let mut marks = Vec::new();
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(ImageError::Interrupted);
        }
        let mut bytes = pool.memory();
        let Some(portion) = image.next(&mut bytes)? else {
            break;
        };
        let piece = pool.piece(portion, bytes);
        marks.extend(piece.marks());
        if !send(feeds, || Feed::Piece(Arc::clone(&piece))) {
            // No card is left to be written: nothing can be said of the image.
            return Ok(Digests::default());
        }
    }
    let length = image.position();
    let digests = image.finish()?;
    let whole = Arc::new(Whole { length, marks });
    send(feeds, || Feed::End(Arc::clone(&whole)));
    Ok(digests)
}

/// Whether anybody took it.
fn send(feeds: &[SyncSender<Feed>], what: impl Fn() -> Feed) -> bool {
    let taken = feeds.iter().filter(|feed| feed.send(what()).is_ok());
    taken.count() > 0
}
