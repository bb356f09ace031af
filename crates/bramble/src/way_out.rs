//! The workers' way out, by the gateway.

use std::collections::BTreeMap;

use bramble_converge::{Transport as _, Unreachable};
use bramble_fleet::Fleet;
use bramble_roles::{WayOut, WayState};

use crate::advice;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::Target;

/// Has the gateway do over `fleet` what is ordered, and gives the state afterwards.
pub(crate) fn order(target: &Target, fleet: &Fleet, order: WayOut) -> Result<WayState, Failure> {
    let cluster = &target.cluster;
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
        .map_err(|why| advice::failure(target, &keeper.name, why))?;
    WayState::parse(&answer).map_err(|malformed| {
        Failure::new(Exit::Failed, format!("{}: {malformed}", keeper.name))
            .hint("bring the gateway to what the cluster file says: `bramble up`")
    })
}
