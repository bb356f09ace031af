//! Answers that are shown when all nodes have ended. Not in here: where they are
//! kept meanwhile (`capture`).

use std::io;

use bramble_fleet::Stream;
use bramble_view::answers::Shape;
use bramble_view::outcome::Outcome;

use super::course::Course;
use super::sink::{Piece, Sink};
use super::trouble::Trouble;
use super::{compared, folded, records};
use crate::capture::{Capture, Captured, Store};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

/// How they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Equal ones once.
    Folded,
    /// Each by itself.
    Each,
    /// Against the one of most nodes.
    Compared,
    /// As JSON.
    Records,
}

/// Keeps answers until the end.
pub(super) struct Gathered {
    way: Way,
    raw: bool,
    store: Store,
    open: Vec<[Capture; 2]>,
    answers: Answers,
}

/// Of each node that has ended what it printed to its two outputs.
pub(super) struct Answers(Vec<Option<[Captured; 2]>>);

/// What the ways of showing need.
pub(super) struct Shown<'a> {
    pub(super) course: &'a Course,
    pub(super) answers: &'a Answers,
    pub(super) store: &'a Store,
    pub(super) raw: bool,
}

impl Gathered {
    pub(super) fn new(nodes: usize, way: Way, raw: bool) -> Self {
        Self {
            way,
            raw,
            store: Store::default(),
            open: (0..nodes).map(|_| Default::default()).collect(),
            answers: Answers((0..nodes).map(|_| None).collect()),
        }
    }
}

impl Answers {
    pub(super) fn of(&self, place: usize, stream: Stream) -> Option<&Captured> {
        let [output, complaint] = self.0[place].as_ref()?;
        Some(match stream {
            Stream::Output => output,
            Stream::Complaint => complaint,
        })
    }
}

impl Shown<'_> {
    /// The answers that are worth a heading, with the places of their nodes.
    pub(super) fn heard(&self, stream: Stream) -> impl Iterator<Item = (usize, &Captured)> {
        let places = 0..self.course.len();
        places.filter_map(move |place| Some((place, self.heard_at(place, stream)?)))
    }

    /// The answers of all nodes on which the command came to its end, in silence or not,
    /// and of others that said something.
    pub(super) fn comparable(&self) -> impl Iterator<Item = (usize, &Captured)> {
        let ended = |place| {
            let outcome = &self.course.ended(place)?.outcome;
            let answer = self.answers.of(place, Stream::Output)?;
            let complaint = self.answers.of(place, Stream::Complaint)?;
            let silent = matches!(outcome, Outcome::Status(_)) && complaint.length == 0;
            (answer.length > 0 || silent).then_some((place, answer))
        };
        (0..self.course.len()).filter_map(ended)
    }

    /// The answer of a node that said something, or came to a good end in silence.
    pub(super) fn heard_at(&self, place: usize, stream: Stream) -> Option<&Captured> {
        let answer = self.answers.of(place, stream)?;
        let complaint = self.answers.of(place, Stream::Complaint)?;
        let good = self.course.ended(place)?.outcome.is_good();
        let silent = stream == Stream::Output && good && complaint.length == 0;
        (answer.length > 0 || silent).then_some(answer)
    }
}

/// How many lines it has.
pub(super) fn shape(answer: &Captured) -> Shape {
    match answer.lines {
        0 => Shape::Nothing,
        1 => Shape::Line,
        _ => Shape::Lines,
    }
}

impl Sink for Gathered {
    fn take(&mut self, piece: Piece<'_>, _console: &mut Console) -> Result<(), Trouble> {
        let [output, complaint] = &mut self.open[piece.place];
        let capture = match piece.stream {
            Stream::Output => output,
            Stream::Complaint => complaint,
        };
        self.store
            .push(capture, piece.bytes)
            .map_err(|error| cannot_keep(&error))
    }

    fn end(&mut self, place: usize, _whole: bool, _console: &mut Console) -> Result<(), Trouble> {
        let [output, complaint] = &mut self.open[place];
        let answer = [self.store.close(output), self.store.close(complaint)];
        self.answers.0[place] = Some(answer);
        Ok(())
    }

    fn finish(&mut self, course: &Course, console: &mut Console) -> Result<(), Trouble> {
        let shown = Shown {
            course,
            answers: &self.answers,
            store: &self.store,
            raw: self.raw,
        };
        match self.way {
            Way::Folded => folded::print(&shown, console),
            Way::Each => folded::print_each(&shown, console),
            Way::Compared => compared::print(&shown, console),
            Way::Records => records::print(&shown, console),
        }
    }
}

fn cannot_keep(error: &io::Error) -> Trouble {
    let failure = Failure::new(
        Exit::Host,
        format!("cannot keep what the nodes print: {error}"),
    );
    Trouble::Failed(
        failure.hint("print it as it comes with `--live`, or write it to files with `--out DIR`"),
    )
}
