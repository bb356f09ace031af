//! Whether a line is a public key of OpenSSH, as far as it tells by itself. Not in
//! here: which types of keys may log in, which the reader of cluster files says.

/// What a letter of base64 stands for.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Whether the second word of `line` is base64 that begins with the first: its
/// length in four bytes, and its letters. Something has to follow.
pub(super) fn names_its_type(line: &str) -> bool {
    let mut words = line.split(' ');
    let (Some(kind), Some(body)) = (words.next(), words.next()) else {
        return false;
    };
    let Some(bytes) = decoded(body) else {
        return false;
    };
    let length = u32::try_from(kind.len()).unwrap_or(u32::MAX).to_be_bytes();
    let rest = bytes.strip_prefix(&length);
    let rest = rest.and_then(|rest| rest.strip_prefix(kind.as_bytes()));
    rest.is_some_and(|rest| !rest.is_empty())
}

/// The whole bytes of base64.
fn decoded(body: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0_u32, Vec::new());
    for letter in body.trim_end_matches('=').bytes() {
        let value = LETTERS.iter().position(|one| *one == letter)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_begins_with_its_own_type() {
        let right = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGarden me@laptop";
        assert!(names_its_type(right));
        assert!(names_its_type("ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB"));
        for wrong in [
            "ssh-rsa AAAA",
            "ssh-rsa",
            "ssh-rsa AAAAB3NzaC1yc2E",
            "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIGarden",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5-AAAI",
        ] {
            assert!(!names_its_type(wrong), "{wrong}");
        }
    }
}
