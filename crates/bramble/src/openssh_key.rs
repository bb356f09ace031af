//! The public half of a private key, which stands in clear in OpenSSH's format, also
//! where the rest is sealed with a pass phrase (OpenSSH, PROTOCOL.key). Not in here:
//! the private half.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

const BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const END: &str = "-----END OPENSSH PRIVATE KEY-----";

/// What the content begins with.
const MAGIC: &[u8] = b"openssh-key-v1\0";

/// The public half of `private` as on one line of `authorized_keys`, without a
/// comment: that is sealed. Nothing if it is no key in this format.
pub(crate) fn public_half(private: &str) -> Option<String> {
    let (_, rest) = private.split_once(BEGIN)?;
    let (text, _) = rest.split_once(END)?;
    let text: String = text.split_whitespace().collect();
    let content = BASE64.decode(text).ok()?;
    let rest = content.strip_prefix(MAGIC)?;
    let (_cipher, rest) = string(rest)?;
    let (_derivation, rest) = string(rest)?;
    let (_options, rest) = string(rest)?;
    let (keys, rest) = rest.split_at_checked(4)?;
    if keys != 1_u32.to_be_bytes() {
        return None;
    }
    let (key, _sealed) = string(rest)?;
    let (kind, _) = string(key)?;
    let kind = std::str::from_utf8(kind).ok()?;
    Some(format!("{kind} {}", BASE64.encode(key)))
}

/// A string that stands behind its length, and what follows.
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_public_half_is_the_one_that_was_made_with_it() {
        let pair = bramble_fleet::keys::generate("owner@garden").unwrap();
        let public = public_half(pair.private.expose()).unwrap();
        assert_eq!(format!("{public} owner@garden"), pair.public);
    }

    #[test]
    fn what_is_no_key_has_no_public_half() {
        let sealed = format!("{BEGIN}\n{}\n{END}\n", BASE64.encode(MAGIC));
        for text in ["", BEGIN, "-----BEGIN RSA PRIVATE KEY-----", &sealed] {
            assert_eq!(public_half(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_the_content_is_there_is_an_answer(content in any::<Vec<u8>>()) {
            let content = BASE64.encode([MAGIC, &content].concat());
            public_half(&format!("{BEGIN}\n{content}\n{END}\n"));
        }
    }
}
