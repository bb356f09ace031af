//! The workers' way out, by the gateway.

use std::collections::BTreeMap;

use bramble_cluster::Cluster;
use bramble_converge::{NodeFailure, Transport as _, Unreachable};
use bramble_fleet::Fleet;
use bramble_roles::{WayOut, WayState};

use crate::exit::Exit;
use crate::failure::Failure;

/// Has the gateway do what is ordered, and gives the state afterwards.
pub(crate) fn order(fleet: &Fleet, cluster: &Cluster, order: WayOut) -> Result<WayState, Failure> {
    let keeper = WayOut::keeper(cluster).ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            "no node with the role `gateway` has an uplink, so there is no way to open or close",
        )
        .hint("give it to the head: `roles = [\"gateway\", ...]`")
    })?;
    let requests = BTreeMap::from([(keeper.name.clone(), order.request(cluster))]);
    let answer = fleet
        .exchange(requests, &mut |_, _| {})
        .remove(&keeper.name)
        .unwrap_or(Err(Unreachable::Interrupted))
        .map_err(|reason| {
            let exit = Exit::of(&NodeFailure::Unreachable(reason.clone()));
            Failure::new(exit, format!("{}: {reason}", keeper.name))
        })?;
    WayState::parse(&answer).map_err(|malformed| {
        Failure::new(Exit::Failed, format!("{}: {malformed}", keeper.name))
            .hint("bring the gateway to what the cluster file says: `bramble up`")
    })
}
