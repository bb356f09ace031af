//! One command on one channel: input in, output out, status; and its end when
//! nobody wants it any more. Not in here: connecting, and what the command means.

use std::time::Duration;

use bramble_converge::Unreachable;
use bramble_converge::script::quote;
use russh::client::Msg;
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf, Sig};
use tokio::time::{Instant, sleep};

use crate::connection::{Kept, Purpose};
use crate::errand::{Command, News, Stream};
use crate::feed::{Feed, NotFed};
use crate::flow::Flow;
use crate::pool::Opened;
use crate::teller::Teller;

/// How long the processes of an abandoned command may take to end. The script
/// gives them two seconds before it kills them, and two more.
const FAREWELL: Duration = Duration::from_secs(5);

/// Ends the processes of a command.
const STOP: &str = include_str!("stop.sh");

/// One command under way.
pub(crate) struct Running {
    reader: ChannelReadHalf,
    writer: ChannelWriteHalf<Msg>,
    connection: Kept,
    /// What its processes are known by on the node.
    mark: String,
    root: bool,
    since: Instant,
}

impl Running {
    /// A command that is yet to be asked for, known by `mark`.
    pub(crate) fn new(opened: Opened, mark: String, root: bool) -> Self {
        let (reader, writer) = opened.channel.split();
        Self {
            reader,
            writer,
            connection: opened.connection,
            mark,
            root,
            since: Instant::now(),
        }
    }

    /// Asks `command` of the account's shell and waits for its end. Input and output
    /// flow at the same time, as either may fill its window before the other is
    /// through.
    pub(crate) async fn run(
        &mut self,
        command: &Command,
        feed: Feed,
        teller: &Teller,
    ) -> Result<u32, Unreachable> {
        let line = marked(&command.line, &self.mark);
        let (writer, flow) = (&self.writer, Flow::new());
        let write = async {
            writer.exec(true, line).await?;
            feed.pour(writer, &flow).await?;
            writer.eof().await.map_err(NotFed::from)
        };
        let read = read(&mut self.reader, &flow, teller);
        tokio::pin!(write, read);
        let heard = tokio::select! {
            biased;
            heard = &mut read => heard,
            written = &mut write => match written {
                Err(NotFed::Unreadable(reason)) => return Err(Unreachable::NoInput(reason)),
                // A writer that fails leaves it to the reader to learn why.
                Ok(()) | Err(NotFed::Closed) => read.await,
            },
        };
        heard?.status().ok_or_else(|| {
            Unreachable::Lost(
                self.connection
                    .ended()
                    .unwrap_or_else(|| "the command ended without a status".to_owned()),
            )
        })
    }

    /// Ends a command that nobody waits for any more: left alone it would run on
    /// beside the next one. The script comes first, since it knows the processes by
    /// one that the signal ends. The signal is for a line that has become another
    /// program (`exec`) and bears no mark any more.
    pub(crate) async fn abandon(mut self) {
        // Rounded up, and the node's clock may tick between two of ours.
        let age = self.since.elapsed().as_secs() + 2;
        let told = format!("{}\n{age}\n", self.mark);
        let (reader, writer) = (&mut self.reader, &self.writer);
        let farewell = async {
            // Nobody is left to be told when the connection is gone as well.
            drop(stop(&self.connection, &told, self.root).await);
            drop(writer.signal(Sig::TERM).await);
            drop(writer.close().await);
        };
        // What it still writes would halt the connection, and the script with it.
        let unread = async {
            while reader.wait().await.is_some() {}
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = farewell => {}
            () = unread => {}
            () = sleep(FAREWELL) => {}
        }
    }

    /// The connection, for the next command.
    pub(crate) fn into_connection(self) -> Kept {
        self.connection
    }
}

async fn stop(connection: &Kept, told: &str, root: bool) -> Result<(), russh::Error> {
    let mut channel = connection.open(Purpose::Command).await?;
    // Sudo forgets by which connection it was asked.
    let sudo = if root {
        "sudo -n env SSH_CONNECTION=\"$SSH_CONNECTION\" "
    } else {
        ""
    };
    channel
        .exec(true, format!("{sudo}sh -c {}", quote(STOP)))
        .await?;
    channel.data_bytes(told.as_bytes().to_vec()).await?;
    channel.eof().await?;
    while channel.wait().await.is_some() {}
    Ok(())
}

/// The line with a mark that stays in the process list as long as the line runs.
/// A shell that is given one command makes way for it; one that evaluates a
/// command does not.
fn marked(line: &str, mark: &str) -> String {
    format!("eval {} # {mark}", quote(line))
}

/// How a command ended, as far as it was heard.
#[derive(Default)]
struct Ending {
    status: Option<u32>,
    closed: bool,
}

impl Ending {
    /// Output may still follow the status, so an answer is whole only when the
    /// channel was closed in order.
    fn status(self) -> Option<u32> {
        self.status.filter(|_| self.closed)
    }
}

async fn read(
    reader: &mut ChannelReadHalf,
    flow: &Flow,
    teller: &Teller,
) -> Result<Ending, Unreachable> {
    let mut ending = Ending::default();
    while let Some(message) = reader.wait().await {
        match message {
            ChannelMsg::Success => teller.tell(News::Begun).await,
            ChannelMsg::Data { data } => {
                teller.tell(News::Wrote(Stream::Output, data)).await;
            }
            ChannelMsg::ExtendedData { data, .. } => {
                teller.tell(News::Wrote(Stream::Complaint, data)).await;
            }
            ChannelMsg::WindowAdjusted { new_size } => flow.widened(new_size),
            ChannelMsg::ExitStatus { exit_status } => ending.status = Some(exit_status),
            ChannelMsg::ExitSignal { signal_name, .. } => {
                ending.status = Some(128 + number(&signal_name));
            }
            ChannelMsg::Failure => {
                return Err(Unreachable::Lost(
                    "the node refused to start a command".to_owned(),
                ));
            }
            ChannelMsg::Close => {
                ending.closed = true;
                break;
            }
            _ => {}
        }
    }
    Ok(ending)
}

/// The number that Linux gives the signal on every board; SSH sends names. A
/// name that SSH does not know counts as 0.
fn number(signal: &Sig) -> u32 {
    match signal {
        Sig::HUP => 1,
        Sig::INT => 2,
        Sig::QUIT => 3,
        Sig::ILL => 4,
        Sig::ABRT => 6,
        Sig::FPE => 8,
        Sig::KILL => 9,
        Sig::USR1 => 10,
        Sig::SEGV => 11,
        Sig::PIPE => 13,
        Sig::ALRM => 14,
        Sig::TERM => 15,
        Sig::Custom(_) => 0,
    }
}
