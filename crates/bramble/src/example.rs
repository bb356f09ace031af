//! What `bramble try` carries inside, so that it works without the checkout.

/// The cluster of the guide that the project began with: five Raspberry Pi 3B+
/// workers behind a Pi 4.
pub(crate) const CLUSTER: &str = include_str!("../../../examples/002-recipe/bramble.toml");

/// Pi by the midpoint rule, with mpi4py.
pub(crate) const PI: &str = include_str!("../../../examples/jobs/pi.py");
