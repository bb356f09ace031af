//! Digests as text. Not in here: making them.

use std::fmt::Write as _;

/// The first `bytes` of a digest, as text.
pub(crate) fn hex(digest: &[u8], bytes: usize) -> String {
    digest
        .iter()
        .take(bytes)
        .fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            write!(text, "{byte:02x}").ok();
            text
        })
}
