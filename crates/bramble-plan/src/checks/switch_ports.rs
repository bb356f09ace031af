//! `switch-ports`: a port for every cable. Not in here: what the ports give
//! (`poe_budget`).

use std::sync::Arc;

use bramble_cluster::Cluster;
use bramble_cluster::catalogue::Switch;
use bramble_cluster::cluster::Group;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;
use bramble_cluster::unit::Power;

use super::{Check, poe_budget, poe_switch};
use crate::finding::{Figure, Finding};
use crate::poe;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "switch-ports",
    text: include_str!("switch_ports.md"),
    find,
};

/// What is to be plugged in.
struct Demand {
    /// Nodes that the switch feeds.
    fed: u32,
    /// All others.
    others: u32,
    /// One, if the nodes are part of a network that has a router.
    router: u32,
}

fn find(site: &Site<'_>) -> Vec<Finding> {
    let demand = Demand::of(site);
    let finding = match &site.cluster.network.switch {
        None if demand.nodes() > 1 => Some(no_switch(&demand, site)),
        Some(switch) if !site.wiring.without_port.is_empty() => {
            Some(too_few(switch, &demand, site))
        }
        _ => None,
    };
    finding.into_iter().collect()
}

fn no_switch(demand: &Demand, site: &Site<'_>) -> Finding {
    let title = "whether the switch has enough ports cannot be checked: no switch is named";
    Finding::new(CHECK.id, Severity::Note, title, Table::Network.header())
        .label("no `switch`")
        .figure(Figure::new("nodes", demand.nodes(), ""))
        .figure(Figure::new("for the router", demand.router, ""))
        .remedy(which(demand, site))
}

/// Which switch to name: what it has to have, and one that has it, if the catalogue
/// knows any.
fn which(demand: &Demand, site: &Site<'_>) -> String {
    let needed = demand.needed(site);
    match fitting(demand, site) {
        Some(id) => format!(
            "add `switch = \"{id}\"` to `[network]`, or the one you have: it takes {needed}"
        ),
        None => format!(
            "add `switch` to `[network]`: it takes {needed}, or several that are linked (`switches`); describe one that the catalogue lacks under `[catalogue.switches.ID]`"
        ),
    }
}

/// The first switch of the catalogue of which one is enough, as far as rules know.
fn fitting<'a>(demand: &Demand, site: &Site<'a>) -> Option<&'a str> {
    // What is tried out is a whole cluster: none with more cables than ports.
    let wide = |switch: &&Arc<Switch>| switch.ports >= demand.cables();
    let fits = |switch: &&Arc<Switch>| {
        let mut cluster: Cluster = site.cluster.clone();
        cluster.network.switch = Some(Arc::clone(switch));
        cluster.network.switches = 1;
        let with = Site::new(&cluster, site.catalogue, site.reference);
        let rules = [&CHECK, &poe_switch::CHECK, &poe_budget::CHECK];
        rules.iter().all(|check| (check.find)(&with).is_empty())
    };
    let mut switches = site.catalogue.switches.values().filter(wide);
    switches.find(fits).map(|switch| switch.id.as_str())
}

fn too_few(switch: &Switch, demand: &Demand, site: &Site<'_>) -> Finding {
    let count = site.cluster.network.switches.max(1);
    let there = switch.ports.saturating_mul(count);
    let needed = demand.cables() + links(switch, count);
    let title = format!("{needed} ports are needed, and there are {there}");
    let remedy = match demand.switches(switch) {
        Some(right) => {
            format!("write `switches = {right}` in `[network]`, or choose a switch with more ports")
        }
        None => "choose a switch with more ports: of this one no number is enough".to_owned(),
    };
    let place = Table::Network.key("switch");
    let mut finding = Finding::new(CHECK.id, Severity::Error, title, place)
        .label(format!("{} ports each", switch.ports))
        .figure(Figure::new("nodes", demand.nodes(), ""));
    let rest = [
        ("for the router", demand.router),
        ("ends of cables between switches", links(switch, count)),
    ];
    for (what, ports) in rest {
        finding = finding.figure(Figure::new(what, ports, ""));
    }
    let source = switch.source.as_deref();
    finding
        .figure(Figure::new("ports there", there, "").said_by(source))
        .about_nodes(&site.wiring.without_port, site)
        .remedy(remedy)
}

/// Ports that `count` switches in a row take for each other.
fn links(switch: &Switch, count: u32) -> u32 {
    match switch.mesh {
        Some(_) => 0,
        None => count.saturating_sub(1).saturating_mul(2),
    }
}

impl Demand {
    fn of(site: &Site<'_>) -> Self {
        let groups = &site.cluster.groups;
        let fed = groups.iter().filter(|group| group.hardware.poe().is_some());
        let fed = fed.map(Group::count).sum();
        let all: u32 = groups.iter().map(Group::count).sum();
        Self {
            fed,
            others: all - fed,
            router: u32::from(site.cluster.head().uplink.is_none()),
        }
    }

    /// What one switch for all has to have, in words.
    fn needed(&self, site: &Site<'_>) -> String {
        let groups = poe::groups(site);
        let reserved = groups
            .map(|(_, group, feed)| poe::wanted(feed, &group.hardware, site).times(group.count()));
        let reserved: Power = reserved.sum();
        let (ports, fed) = (self.cables(), self.fed);
        match fed {
            0 => format!("a switch with {ports} ports"),
            _ if fed == ports => format!("a switch with {fed} PoE ports and {reserved}"),
            _ => format!("a switch with {ports} ports, {fed} of them with PoE, and {reserved}"),
        }
    }

    fn nodes(&self) -> u32 {
        self.fed + self.others
    }

    fn cables(&self) -> u32 {
        self.nodes() + self.router
    }

    /// The least number of switches that is enough, if any is.
    fn switches(&self, switch: &Switch) -> Option<u32> {
        (1..=self.cables())
            .find(|count| self.has_ports(switch, *count) && self.has_power(switch, *count))
    }

    fn has_ports(&self, switch: &Switch, count: u32) -> bool {
        // A switch with one port cannot be in the middle of a row.
        let linked = count == 1 || switch.mesh.is_some() || switch.ports > 2;
        let there = switch.ports.saturating_mul(count);
        linked && self.cables() + links(switch, count) <= there
    }

    /// Whether the ports that feed are enough for the nodes that want to be fed:
    /// where the plain ports do not do for links and router, those are taken too.
    fn has_power(&self, switch: &Switch, count: u32) -> bool {
        let Some(powered) = switch.poe_ports.filter(|_| self.fed > 0) else {
            return true;
        };
        let plain = switch.ports.saturating_sub(powered);
        let ends = u32::from(count > 1 && switch.mesh.is_none());
        let beyond = |cables: u32| cables.saturating_sub(plain);
        let first = beyond(ends + self.router);
        let last = if count > 1 { beyond(ends) } else { 0 };
        let middle = beyond(2 * ends).saturating_mul(count.saturating_sub(2));
        let taken = first + last + middle;
        self.fed <= powered.saturating_mul(count).saturating_sub(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, found, of};
    use crate::finding::Finding;

    fn ports(network: &str, nodes: &str) -> Vec<Finding> {
        let nodes = format!("[[nodes]]\nboard = \"rpi4b\"\nram = \"4GB\"\n{nodes}");
        of("switch-ports", &file(&format!("{network}\n{nodes}")))
    }

    #[test]
    fn eight_ports_are_too_few_for_eight_nodes_and_the_router() {
        let found = ports("switch = \"netgear-8-port\"", "names = \"node[1-7]\"");
        assert_eq!(found[0].title, "9 ports are needed, and there are 8");
        assert!(
            found[0].remedy.contains("`switches = 2`"),
            "{}",
            found[0].remedy
        );
        assert_eq!(found[0].nodes.to_string(), "node7");
        assert!(ports("switch = \"netgear-8-port\"", "names = \"node[1-6]\"").is_empty());
    }

    #[test]
    fn the_remedy_is_the_least_that_is_enough() {
        for nodes in [8, 13, 14, 15, 19, 20, 21, 60] {
            let names = format!("names = \"node[1-{nodes}]\"");
            let remedy = ports("switch = \"netgear-8-port\"", &names)[0]
                .remedy
                .clone();
            let right: u32 = remedy
                .split(['=', '`'])
                .find_map(|word| word.trim().parse().ok())
                .unwrap();
            let with = |count: u32| format!("switch = \"netgear-8-port\"\nswitches = {count}");
            assert!(ports(&with(right), &names).is_empty(), "{nodes} nodes");
            assert!(!ports(&with(right - 1), &names).is_empty(), "{nodes} nodes");
        }
    }

    #[test]
    fn switches_that_are_linked_by_air_need_no_port_for_that() {
        let with = |count| format!("switch = \"wifi-switch-4-port\"\nswitches = {count}");
        assert!(ports(&with(2), "names = \"node[1-6]\"").is_empty());
        let found = ports(&with(2), "names = \"node[1-7]\"");
        assert!(
            found[0].remedy.contains("`switches = 3`"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn links_and_router_do_not_take_the_ports_that_feed() {
        let nodes = "names = \"node[1-8]\"\nhat = \"rpi-poe-hat\"";
        let found = ports("switch = \"tenda-teg1105p-4-63w\"", nodes);
        assert!(
            found[0].remedy.contains("`switches = 3`"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn ports_that_feed_are_counted_apart() {
        let own = "switch = \"half\"\n[catalogue.switches.half]\nname = \"half\"\nports = 8\npoe_ports = 4";
        let found = ports(own, "names = \"node[1-10]\"\nhat = \"rpi-poe-hat\"");
        assert!(
            found[0].remedy.contains("`switches = 3`"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn what_the_remedy_says_feeds_all_boards_too() {
        let own = "[catalogue.switches.half]\nname = \"half\"\nports = 8\npoe_ports = 4";
        for switch in ["tenda-teg1105p-4-63w", "half"] {
            for nodes in [9, 10, 14, 17, 30] {
                let hats = format!("names = \"node[1-{nodes}]\"\nhat = \"rpi-poe-hat\"\n{own}");
                let with = |count: u32| format!("switch = \"{switch}\"\nswitches = {count}");
                let right = (1..99).find(|count| {
                    let nodes = format!("[[nodes]]\nboard = \"rpi4b\"\nram = \"4GB\"\n{hats}");
                    let found = found(&file(&format!("{}\n{nodes}", with(*count))));
                    let lacks = |title: &str| {
                        title.contains("ports are needed") || title.contains("need a port")
                    };
                    !found.iter().any(|finding| lacks(&finding.title))
                });
                let remedy = &ports(&with(1), &hats)[0].remedy;
                let right = format!("`switches = {}`", right.unwrap());
                assert!(remedy.contains(&right), "{switch}, {nodes} nodes: {remedy}");
            }
        }
    }

    #[test]
    fn a_switch_with_two_ports_makes_a_row_without_room() {
        let own = "switch = \"tiny\"\n[catalogue.switches.tiny]\nname = \"tiny\"\nports = 2";
        let found = ports(own, "names = \"node[1-4]\"");
        assert!(
            found[0].remedy.contains("no number is enough"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn without_a_switch_it_cannot_be_checked() {
        let found = ports("", "names = \"node[1-4]\"");
        assert!(found[0].title.contains("no switch is named"));
        assert!(
            found[0]
                .remedy
                .starts_with("add `switch = \"netgear-8-port\"`"),
            "{}",
            found[0].remedy
        );
    }

    #[test]
    fn only_a_switch_that_is_enough_is_suggested() {
        let remedy = |nodes: &str| ports("", nodes)[0].remedy.clone();
        let hats = |count| {
            remedy(&format!(
                "names = \"node[1-{count}]\"\nhat = \"rpi-poe-plus-hat\""
            ))
        };
        let many = remedy("names = \"node[1-19]\"");
        assert!(
            many.contains("a switch with 21 ports") && !many.contains("= \""),
            "{many}"
        );
        let nine = hats(9);
        assert!(
            nine.contains("11 ports, 9 of them with PoE, and 270 W"),
            "{nine}"
        );
        assert!(!nine.contains("= \""), "{nine}");
        let class_3 = remedy("names = \"node[1-3]\"\nhat = \"rpi-poe-hat\"");
        assert!(class_3.starts_with("add `switch = \"tenda"), "{class_3}");
        assert!(!hats(3).contains("= \""), "{}", hats(3));
    }
}
