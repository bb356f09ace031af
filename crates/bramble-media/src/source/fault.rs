//! What an error of an unpacker means. Not in here: unpacking.

use std::io;

use super::input::CannotRead;
use super::outlet::Outlet;
use super::packing::WINDOW_MIB;
use super::{SourceError, zstandard};

/// What an error means that came up at byte `at` of the source.
pub(super) fn fault(outlet: &Outlet, at: u64, error: io::Error) -> SourceError {
    let name = outlet.name.clone();
    let within = error.get_ref();
    if within
        .and_then(|it| it.downcast_ref::<CannotRead>())
        .is_some()
    {
        let what = "be read";
        return SourceError::Io { name, what, error };
    }
    if needs_too_much(&error) {
        let reason = format!(
            "it needs more than {WINDOW_MIB} MiB of memory; unpack it with `{} -d` first",
            outlet.packing
        );
        return SourceError::Unsupported { name, reason };
    }
    let reason = match error.kind() {
        io::ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
        _ => error.to_string(),
    };
    SourceError::Broken {
        name,
        packing: outlet.packing,
        at,
        reason,
    }
}

fn needs_too_much(error: &io::Error) -> bool {
    let within = error.get_ref();
    let of_xz = within.and_then(|it| it.downcast_ref::<liblzma::stream::Error>());
    matches!(of_xz, Some(liblzma::stream::Error::MemLimit)) || zstandard::needs_too_much(error)
}
