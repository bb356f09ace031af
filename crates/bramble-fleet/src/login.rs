//! Logging in with keys: private keys first, then those of the agent. Not in here:
//! logging in by password (`password`), which only guests do.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bramble_cluster::{Secret, UserName};
use bramble_converge::Unreachable;
use russh::client::{Handle, Handler};
use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::AgentClient;
use russh::keys::{Algorithm, HashAlg, PrivateKey, PrivateKeyWithHashAlg};
use tokio::net::UnixStream;

use crate::answer::taken;
use crate::error::{FleetError, KeyError};
use crate::keys;
use crate::password;

/// Who logs in, and with what.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The account on every node.
    pub user: UserName,
    /// An OpenSSH private key.
    pub key: Option<Secret<String>>,
    /// The socket of an ssh-agent, tried after `key`.
    pub agent: Option<PathBuf>,
}

/// Somebody else than the cluster's account, on a machine that does not know that
/// account yet.
#[derive(Debug, Clone)]
pub struct Guest {
    /// The account there.
    pub user: UserName,
    /// What it is let in with.
    pub by: GuestBy,
}

/// What a guest is let in with.
#[derive(Debug, Clone)]
pub enum GuestBy {
    /// OpenSSH private keys, offered in this order and before those of the agent. One
    /// that cannot be used is passed over.
    Keys(Vec<Secret<String>>),
    /// A password, and nothing else: every key that is offered before counts as one of
    /// the few tries that a server allows.
    Password(Secret<String>),
}

/// An identity whose key has been read.
pub(crate) struct Login {
    user: String,
    keys: Vec<Arc<PrivateKey>>,
    /// Why there is a private key that is not offered.
    withheld: Option<KeyError>,
    password: Option<Secret<String>>,
}

impl Login {
    /// A key that has a pass phrase, or is of a type that only others can sign with,
    /// is left to the agent, if there is one.
    pub(crate) fn new(identity: &Identity) -> Result<Self, FleetError> {
        let user = identity.user.to_string();
        if identity.key.is_none() && identity.agent.is_none() {
            return Err(FleetError::NothingToOffer { user });
        }
        let key = identity
            .key
            .as_ref()
            .map(|text| keys::parse_private(text.expose()))
            .transpose();
        match key {
            Ok(key) => Ok(Self {
                user,
                keys: key.map(Arc::new).into_iter().collect(),
                withheld: None,
                password: None,
            }),
            Err(reason @ (KeyError::Encrypted | KeyError::Type(_))) if identity.agent.is_some() => {
                Ok(Self {
                    user,
                    keys: Vec::new(),
                    withheld: Some(reason),
                    password: None,
                })
            }
            Err(reason) => Err(FleetError::PrivateKey { user, reason }),
        }
    }

    /// What a guest has; keys that cannot be used are passed over.
    pub(crate) fn guest(guest: &Guest) -> Self {
        let (keys, withheld, password) = match &guest.by {
            GuestBy::Keys(texts) => {
                let (keys, withheld) = usable(texts);
                (keys, withheld, None)
            }
            GuestBy::Password(password) => (Vec::new(), None, Some(password.clone())),
        };
        Self {
            user: guest.user.to_string(),
            keys,
            withheld,
            password,
        }
    }

    /// Offers one key after the other until one is taken: the private keys, then
    /// those of the ssh-agent at the socket `agent`. Who has a password offers that
    /// alone.
    pub(crate) async fn log_in<H: Handler>(
        &self,
        handle: &mut Handle<H>,
        agent: Option<&Path>,
    ) -> Result<(), Unreachable> {
        if let Some(password) = &self.password {
            return password::log_in(handle, &self.user, password).await;
        }
        let mut offered = 0;
        for key in &self.keys {
            offered += 1;
            let key = PrivateKeyWithHashAlg::new(Arc::clone(key), None);
            let outcome = handle.authenticate_publickey(&self.user, key).await;
            if taken(handle, outcome)? {
                return Ok(());
            }
        }
        if let Some(socket) = agent {
            match agent_keys(socket).await {
                Ok((mut agent, identities)) => {
                    for identity in identities {
                        offered += 1;
                        if self.offer(handle, &mut agent, identity).await? {
                            return Ok(());
                        }
                    }
                }
                Err(reason) if offered == 0 => return Err(Unreachable::Lost(reason)),
                // A stale socket is common; that the key was refused is what to tell.
                Err(_) => {}
            }
        }
        Err(self.refused(offered))
    }

    fn refused(&self, offered: usize) -> Unreachable {
        let user = self.user.clone();
        match &self.withheld {
            Some(reason) => Unreachable::RefusedWithoutKey {
                user,
                offered,
                reason: reason.to_string(),
            },
            None => Unreachable::Refused { user, offered },
        }
    }

    async fn offer<H: Handler>(
        &self,
        handle: &mut Handle<H>,
        agent: &mut AgentClient<UnixStream>,
        identity: AgentIdentity,
    ) -> Result<bool, Unreachable> {
        let hash = hash(handle, &identity).await;
        let user = self.user.clone();
        let outcome = match identity {
            AgentIdentity::PublicKey { key, .. } => {
                handle
                    .authenticate_publickey_with(user, key, hash, agent)
                    .await
            }
            AgentIdentity::Certificate { certificate, .. } => {
                handle
                    .authenticate_certificate_with(user, certificate, hash, agent)
                    .await
            }
        };
        match outcome {
            // The agent holds the key and will not sign: the next may do.
            Err(_) if !handle.is_closed() => Ok(false),
            outcome => taken(handle, outcome),
        }
    }
}

/// The keys that can be offered, and why the first other one cannot.
fn usable(texts: &[Secret<String>]) -> (Vec<Arc<PrivateKey>>, Option<KeyError>) {
    let (mut usable, mut withheld) = (Vec::new(), None);
    for text in texts {
        match keys::parse_private(text.expose()) {
            Ok(key) => usable.push(Arc::new(key)),
            Err(reason) => withheld = withheld.or(Some(reason)),
        }
    }
    (usable, withheld)
}

/// The `ssh-rsa` signature proper is SHA-1 and no longer accepted, so one of
/// its successors must be named for RSA keys.
async fn hash<H: Handler>(handle: &Handle<H>, identity: &AgentIdentity) -> Option<HashAlg> {
    if !matches!(identity.public_key().algorithm(), Algorithm::Rsa { .. }) {
        return None;
    }
    let told = handle
        .best_supported_rsa_hash()
        .await
        .ok()
        .flatten()
        .flatten();
    Some(told.unwrap_or(HashAlg::Sha512))
}

async fn agent_keys(
    socket: &Path,
) -> Result<(AgentClient<UnixStream>, Vec<AgentIdentity>), String> {
    let silent = |error| {
        format!(
            "the ssh-agent at {} does not answer: {error}",
            socket.display()
        )
    };
    let mut agent = AgentClient::connect_uds(socket).await.map_err(silent)?;
    let identities = agent.request_identities().await.map_err(silent)?;
    Ok((agent, identities))
}
