//! Making and naming SSH keys. Not in here: where keys are kept.

use bramble_cluster::Secret;
use bramble_cluster::secret::KeyPair;
use russh::keys::key::safe_rng;
use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, HashAlg, PrivateKey, PublicKey};

use crate::error::KeyError;

/// Makes a new Ed25519 key pair from the system's random numbers.
pub fn generate(comment: &str) -> Result<KeyPair, KeyError> {
    let mut key = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).map_err(format_error)?;
    key.set_comment(comment);
    Ok(KeyPair {
        private: Secret::new(
            key.to_openssh(LineEnding::LF)
                .map_err(format_error)?
                .to_string(),
        ),
        public: key.public_key().to_openssh().map_err(format_error)?,
    })
}

/// The public half of a private key, on one line without a comment. It stands in
/// clear in OpenSSH's format, also where the rest is sealed with a pass phrase.
pub fn public_half(private: &str) -> Result<String, KeyError> {
    let key = PrivateKey::from_openssh(private).map_err(format_error)?;
    let public = PublicKey::new(key.public_key().key_data().clone(), "");
    public.to_openssh().map_err(format_error)
}

/// The fingerprint of a public key on one line, as `ssh-keygen -l` writes it:
/// `SHA256:...`.
pub fn fingerprint(public: &str) -> Result<String, KeyError> {
    parse_public(public).map(|key| print(&key))
}

/// The fingerprint of a key already read.
pub(crate) fn print(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

pub(crate) fn parse_public(line: &str) -> Result<PublicKey, KeyError> {
    PublicKey::from_openssh(line.trim()).map_err(format_error)
}

pub(crate) fn parse_private(text: &str) -> Result<PrivateKey, KeyError> {
    let key = PrivateKey::from_openssh(text).map_err(format_error)?;
    if key.is_encrypted() {
        return Err(KeyError::Encrypted);
    }
    check_type(&key.algorithm())?;
    Ok(key)
}

/// Whether this program can make and check signatures of the type itself. An
/// agent signs with its own code, so its keys are not asked this.
pub(crate) fn check_type(algorithm: &Algorithm) -> Result<(), KeyError> {
    match algorithm {
        Algorithm::Ed25519 | Algorithm::Ecdsa { .. } => Ok(()),
        other => Err(KeyError::Type(other.to_string())),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn format_error(error: russh::keys::ssh_key::Error) -> KeyError {
    KeyError::Format(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_pair_belongs_together_and_carries_its_comment() {
        let pair = generate("garden head").unwrap();
        let private = parse_private(pair.private.expose()).unwrap();
        let public = parse_public(&pair.public).unwrap();
        assert_eq!(private.public_key().key_data(), public.key_data());
        assert!(pair.public.ends_with(" garden head"), "{}", pair.public);
    }

    #[test]
    fn the_public_half_is_the_one_that_was_made_with_it() {
        let pair = generate("owner@garden").unwrap();
        let half = public_half(pair.private.expose()).unwrap();
        assert_eq!(format!("{} owner@garden", half.trim()), pair.public);
        assert!(public_half("-----BEGIN RSA PRIVATE KEY-----").is_err());
    }

    #[test]
    fn two_generated_pairs_differ() {
        assert_ne!(generate("").unwrap().public, generate("").unwrap().public);
    }

    #[test]
    fn the_fingerprint_is_the_one_that_ssh_keygen_prints() {
        let line =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
        let print = fingerprint(line).unwrap();
        assert_eq!(print, "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
    }

    #[test]
    fn what_is_no_key_is_refused_with_the_remedy() {
        let error = fingerprint("ssh-ed25519 garbage").unwrap_err();
        assert!(
            error.to_string().contains("ssh-keygen -t ed25519"),
            "{error}"
        );
    }
}
