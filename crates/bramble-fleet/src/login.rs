//! Logging in with keys: the private key first, then those of the agent. Not in
//! here: passwords, in any form.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bramble_cluster::{Secret, UserName};
use bramble_converge::Unreachable;
use russh::client::{AuthResult, Handle, Handler};
use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::AgentClient;
use russh::keys::{Algorithm, HashAlg, PrivateKey, PrivateKeyWithHashAlg};
use tokio::net::UnixStream;

use crate::error::{FleetError, KeyError};
use crate::keys;
use crate::reason;

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

/// An identity whose key has been read.
pub(crate) struct Login {
    user: String,
    key: Option<Arc<PrivateKey>>,
    /// Why there is a private key that is not offered.
    withheld: Option<KeyError>,
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
                key: key.map(Arc::new),
                withheld: None,
            }),
            Err(reason @ (KeyError::Encrypted | KeyError::Type(_))) if identity.agent.is_some() => {
                Ok(Self {
                    user,
                    key: None,
                    withheld: Some(reason),
                })
            }
            Err(reason) => Err(FleetError::PrivateKey { user, reason }),
        }
    }

    /// Offers one key after the other until one is taken: the private key, then
    /// those of the ssh-agent at the socket `agent`.
    pub(crate) async fn log_in<H: Handler>(
        &self,
        handle: &mut Handle<H>,
        agent: Option<&Path>,
    ) -> Result<(), Unreachable> {
        let mut offered = 0;
        if let Some(key) = &self.key {
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

/// A server that has hung up reads as one that said no; tell them apart.
fn taken<H: Handler, E: std::fmt::Display>(
    handle: &Handle<H>,
    outcome: Result<AuthResult, E>,
) -> Result<bool, Unreachable> {
    match outcome {
        Ok(AuthResult::Success) => Ok(true),
        Ok(AuthResult::Failure { .. }) if !handle.is_closed() => Ok(false),
        Ok(AuthResult::Failure { .. }) => Err(Unreachable::Lost("during login".to_owned())),
        Err(error) => Err(Unreachable::Lost(reason::harmless(&error.to_string()))),
    }
}
