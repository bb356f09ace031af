//! `bramble keeper`: what other commands start to keep their connections. Nobody
//! types it.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::keeper;

/// Keep connections for the next command; other commands start it by themselves
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The socket, in the current folder
    socket: String,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    keeper::keep(&args.socket)
        .map(|()| Exit::Done)
        .map_err(|error| Failure::new(Exit::Host, error.to_string()))
}
