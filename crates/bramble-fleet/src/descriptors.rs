//! The number of files that a process may have open. Not in here: how many
//! connections are kept (`pool`).

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Lifts the soft limit to the hard one: each connection takes a descriptor, and
/// the soft limit is 1,024 by tradition, for programs that use `select`.
pub(crate) fn raise() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        // What is not allowed leaves the limit that is there.
        let _stays = setrlimit(
            Resource::Nofile,
            Rlimit {
                current: limit.maximum,
                maximum: limit.maximum,
            },
        );
    }
}
