//! Public keys of people, one line each. Not in here: bramble's own keys.

use crate::reader::Text;

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
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    let right = TYPES.contains(&kind)
        && body.starts_with("AAAA")
        && body.bytes().all(base64)
        && !text.value.chars().any(char::is_control);
    if right {
        return Some(text.value.trim_end().to_owned());
    }
    let title = "this is no public key on one line".to_owned();
    let help = "write the line of a file such as `~/.ssh/id_ed25519.pub`: \
                `ssh-ed25519 AAAA... me`";
    text.fail(code, title, "not a public key", help)
}
