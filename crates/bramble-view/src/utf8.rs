//! Bytes that come in pieces, as text: what is no UTF-8 is replaced, and a
//! character that was cut in two is put together again. Not in here: which
//! characters a terminal may get (`safe_text`).

/// Makes text of a stream of bytes, whatever its pieces.
#[derive(Debug, Default)]
pub struct Utf8 {
    /// The beginning of a character whose rest has not come yet.
    begun: Vec<u8>,
}

impl Utf8 {
    /// Adds the text of `bytes` to `text`.
    pub fn push(&mut self, bytes: &[u8], text: &mut String) {
        self.begun.extend_from_slice(bytes);
        let taken = std::mem::take(&mut self.begun);
        let mut rest = taken.as_slice();
        while let Some(chunk) = rest.utf8_chunks().next() {
            text.push_str(chunk.valid());
            let invalid = chunk.invalid();
            let read = chunk.valid().len() + invalid.len();
            if read == rest.len() && is_beginning(invalid) {
                self.begun = invalid.to_vec();
            } else if !invalid.is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
            rest = &rest[read..];
        }
    }

    /// No more comes: what has no end is replaced.
    pub fn finish(&mut self, text: &mut String) {
        if !std::mem::take(&mut self.begun).is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

/// Whether a character could begin so and go on.
fn is_beginning(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn text(pieces: &[&[u8]]) -> String {
        let (mut utf8, mut text) = (Utf8::default(), String::new());
        for piece in pieces {
            utf8.push(piece, &mut text);
        }
        utf8.finish(&mut text);
        text
    }

    #[test]
    fn a_character_cut_in_two_is_whole_and_one_without_end_replaced() {
        assert_eq!(text(&[b"a\xe2", b"\x82", b"\xacb"]), "a€b");
        assert_eq!(text(&[b"a\xe2\x82"]), "a\u{fffd}");
        assert_eq!(
            text(&[b"\xff\xfe", b"\xc3", b"x"]),
            "\u{fffd}\u{fffd}\u{fffd}x"
        );
    }

    proptest! {
        #[test]
        fn pieces_make_the_same_text_as_the_whole(
            bytes in vec(prop_oneof![any::<u8>(), 0xc0..=0xf4_u8, 0x80..=0xbf_u8], 0..60),
            size in 1..7_usize,
        ) {
            let pieces: Vec<_> = bytes.chunks(size).collect();
            prop_assert_eq!(text(&pieces), String::from_utf8_lossy(&bytes));
        }
    }
}
