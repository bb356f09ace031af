//! Ctrl-C: the first asks for an orderly end, a second one ends at once.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};

use crate::exit::Exit;
use crate::failure::Failure;

/// A flag that Ctrl-C and SIGTERM set. If it is set already, they end the
/// process.
pub(crate) fn flag() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        let status = i32::from(Exit::Interrupted.code());
        signal_hook::flag::register_conditional_shutdown(signal, status, Arc::clone(&stop))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&stop)))
            .map_err(|error| Failure::new(Exit::Host, format!("cannot catch signals: {error}")))?;
    }
    Ok(stop)
}
