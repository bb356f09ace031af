//! Which boards are on the cluster's own network, by what others know of them. Not in
//! here: making them nodes (`adopt`).

pub(crate) mod ask;
pub(crate) mod mdns;
pub(crate) mod sighting;
pub(crate) mod tables;
