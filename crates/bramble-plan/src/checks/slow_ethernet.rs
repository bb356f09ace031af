//! `slow-ethernet`: what a board's Ethernet really carries.

use bramble_cluster::catalogue::Ethernet;
use bramble_cluster::cluster::Purpose;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::unit::BitRate;

use super::Check;
use super::placed::{Placed, tell};
use super::sizes;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "slow-ethernet",
    text: include_str!("slow_ethernet.md"),
    find,
};

/// Fast Ethernet, in bits a second.
const FAST: u64 = 100_000_000;

fn find(site: &Site<'_>) -> Vec<Finding> {
    if site.cluster.nodes.len() < 2 {
        return Vec::new();
    }
    Placed::all(site)
        .filter_map(|placed| slow(&placed))
        .collect()
}

fn slow(placed: &Placed<'_>) -> Option<Finding> {
    let ethernet = placed.board().ethernet.as_ref()?;
    let parallel = placed.site.cluster.purpose.contains(&Purpose::Parallel);
    match (ethernet.rated, carried(ethernet)) {
        (Some(rated), Some(real)) if is_far_below(real, rated) => {
            Some(far_below(placed, ethernet, rated, real))
        }
        (_, Some(speed)) | (Some(speed), None) => (parallel && speed.bits_per_second() <= FAST)
            .then(|| fast_only(placed, ethernet, speed)),
        (None, None) => (ethernet.port == Some(true)).then(|| unknown(placed)),
    }
}

/// What was measured, else what the maker promises at most.
pub(super) fn carried(ethernet: &Ethernet) -> Option<BitRate> {
    ethernet.measured.or(ethernet.limit)
}

/// Whether what a port carries is less than half of what it is rated for: beyond
/// what headers and acknowledgements cost.
pub(super) fn is_far_below(real: BitRate, rated: BitRate) -> bool {
    real.bits_per_second().saturating_mul(2) < rated.bits_per_second()
}

fn far_below(placed: &Placed<'_>, ethernet: &Ethernet, rated: BitRate, real: BitRate) -> Finding {
    let because = ethernet.reason.as_ref().map(|reason| format!(": {reason}"));
    let name = &placed.board().name;
    let because = because.unwrap_or_default();
    let title = format!("the Ethernet of the {name} carries {real} of {rated}{because}");
    placed
        .found(CHECK.id, Severity::Note, "board", title)
        .label(format!("{real} at most"))
        .figure(sizes::speed("rated", rated))
        .figure(sizes::speed("carried", real).said_by(ethernet.source.as_deref()))
        .remedy("plan with what it carries: a faster switch or cable gains nothing here")
}

fn fast_only(placed: &Placed<'_>, ethernet: &Ethernet, speed: BitRate) -> Finding {
    let name = &placed.board().name;
    let title = format!("the {name} has {speed} for jobs that talk between boards");
    placed
        .found(CHECK.id, Severity::Note, "board", title)
        .label(format!("{speed} at most"))
        .figure(sizes::speed("carried", speed).said_by(ethernet.source.as_deref()))
        .remedy("choose jobs that compute much and send little, or boards with gigabit Ethernet")
}

fn unknown(placed: &Placed<'_>) -> Finding {
    let board = placed.board();
    let title = format!(
        "how fast files and messages travel cannot be checked: the catalogue does not know the Ethernet speed of the {}",
        board.name
    );
    let keys = "`ethernet = { rated = \"1Gb/s\" }`";
    placed
        .unknown(CHECK.id, "board", title)
        .remedy(tell(board, keys))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};

    const PARALLEL: &str = "[cluster]\npurpose = [\"parallel\"]";

    fn nodes(board: &str) -> String {
        file(&format!(
            "[[nodes]]\nnames = \"node[1-3]\"\nboard = \"{board}\""
        ))
    }

    fn parallel(board: &str) -> String {
        nodes(board).replace("[cluster]", PARALLEL)
    }

    #[test]
    fn a_gigabit_port_behind_usb_2_is_told_with_both_figures() {
        let found = of("slow-ethernet", &nodes("rpi3bplus"));
        assert_eq!(found.len(), 1);
        let title = "the Ethernet of the Raspberry Pi 3 Model B+ carries 253 Mb/s of 1 Gb/s: gigabit port behind USB 2.0";
        assert_eq!(found[0].title, title);
        let lines: Vec<_> = found[0].figures.iter().map(|figure| figure.value).collect();
        assert_eq!(lines, [1000.0, 253.0]);
        assert!(found[0].figures[1].source.is_some());
    }

    #[test]
    fn fast_ethernet_matters_where_jobs_talk() {
        assert_eq!(of("slow-ethernet", &parallel("rpi3b")).len(), 1);
        assert!(of("slow-ethernet", &nodes("rpi3b")).is_empty());
    }

    #[test]
    fn a_port_that_carries_what_it_is_rated_for_is_fine() {
        assert!(of("slow-ethernet", &parallel("vim3-basic")).is_empty());
    }

    #[test]
    fn an_unknown_speed_is_said() {
        let own = "[catalogue.boards.mine]\nname = \"Mine\"\ncores = 4\nram = [\"1GB\"]\nethernet = { port = true }";
        let found = of("slow-ethernet", &format!("{}\n{own}", nodes("mine")));
        assert!(
            found[0]
                .title
                .contains("does not know the Ethernet speed of the Mine")
        );
        assert!(found[0].remedy.contains("[catalogue.boards.mine]"));
    }
}
