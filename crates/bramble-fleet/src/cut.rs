//! A stream that ends when its handshake is given up: the SSH library goes on in a
//! task of its own, which would wait for a silent server for ever. Not in here:
//! how long a handshake may take.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};
use tokio::sync::oneshot;

/// What a connection runs over: a socket, or a channel of another connection.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for S {}

/// The stream, cut off if its [`Hold`] is dropped.
pub(crate) struct Cut {
    stream: Box<dyn Stream>,
    /// What was heard and not read yet.
    first: Vec<u8>,
    held: Option<oneshot::Receiver<()>>,
}

/// Keeps the stream whole.
pub(crate) struct Hold(oneshot::Sender<()>);

impl Hold {
    /// The stream stays from now on, whatever happens.
    pub(crate) fn release(self) {
        // A stream that has ended meanwhile needs no word.
        let _ended = self.0.send(());
    }
}

impl Cut {
    pub(crate) fn new(stream: Box<dyn Stream>) -> (Self, Hold) {
        let (release, held) = oneshot::channel();
        let cut = Self {
            stream,
            first: Vec::new(),
            held: Some(held),
        };
        (cut, Hold(release))
    }

    /// Waits until the server has said something: it speaks first.
    pub(crate) async fn listen(&mut self) -> io::Result<()> {
        let mut first = [0; 64];
        let length = self.stream.read(&mut first).await?;
        self.first = first[..length].to_vec();
        Ok(())
    }

    fn is_cut(&mut self, context: &mut Context<'_>) -> bool {
        let Some(held) = &mut self.held else {
            return false;
        };
        match Pin::new(held).poll(context) {
            Poll::Pending => false,
            Poll::Ready(Ok(())) => {
                self.held = None;
                false
            }
            Poll::Ready(Err(_)) => true,
        }
    }
}

impl AsyncRead for Cut {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.is_cut(context) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        if self.first.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, into);
        }
        let length = self.first.len().min(into.remaining());
        into.put_slice(&self.first[..length]);
        self.first.drain(..length);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Cut {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.is_cut(context) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
