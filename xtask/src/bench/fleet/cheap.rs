//! A server that takes any key and answers every command with success and nothing
//! else: what is measured against it is the client. Not in here: its being
//! started.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::load_secret_key;
use russh::server::{
    Auth, ChannelOpenHandle, Config, Handler, Msg, Session, VerifiedPublicKey, run_stream,
};
use russh::{Channel, ChannelId};
use tokio::net::{TcpListener, TcpSocket};

use super::servers::PORT;
use crate::failure::Failure;

/// How many clients may come at the same moment; a kernel takes 4,096 at most if
/// nobody told it otherwise.
const BACKLOG: u32 = 4096;

/// Serves until the process is ended.
pub(super) fn serve(host_key: &Path) -> Result<(), Failure> {
    let key =
        load_secret_key(host_key, None).map_err(|error| Failure::file("read", host_key, &error))?;
    let config = Arc::new(Config {
        keys: vec![key],
        // OpenSSH's client first asks without a key, and is not made to wait for the no.
        auth_rejection_time: Duration::ZERO,
        auth_rejection_time_initial: Some(Duration::ZERO),
        inactivity_timeout: None,
        nodelay: true,
        ..Config::default()
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let served = runtime.and_then(|runtime| runtime.block_on(accept(config)));
    served.map_err(|error| Failure::new(format!("the cheap server ended: {error}")))
}

async fn accept(config: Arc<Config>) -> std::io::Result<()> {
    let listener = listen()?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let config = Arc::clone(&config);
        tokio::spawn(async move {
            // A client that goes away in the middle harms nobody but itself.
            if let Ok(session) = run_stream(config, stream, Yes).await {
                drop(session.await);
            }
        });
    }
}

fn listen() -> std::io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from((Ipv4Addr::UNSPECIFIED, PORT)))?;
    socket.listen(BACKLOG)
}

/// Agrees to everything.
struct Yes;

impl Handler for Yes {
    type Error = russh::Error;

    async fn auth_publickey(
        &mut self,
        _user: &str,
        _key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, Self::Error> {
        Ok(Auth::Accept)
    }

    async fn channel_open_session(
        &mut self,
        _channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        _command: &[u8],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        session.channel_success(channel)?;
        session.exit_status_request(channel, 0)?;
        session.eof(channel)?;
        session.close(channel)
    }
}
