//! Public keys of people, one line each. Not in here: bramble's own keys.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::reader::Text;

/// As sshd reads it: padded or not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The types of keys that Debian's OpenSSH accepts.
const TYPES: &[&str] = &[
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
];

/// The key, if it is one line that begins with the type of a key.
pub(super) fn check(text: &Text<'_>) -> Option<String> {
    let code = "invalid-key";
    if text.value.contains("PRIVATE KEY") {
        let title = "this is a private key, which must never be in the cluster file".to_owned();
        let help = "write the public key, the one line of a file such as `~/.ssh/id_ed25519.pub`; \
                    make a new pair if this file was shown to anyone";
        return text.fail(code, title, "a private key", help);
    }
    let mut words = text.value.split(' ');
    let (kind, body) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let right = TYPES.contains(&kind)
        && begins_with_type(body, kind)
        && !text.value.chars().any(char::is_control);
    if right {
        return Some(text.value.trim_end().to_owned());
    }
    let title = "this is no public key on one line".to_owned();
    let help = "write the line of a file such as `~/.ssh/id_ed25519.pub`: \
                `ssh-ed25519 AAAA... me`";
    text.fail(code, title, "not a public key", help)
}

/// Whether the key says its own type: its length in four bytes, its letters, and
/// something after them (RFC 4253, section 6.6).
fn begins_with_type(body: &str, kind: &str) -> bool {
    let Ok(key) = BASE64.decode(body) else {
        return false;
    };
    let length = u32::try_from(kind.len()).unwrap_or(u32::MAX).to_be_bytes();
    let rest = key.strip_prefix(&length);
    let rest = rest.and_then(|rest| rest.strip_prefix(kind.as_bytes()));
    rest.is_some_and(|rest| !rest.is_empty())
}
