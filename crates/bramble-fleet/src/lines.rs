//! A stream, cut into lines. Not in here: what is in them.

/// Cuts a stream into lines, whatever the packets.
#[derive(Debug, Default)]
pub struct Lines {
    begun: Vec<u8>,
}

/// Longest line that is waited for, in bytes. Something longer has no lines, and
/// would cost as much memory as it is long.
const LONGEST: usize = 1 << 20;

impl Lines {
    /// Tells each line that `data` ends, without its line feed.
    pub fn push(&mut self, data: &[u8], tell: &mut dyn FnMut(&[u8])) {
        let mut pieces = data.split(|&byte| byte == b'\n');
        let Some(last) = pieces.next_back() else {
            return;
        };
        for piece in pieces {
            if self.begun.is_empty() {
                tell(piece);
                continue;
            }
            self.begun.extend_from_slice(piece);
            tell(&self.begun);
            self.begun.clear();
        }
        self.begun.extend_from_slice(last);
        if self.begun.len() >= LONGEST {
            self.finish(tell);
        }
    }

    /// Tells a last line that has no end.
    pub fn finish(&mut self, tell: &mut dyn FnMut(&[u8])) {
        if !self.begun.is_empty() {
            tell(&self.begun);
            self.begun.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(pieces: &[&[u8]]) -> Vec<String> {
        let (mut lines, mut heard) = (Lines::default(), Vec::new());
        let mut hear = |line: &[u8]| heard.push(String::from_utf8_lossy(line).into_owned());
        for piece in pieces {
            lines.push(piece, &mut hear);
        }
        lines.finish(&mut hear);
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

    #[test]
    fn what_has_no_lines_is_told_in_pieces() {
        let piece = vec![b'x'; LONGEST];
        assert_eq!(cut(&[&piece, &piece]).len(), 2);
    }
}
