//! Nodes on which `sudo` wants a password, told from what it says. Not in here:
//! asking for one.

use bramble_cluster::nodeset::NodeSet;
use bramble_fleet::Stream;
use bramble_view::outcome::Outcome;

use super::course::Course;
use super::sink::{Piece, Sink};
use super::trouble::Trouble;
use crate::console::Console;

/// Bytes of a complaint that are looked at; `sudo` speaks first.
const HEAD: usize = 512;

/// The words of sudo and of its successor in Rust.
const WORDS: [&str; 4] = [
    "a password is required",
    "interactive authentication is required",
    "a terminal is required to read the password",
    "is not in the sudoers file",
];

/// A sink, and an ear for what `sudo` says to it.
pub(super) struct Overheard {
    pub(super) sink: Box<dyn Sink>,
    pub(super) complaints: Option<Complaints>,
}

impl Overheard {
    /// What to do about nodes on which `sudo` wants a password.
    pub(super) fn remedy(&self, course: &Course, user: &str) -> Option<String> {
        self.complaints.as_ref()?.remedy(course, user)
    }
}

impl Sink for Overheard {
    fn begin(&mut self, place: usize) -> Result<(), Trouble> {
        self.sink.begin(place)
    }

    fn take(&mut self, piece: Piece<'_>, console: &mut Console) -> Result<(), Trouble> {
        if let (Some(complaints), Stream::Complaint) = (&mut self.complaints, piece.stream) {
            complaints.push(piece.place, piece.bytes);
        }
        self.sink.take(piece, console)
    }

    fn end(&mut self, place: usize, whole: bool, console: &mut Console) -> Result<(), Trouble> {
        self.sink.end(place, whole, console)
    }

    fn finish(&mut self, course: &Course, console: &mut Console) -> Result<(), Trouble> {
        self.sink.finish(course, console)
    }
}

/// The beginnings of complaints.
#[derive(Debug)]
pub(super) struct Complaints(Vec<Vec<u8>>);

impl Complaints {
    pub(super) fn new(nodes: usize) -> Self {
        Self(vec![Vec::new(); nodes])
    }

    pub(super) fn push(&mut self, place: usize, bytes: &[u8]) {
        let head = &mut self.0[place];
        let room = HEAD - head.len();
        head.extend_from_slice(&bytes[..room.min(bytes.len())]);
    }

    /// What to do about those that want a password.
    pub(super) fn remedy(&self, course: &Course, user: &str) -> Option<String> {
        let wants = |&place: &usize| {
            let failed = course.ended(place).map(|ended| &ended.outcome);
            failed == Some(&Outcome::Status(1)) && wants_password(&self.0[place])
        };
        let nodes: Vec<_> = (0..course.len()).filter(wants).collect();
        let names: NodeSet = course.names(&nodes);
        (!nodes.is_empty()).then(|| {
            format!(
                "sudo lets `{user}` do nothing without a password on {names}: allow it there with \
                 `{user} ALL=(ALL) NOPASSWD: ALL` in /etc/sudoers.d/{user}, or run it with \
                 `--tty`, one node at a time"
            )
        })
    }
}

fn wants_password(complaint: &[u8]) -> bool {
    let complaint = String::from_utf8_lossy(complaint);
    let ours = |line: &str| {
        let by_sudo = line.contains("sudo");
        by_sudo && WORDS.iter().any(|words| line.contains(words))
    };
    complaint.lines().any(ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sudo_says_is_told_from_what_commands_say() {
        assert!(wants_password(b"sudo: a password is required\n"));
        assert!(wants_password(
            b"sudo: interactive authentication is required\n"
        ));
        assert!(wants_password(b"pi is not in the sudoers file.\n"));
        assert!(!wants_password(b"psql: a password is required\n"));
        assert!(!wants_password(b""));
    }

    #[test]
    fn only_the_beginning_of_a_complaint_is_kept() {
        let mut complaints = Complaints::new(1);
        for _ in 0..1000 {
            complaints.push(0, b"0123456789");
        }
        assert_eq!(complaints.0[0].len(), HEAD);
    }

    #[test]
    fn the_nodes_are_named_on_which_sudo_wants_a_password() {
        let nodes = ["node1", "node2", "node3"].map(|name| name.parse().unwrap());
        let mut course = Course::new(&nodes.into_iter().collect());
        let mut complaints = Complaints::new(3);
        for place in 0..3 {
            complaints.push(place, b"sudo: a password is required\n");
            course.end(place, Ok(u32::from(place != 1)));
        }
        let remedy = complaints.remedy(&course, "pi").unwrap();
        assert!(remedy.contains("on node[1,3]:"), "{remedy}");
    }
}
