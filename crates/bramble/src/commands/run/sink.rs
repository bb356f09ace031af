//! Where answers go while they come. Not in here: who sends them (`round`).

use bramble_fleet::Stream;

use super::course::Course;
use super::trouble::Trouble;
use crate::console::Console;

/// Takes what nodes print. Nodes are told by their place in their order.
pub(super) trait Sink {
    /// The command is starting on the node.
    fn begin(&mut self, _place: usize) -> Result<(), Trouble> {
        Ok(())
    }

    /// The node printed something, cut anywhere.
    fn take(&mut self, piece: Piece<'_>, console: &mut Console) -> Result<(), Trouble>;

    /// The node prints no more. `whole` says whether its command came to its end.
    fn end(&mut self, place: usize, whole: bool, console: &mut Console) -> Result<(), Trouble>;

    /// All nodes have ended.
    fn finish(&mut self, course: &Course, console: &mut Console) -> Result<(), Trouble>;
}

/// Something that a node printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) place: usize,
    pub(super) stream: Stream,
    pub(super) bytes: &'a [u8],
}
