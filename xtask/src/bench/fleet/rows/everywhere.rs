//! `true` on 256 nodes: by new connections, and over those that the run before
//! left. Not in here: how long connections last.

use super::super::bed::{Bed, address};
use super::super::clusters::{self, Way};
use super::super::measure::rounds;
use super::super::ours::{COLD, FIRST, Ours, WARM, three_ways};
use super::super::peers::{CLUSH, PDSH, Peers};
use super::super::report::{Kind, Outcome};
use super::super::servers::Server;
use super::Plan;
use crate::failure::Failure;

const NODES: u32 = 256;

/// What ours may take of pdsh's and of clush's time, new connections, when both
/// cores are busy with the server's part; and of their processor time.
const GOAL: f64 = 0.70;
const GOAL_CPU: f64 = 0.10;

/// And when the server takes next to nothing.
const GOAL_CHEAP: f64 = 0.15;

/// What warm connections may take of a cold run's time.
const GOAL_WARM: f64 = 0.10;

pub(super) fn openssh(bed: &Bed, plan: &Plan) -> Result<Outcome, Failure> {
    let server = Server::openssh(bed)?;
    let mut outcome = measure(bed, plan, "true on 256, OpenSSH server", true)?;
    drop(server);
    for ours in [COLD, FIRST] {
        for peer in [PDSH, CLUSH] {
            outcome.ratio(Kind::Wall, ours, peer, Some(GOAL));
            outcome.ratio(Kind::Cpu, ours, peer, Some(GOAL_CPU));
        }
    }
    outcome.ratio(Kind::Wall, WARM, PDSH, Some(GOAL_WARM));
    outcome.ratio(Kind::Wall, WARM, COLD, None);
    Ok(outcome)
}

pub(super) fn cheap(bed: &Bed, plan: &Plan) -> Result<Outcome, Failure> {
    let server = Server::cheap()?;
    let mut outcome = measure(bed, plan, "true on 256, cheap server", false)?;
    drop(server);
    for ours in [COLD, FIRST] {
        for peer in [PDSH, CLUSH] {
            outcome.ratio(Kind::Wall, ours, peer, Some(GOAL_CHEAP));
        }
    }
    outcome.ratio(Kind::Wall, WARM, PDSH, None);
    outcome.ratio(Kind::Wall, WARM, COLD, None);
    Ok(outcome)
}

/// `openssh`: whether the server knows the key exchange that the peers' `ssh` prefers.
fn measure(bed: &Bed, plan: &Plan, title: &str, openssh: bool) -> Result<Outcome, Failure> {
    let file = clusters::write(bed, NODES, Way::Direct)?;
    let ours = Ours::new(bed, &file);
    let hosts: Vec<_> = (0..NODES).map(|node| address(node).to_string()).collect();
    let peers = Peers::new(bed, &hosts, false)?;
    let words = [
        vec!["run", "@worker", "--cold", "--", "true"],
        vec!["run", "@worker", "--", "true"],
    ];
    let mut tools: Vec<_> = three_ways(&ours, &words).into();
    tools.extend(peers.true_on_all());
    tools.extend(openssh.then(|| peers.pdsh_as_it_comes()));
    Ok(Outcome::new(title, rounds(bed, &tools, plan.runs)))
}
