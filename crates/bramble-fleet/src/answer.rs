//! What a server answers to an offer of a key or a password. Not in here: offering.

use bramble_converge::Unreachable;
use russh::client::{AuthResult, Handle, Handler};

use crate::reason;

/// Whether it was taken. A server that has hung up reads as one that said no; tell them apart.
pub(crate) fn taken<H: Handler, E: std::fmt::Display>(
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
