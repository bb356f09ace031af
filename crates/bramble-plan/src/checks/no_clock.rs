//! `no-clock`: the nodes need the time from somewhere.

use bramble_cluster::cluster::{Internet, TimeSource};
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::Check;
use super::placed::{Placed, tell};
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "no-clock",
    text: include_str!("no_clock.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    if site.cluster.nodes.len() < 2 {
        return Vec::new();
    }
    let Some(server) = Placed::with_role(site, "time").next() else {
        return vec![nobody(site)];
    };
    let finding = match site.cluster.time {
        TimeSource::Gps => None,
        TimeSource::None => Some(no_source(&server)),
        TimeSource::Internet => no_way(&server),
    };
    finding.into_iter().collect()
}

fn nobody(site: &Site<'_>) -> Finding {
    let title = "no node has the role `time`: the nodes' clocks drift apart, and jobs are refused when they differ by 5 minutes";
    Finding::new(
        CHECK.id,
        Severity::Warning,
        title,
        Table::Group(0).key("roles"),
    )
    .label("no `time`")
    .remedy(format!(
        "add `time` to the roles of `{}`",
        site.cluster.head().name
    ))
}

fn no_source(server: &Placed<'_>) -> Finding {
    let board = server.board();
    let at = |severity, title: String| {
        Finding::new(CHECK.id, severity, title, Table::Time.key("source"))
            .about(server.group, server.site)
            .label("agree with each other only")
    };
    let name = &board.name;
    match board.rtc {
        Some(true) => {
            let title =
                format!("the time is as right as the clock of the {name}, if it has a battery");
            at(Severity::Note, title)
                .remedy("put a battery into it, or write `source = \"gps\"` or `\"internet\"`")
        }
        Some(false) => {
            let title = format!(
                "the {name} has no clock of its own: after a power cut all nodes agree on a wrong time"
            );
            at(Severity::Warning, title).remedy("write `source = \"internet\"` or `\"gps\"`, or give the role `time` to a board with a clock")
        }
        None => {
            let title = format!(
                "whether the time is right after a power cut cannot be checked: the catalogue does not know whether the {name} has a clock"
            );
            at(Severity::Note, title).remedy(tell(board, "`rtc = true` or `false`"))
        }
    }
}

/// What is wrong with the server's way to time servers of the internet.
fn no_way(server: &Placed<'_>) -> Option<Finding> {
    let cluster = server.site.cluster;
    let is_head = server.index == 0;
    if is_head && cluster.head().uplink.is_some() {
        return None;
    }
    if cluster.gateway().is_some() {
        return behind_the_head(server);
    }
    if cluster.network.router.is_some() {
        return None;
    }
    let name = cluster
        .provider("time")
        .map_or("the server", |node| node.name.as_str());
    if server.hardware().adopt {
        let title = format!(
            "whether `{name}` reaches the internet for the time cannot be checked: the file tells no way, and it runs already"
        );
        let finding = server.unknown(CHECK.id, "adopt", title);
        return Some(finding.remedy(WAYS));
    }
    let title = format!("`{name}` is to ask the internet for the time, and has no way there");
    let finding = Finding::new(CHECK.id, Severity::Error, title, Table::Network.header())
        .about(server.group, server.site)
        .label("neither a router nor an uplink")
        .remedy(format!(
            "{WAYS}, or write `source = \"gps\"` or `\"none\"` in `[time]`"
        ));
    Some(finding)
}

const WAYS: &str = "add `router = \"192.168.1.1\"` (yours) to `[network]`, or `uplink = { wifi = \"HomeWifi\" }` to `[head]`";

/// A server that goes out through the head, as far as that lets it.
fn behind_the_head(server: &Placed<'_>) -> Option<Finding> {
    let (severity, when) = match server.site.cluster.network.internet {
        Internet::Always => return None,
        Internet::OnDemand => (
            Severity::Warning,
            "only while `bramble internet on` lets it out",
        ),
        Internet::Never => (Severity::Error, "and the head never lets it out"),
    };
    let title = format!("the time server asks the internet for the time, {when}");
    let place = Table::Network.key("internet");
    let finding = Finding::new(CHECK.id, severity, title, place)
        .about(server.group, server.site)
        .label("holds for the time server too")
        .remedy("give the role `time` to the head, which has a way of its own, or write `internet = \"always\"`");
    Some(finding)
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity;

    use super::super::fixture::of;

    /// A head with `head`, a worker, and what else is told.
    fn found(head: &str, network: &str, rest: &str) -> Vec<(Severity, String)> {
        let text = format!(
            "[cluster]\nname = \"test\"\n[network]\nsubnet = \"10.55.0.0/24\"\n{network}\n\
             [head]\nname = \"head\"\n{head}\n\
             [[nodes]]\nnames = \"node[1-2]\"\nboard = \"rpi3b\"\n{rest}"
        );
        let found = of("no-clock", &text).into_iter();
        found
            .map(|finding| (finding.severity, finding.title))
            .collect()
    }

    const PI: &str = "board = \"rpi3b\"";
    const WIFI: &str = "board = \"rpi3b\"\nuplink = { wifi = \"Home\" }";

    #[test]
    fn without_a_way_out_nobody_can_be_asked() {
        let found = found(PI, "", "");
        assert_eq!(found[0].0, Severity::Error);
        assert_eq!(
            found[0].1,
            "`head` is to ask the internet for the time, and has no way there"
        );
    }

    #[test]
    fn an_uplink_or_a_router_is_a_way() {
        assert_eq!(found(WIFI, "", ""), []);
        assert_eq!(found(PI, "router = \"10.55.0.1\"", ""), []);
    }

    #[test]
    fn a_server_behind_the_head_goes_out_when_the_head_lets_it() {
        let server = "roles = [\"time\", \"worker\"]";
        let head = format!("{WIFI}\nroles = [\"gateway\", \"scheduler\"]");
        let with = |internet: &str| found(&head, &format!("internet = \"{internet}\""), server);
        assert_eq!(with("always"), []);
        assert_eq!(with("on-demand")[0].0, Severity::Warning);
        assert_eq!(with("never")[0].0, Severity::Error);
    }

    #[test]
    fn without_a_source_the_servers_own_clock_counts() {
        let with = |board: &str| found(board, "", "[time]\nsource = \"none\"");
        assert_eq!(with(PI)[0].0, Severity::Warning);
        assert_eq!(with("board = \"rpi5\"\nram = \"4GB\"")[0].0, Severity::Note);
        let unknown = with("board = \"vim3-basic\"");
        assert_eq!(unknown[0].0, Severity::Note);
        assert!(unknown[0].1.contains("does not know"), "{}", unknown[0].1);
    }

    #[test]
    fn a_gps_receiver_needs_no_way_out() {
        assert_eq!(found(PI, "", "[time]\nsource = \"gps\""), []);
    }

    #[test]
    fn without_a_server_the_clocks_drift() {
        let head = format!("{WIFI}\nroles = [\"gateway\", \"scheduler\"]");
        assert_eq!(found(&head, "", "")[0].0, Severity::Warning);
    }
}
