//! One command on one channel: input in, lines out, status. Not in here:
//! connecting, and what the command means.

use std::time::Duration;

use bramble_converge::{Answer, Unreachable};
use russh::client::Msg;
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf, Sig};

use crate::connection::Ended;
use crate::pool::Opened;

/// How long an abandoned command may take to say that it has ended. Many do not:
/// sshd waits for the process. The wish itself is on its way within this time.
const FAREWELL: Duration = Duration::from_millis(50);

/// One command under way.
pub(crate) struct Command {
    reader: ChannelReadHalf,
    writer: ChannelWriteHalf<Msg>,
    ended: Ended,
}

impl Command {
    pub(crate) fn new(opened: Opened) -> Self {
        let (reader, writer) = opened.channel.split();
        Self {
            reader,
            writer,
            ended: opened.ended,
        }
    }

    /// Asks `line` of the account's shell and waits for its end. Input and output
    /// flow at the same time, as either may fill its window before the other is
    /// through.
    pub(crate) async fn run(
        &mut self,
        line: &str,
        input: Vec<u8>,
        tell: impl FnMut(String),
    ) -> Result<Answer, Unreachable> {
        let writer = &self.writer;
        let write = async {
            writer.exec(true, line).await?;
            writer.data_bytes(input).await?;
            writer.eof().await
        };
        let read = read(&mut self.reader, tell);
        tokio::pin!(write, read);
        let heard = tokio::select! {
            biased;
            heard = &mut read => heard,
            // A writer that fails leaves it to the reader to learn why.
            _ = &mut write => read.await,
        };
        heard?.answer().ok_or_else(|| {
            let reason = self
                .ended
                .get()
                .map_or("the command ended without a status", String::as_str);
            Unreachable::Lost(reason.to_owned())
        })
    }

    /// Ends a command that nobody waits for any more: left alone it would run on
    /// beside the next one. sshd passes the signal on to the account's own
    /// processes; to others, and to root's, only the closed channel shows.
    pub(crate) async fn abandon(mut self) {
        let farewell = async {
            if self.writer.signal(Sig::TERM).await.is_ok() && self.writer.close().await.is_ok() {
                while self.reader.wait().await.is_some() {}
            }
        };
        drop(tokio::time::timeout(FAREWELL, farewell).await);
    }
}

/// What a command has said so far.
#[derive(Default)]
struct Heard {
    output: Vec<u8>,
    complaint: Vec<u8>,
    status: Option<u32>,
    closed: bool,
}

impl Heard {
    /// Output may still follow the status, so an answer is whole only when the
    /// channel was closed in order.
    fn answer(self) -> Option<Answer> {
        let status = self.status.filter(|_| self.closed)?;
        Some(Answer {
            status,
            output: self.output,
            complaint: self.complaint,
        })
    }
}

async fn read(
    reader: &mut ChannelReadHalf,
    mut tell: impl FnMut(String),
) -> Result<Heard, Unreachable> {
    let (mut heard, mut lines) = (Heard::default(), Lines::default());
    while let Some(message) = reader.wait().await {
        match message {
            ChannelMsg::Data { data } => {
                lines.push(&data, &mut tell);
                heard.output.extend_from_slice(&data);
            }
            ChannelMsg::ExtendedData { data, .. } => heard.complaint.extend_from_slice(&data),
            ChannelMsg::ExitStatus { exit_status } => heard.status = Some(exit_status),
            ChannelMsg::ExitSignal { signal_name, .. } => {
                heard.status = Some(128 + number(&signal_name));
            }
            ChannelMsg::Failure => {
                return Err(Unreachable::Lost(
                    "the node refused to start a command".to_owned(),
                ));
            }
            ChannelMsg::Close => {
                heard.closed = true;
                break;
            }
            _ => {}
        }
    }
    lines.finish(&mut tell);
    Ok(heard)
}

/// Cuts a stream into lines, whatever the packets.
#[derive(Default)]
struct Lines {
    begun: Vec<u8>,
}

impl Lines {
    fn push(&mut self, data: &[u8], tell: &mut impl FnMut(String)) {
        let mut pieces = data.split(|&byte| byte == b'\n');
        let Some(last) = pieces.next_back() else {
            return;
        };
        for piece in pieces {
            self.begun.extend_from_slice(piece);
            tell(String::from_utf8_lossy(&self.begun).into_owned());
            self.begun.clear();
        }
        self.begun.extend_from_slice(last);
    }

    fn finish(self, tell: &mut impl FnMut(String)) {
        if !self.begun.is_empty() {
            tell(String::from_utf8_lossy(&self.begun).into_owned());
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(pieces: &[&[u8]]) -> Vec<String> {
        let (mut lines, mut heard) = (Lines::default(), Vec::new());
        for piece in pieces {
            lines.push(piece, &mut |line| heard.push(line));
        }
        lines.finish(&mut |line| heard.push(line));
        heard
    }

    #[test]
    fn lines_come_whole_however_the_packets_were_cut() {
        assert_eq!(
            cut(&[b"one\ntwo\nth", b"r", b"ee\n"]),
            ["one", "two", "three"]
        );
    }

    #[test]
    fn a_last_line_without_its_end_is_heard() {
        assert_eq!(cut(&[b"one\ntwo"]), ["one", "two"]);
    }

    #[test]
    fn an_empty_line_is_a_line_and_no_output_is_none() {
        assert_eq!(cut(&[b"\n\n"]), ["", ""]);
        assert!(cut(&[]).is_empty());
    }

    #[test]
    fn a_character_cut_in_two_by_packets_is_whole_and_a_broken_one_replaced() {
        assert_eq!(cut(&[b"\xc3", b"\xa9\n"]), ["é"]);
        assert_eq!(cut(&[b"a\xffb\n"]), ["a\u{fffd}b"]);
    }
}
