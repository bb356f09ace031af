//! One round on all nodes: news go to whoever shows them, and a line on the
//! terminal tells how far all are. Not in here: how anything is shown.

use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use bramble_fleet::{Errand, Fleet, News, Pace};

use super::course::Course;
use super::sink::{Piece, Sink};
use super::trouble::Trouble;
use crate::console::Console;

/// How often the line is drawn anew. A command that ends sooner has none.
const TICK: Duration = Duration::from_millis(300);

/// What is run, and how.
pub(super) struct Round<'a> {
    pub(super) fleet: &'a Fleet,
    pub(super) errands: Vec<Errand>,
    pub(super) common: Option<Box<dyn Read + Send>>,
    pub(super) pace: Pace,
    /// Set by Ctrl-C, and here when nobody wants the answers any more.
    pub(super) stop: &'a AtomicBool,
}

/// What the two threads share that write to the terminal.
struct Floor<'a> {
    console: &'a mut Console,
    course: Course,
    told: bool,
}

impl Round<'_> {
    /// Runs to its end. `sink` is told all news until it is in trouble; then the
    /// commands are ended.
    pub(super) fn run(
        self,
        course: Course,
        sink: &mut dyn Sink,
        console: &mut Console,
    ) -> (Course, Result<(), Trouble>) {
        let draws = console.shows_status();
        let floor = Mutex::new(Floor {
            console,
            course,
            told: false,
        });
        let mut shown = Ok(());
        thread::scope(|scope| {
            let (running, ended) = mpsc::channel::<()>();
            if draws {
                let (floor, stop) = (&floor, self.stop);
                scope.spawn(move || draw(floor, &ended, stop));
            }
            let mut take = |place, news| {
                let told = lock(&floor).tell(place, news, shown.is_ok().then_some(&mut *sink));
                if let Err(trouble) = told {
                    shown = Err(trouble);
                    self.stop.store(true, Ordering::Relaxed);
                }
            };
            self.fleet
                .carry_out(&self.errands, self.common, self.pace, &mut take);
            drop(running);
        });
        let floor = floor.into_inner().unwrap_or_else(PoisonError::into_inner);
        floor.console.clear_status();
        (floor.course, shown)
    }
}

impl Floor<'_> {
    fn tell(
        &mut self,
        place: usize,
        news: News,
        sink: Option<&mut (dyn Sink + '_)>,
    ) -> Result<(), Trouble> {
        let whole = matches!(news, News::Ended(Ok(_)));
        let piece = match news {
            News::Begun => {
                self.course.begin(place);
                return sink.map_or(Ok(()), |sink| sink.begin(place));
            }
            News::Ended(ended) => {
                self.course.end(place, ended);
                return sink.map_or(Ok(()), |sink| sink.end(place, whole, self.console));
            }
            News::Wrote(stream, bytes) => (stream, bytes),
        };
        let Some(sink) = sink else {
            return Ok(());
        };
        let (stream, bytes) = piece;
        let piece = Piece {
            place,
            stream,
            bytes: &bytes,
        };
        sink.take(piece, self.console)
    }
}

fn draw(floor: &Mutex<Floor<'_>>, ended: &Receiver<()>, stop: &AtomicBool) {
    while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        let mut floor = lock(floor);
        if stop.load(Ordering::Relaxed) && !std::mem::replace(&mut floor.told, true) {
            floor
                .console
                .say("ending the command on all nodes; Ctrl-C again leaves it running there");
        }
        let line = floor.course.status();
        floor.console.status(&line);
    }
}

/// What is known is right after a panic, too.
fn lock<'a, 'b>(floor: &'a Mutex<Floor<'b>>) -> MutexGuard<'a, Floor<'b>> {
    floor.lock().unwrap_or_else(PoisonError::into_inner)
}
