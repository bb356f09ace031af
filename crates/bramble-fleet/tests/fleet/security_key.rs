//! A hardware key made of software, and an ssh-agent that holds it: what is signed
//! is what a FIDO device signs. Not in here: tests.

use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::thread;

use bramble_converge::record::encode;
use russh::keys::signature::Signer as _;
use russh::keys::{Algorithm, PrivateKey};
use sha2::{Digest as _, Sha256};

const KIND: &[u8] = b"sk-ssh-ed25519@openssh.com";
const APPLICATION: &[u8] = b"ssh:";

/// The device says that somebody touched it.
const TOUCHED: u8 = 1;

// Numbers of messages (draft-ietf-sshm-ssh-agent).
const FAILURE: u8 = 5;
const LIST: u8 = 11;
const LISTED: u8 = 12;
const SIGN: u8 = 13;
const SIGNED: u8 = 14;

pub(crate) struct SecurityKey {
    inner: PrivateKey,
}

impl SecurityKey {
    pub(crate) fn new() -> Self {
        let mut random = russh::keys::key::safe_rng();
        Self {
            inner: PrivateKey::random(&mut random, Algorithm::Ed25519).unwrap(),
        }
    }

    /// As `authorized_keys` has it.
    pub(crate) fn public(&self) -> String {
        let kind = String::from_utf8_lossy(KIND);
        format!("{kind} {} a key with a button\n", encode(&self.blob()))
    }

    fn blob(&self) -> Vec<u8> {
        let key = self.inner.public_key().key_data().ed25519().unwrap().0;
        [text(KIND), text(&key), text(APPLICATION)].concat()
    }

    /// Answers as an agent does, as long as the process lives.
    pub(crate) fn serve(self, socket: &Path) {
        let listener = UnixListener::bind(socket).unwrap();
        thread::spawn(move || {
            for client in listener.incoming() {
                // A client that hangs up is done.
                drop(self.answer(client.unwrap()));
            }
        });
    }

    fn answer(&self, mut client: UnixStream) -> std::io::Result<()> {
        loop {
            let mut length = [0; 4];
            client.read_exact(&mut length)?;
            let mut request = vec![0; u32::from_be_bytes(length) as usize];
            client.read_exact(&mut request)?;
            let answer = match request[0] {
                LIST => [vec![LISTED, 0, 0, 0, 1], text(&self.blob()), text(b"key")].concat(),
                SIGN => [vec![SIGNED], text(&self.sign(&request[1..]))].concat(),
                _ => vec![FAILURE],
            };
            client.write_all(&text(&answer))?;
        }
    }

    /// A signature over what the device signs in place of the data (PROTOCOL.u2f of
    /// OpenSSH).
    fn sign(&self, request: &[u8]) -> Vec<u8> {
        let key = u32::from_be_bytes(request[..4].try_into().unwrap()) as usize + 4;
        let length = u32::from_be_bytes(request[key..key + 4].try_into().unwrap()) as usize;
        let data = &request[key + 4..key + 4 + length];
        let counter = 7_u32.to_be_bytes();
        let message = [
            &Sha256::digest(APPLICATION)[..],
            &[TOUCHED],
            &counter,
            &Sha256::digest(data)[..],
        ];
        let signature = self.inner.try_sign(&message.concat()).unwrap();
        [
            &text(KIND)[..],
            &text(signature.as_bytes()),
            &[TOUCHED],
            &counter,
        ]
        .concat()
    }
}

/// Bytes led by their length.
fn text(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
    [&length, bytes].concat()
}
