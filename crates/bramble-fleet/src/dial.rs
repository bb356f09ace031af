//! The TCP connection below SSH, from this process's network or another. Not in
//! here: jumps, which are channels of a connection (`pool`).

use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

/// Connects from this process's own network; the system resolves the name.
pub(crate) async fn direct(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Connects from inside a network namespace. A socket stays in the namespace
/// that it was made in, and `setns` moves one thread: so a thread enters, makes
/// the socket and ends, and the rest of the process stays where it is.
pub(crate) async fn from_namespace(
    path: PathBuf,
    address: SocketAddr,
    limit: Duration,
) -> io::Result<TcpStream> {
    let (hand_over, handed) = oneshot::channel();
    std::thread::Builder::new()
        .name("bramble-netns".to_owned())
        .spawn(move || {
            // Nobody waits any more when the time was over first.
            drop(hand_over.send(connect_inside(&path, address, limit)));
        })?;
    let stream = handed.await.map_err(io::Error::other)??;
    stream.set_nonblocking(true)?;
    stream.set_nodelay(true)?;
    TcpStream::from_std(stream)
}

fn connect_inside(
    path: &Path,
    address: SocketAddr,
    limit: Duration,
) -> io::Result<std::net::TcpStream> {
    let named = |error: io::Error| {
        io::Error::new(
            error.kind(),
            format!("network namespace {}: {error}", path.display()),
        )
    };
    let namespace = File::open(path).map_err(named)?;
    move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network))
        .map_err(|error| named(error.into()))?;
    std::net::TcpStream::connect_timeout(&address, limit)
}
