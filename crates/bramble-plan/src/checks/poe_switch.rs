//! `poe-switch`: whether the switch feeds boards at all, enough of them, and by the
//! standard that their hats need. Not in here: how much it gives to all (`poe_budget`).

use bramble_cluster::catalogue::{PoeFeed, PoeStandard, Switch};
use bramble_cluster::cluster::Group;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::Check;
use super::demand::Demand;
use crate::finding::{Figure, Finding};
use crate::poe;
use crate::site::Site;
use crate::wiring::Port;

pub(super) const CHECK: Check = Check {
    id: "poe-switch",
    text: include_str!("poe_switch.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    if poe::groups(site).next().is_none() {
        return Vec::new();
    }
    let Some(switch) = &site.cluster.network.switch else {
        return vec![no_switch(site)];
    };
    if !poe::feeds(switch) {
        return vec![without_poe(switch, site)];
    }
    let groups = poe::groups(site);
    let weak =
        groups.filter_map(|(index, group, feed)| standard(switch, index, (group, feed), site));
    ports(switch, site).into_iter().chain(weak).collect()
}

fn no_switch(site: &Site<'_>) -> Finding {
    let title = "boards are to be fed by the switch, and no switch is named";
    let place = poe::groups(site).next().map_or(0, |(index, ..)| index);
    let finding = Finding::new(CHECK.id, Severity::Note, title, place_of(place, site));
    about_all(finding, site)
        .label("fed by which switch?")
        .remedy("add `switch` to `[network]`, a switch with PoE, so that its ports and its budget can be checked")
}

fn without_poe(switch: &Switch, site: &Site<'_>) -> Finding {
    let title = format!("the {} feeds no boards: it has no PoE", switch.name);
    let finding = Finding::new(
        CHECK.id,
        Severity::Error,
        title,
        Table::Network.key("switch"),
    );
    about_all(finding, site)
        .label("no port with PoE")
        .remedy("choose a switch with PoE, or give the boards a `supply` instead of a hat")
}

/// Whether there are as many ports that feed as boards that need one.
fn ports(switch: &Switch, site: &Site<'_>) -> Option<Finding> {
    let boards: usize = poe::groups(site)
        .map(|(_, group, _)| group.nodes.len())
        .sum();
    let place = Table::Network.key("switch");
    let Some(powered) = switch.poe_ports else {
        let title = format!(
            "it is not known how many ports of the {} have PoE",
            switch.name
        );
        let remedy = format!("add `poe_ports` to `[catalogue.switches.{}]`", switch.id);
        let finding = Finding::new(CHECK.id, Severity::Note, title, place);
        return Some(
            finding
                .label(format!("{boards} boards need one"))
                .remedy(remedy),
        );
    };
    // The link between switches and the way out may take a port that could feed.
    let taken = |port: &&Port| matches!(port, Port::Switch(_) | Port::Router);
    let free = site.wiring.switches.iter().map(|unit| {
        let powered = unit.ports.iter().take(powered as usize);
        powered.clone().count() - powered.filter(taken).count()
    });
    let free: usize = free.sum();
    if boards <= free {
        return None;
    }
    let title = format!("{boards} boards need a port with PoE, and there are {free}");
    let finding = Finding::new(CHECK.id, Severity::Error, title, place)
        .label(format!("{powered} ports with PoE"))
        .figure(
            Figure::new("ports with PoE on one switch", powered, "")
                .said_by(switch.source.as_deref()),
        );
    Some(about_all(finding, site).remedy("choose a switch with more such ports, write `switches = ` and how many there are, or give some boards a `supply`"))
}

/// Whether the standard of the switch is the one that the group needs.
fn standard(
    switch: &Switch,
    index: usize,
    (group, feed): (&Group, &PoeFeed),
    site: &Site<'_>,
) -> Option<Finding> {
    let needed = poe::needed(&group.hardware, feed, site)?;
    let Some(has) = poe::standard_of(switch, site) else {
        return unknown_standard(switch, index, needed, site)
            .map(|finding| finding.about(group, site));
    };
    if has.switch >= needed.switch {
        return None;
    }
    let measured = Demand::of(&group.hardware, site);
    let starves = measured
        .measured
        .is_some_and(|measured| measured > has.device);
    let severity = if starves {
        Severity::Error
    } else {
        Severity::Warning
    };
    let board = &group.hardware.board.name;
    let title = format!(
        "the switch follows {}, which leaves {} for the {board}: it needs {}",
        has.id, has.device, needed.id
    );
    let finding = Finding::new(CHECK.id, severity, title, place_of(index, site))
        .label(format!("needs {}", needed.id))
        .figure(Figure::power(
            format!("left at the board by {}", has.id),
            has.device,
        ))
        .figure(Figure::power(
            format!("left at the board by {}", needed.id),
            needed.device,
        ))
        .about(group, site);
    let finding = measured
        .measured_figure()
        .into_iter()
        .fold(finding, Finding::figure);
    Some(finding.remedy(format!(
        "choose a switch by {}, or attach nothing to the board that draws much",
        needed.id
    )))
}

/// Every switch that feeds follows at least the first standard, so that it matters
/// only to those who need more.
fn unknown_standard(
    switch: &Switch,
    index: usize,
    needed: &PoeStandard,
    site: &Site<'_>,
) -> Option<Finding> {
    let least = site.reference.standards.first()?;
    let title = format!(
        "it is not known whether the {} follows {}",
        switch.name, needed.id
    );
    let finding = Finding::new(CHECK.id, Severity::Note, title, place_of(index, site))
        .label(format!("needs {}", needed.id))
        .remedy(format!(
            "add `poe_standard` to `[catalogue.switches.{}]`",
            switch.id
        ));
    (needed.switch > least.switch).then_some(finding)
}

/// Where it says that the group is fed by the switch.
fn place_of(index: usize, site: &Site<'_>) -> bramble_cluster::place::Place {
    let hat = site.cluster.groups[index].hardware.hat.is_some();
    Table::Group(index).key(if hat { "hat" } else { "carrier" })
}

fn about_all(finding: Finding, site: &Site<'_>) -> Finding {
    poe::groups(site).fold(finding, |finding, (_, group, _)| finding.about(group, site))
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity::{Error, Note, Warning};

    use super::super::fixture::{file, of};
    use super::*;

    fn found(network: &str, board: &str, hat: &str, count: u32) -> Vec<(Severity, String)> {
        let nodes = format!(
            "[[nodes]]\nnames = \"node[1-{count}]\"\nboard = \"{board}\"\nram = \"4GB\"\nhat = \"{hat}\""
        );
        let found = of(CHECK.id, &file(&format!("{network}\n{nodes}"))).into_iter();
        found
            .map(|finding| (finding.severity, finding.title))
            .collect()
    }

    fn own(keys: &str) -> String {
        format!("switch = \"own\"\n[catalogue.switches.own]\nname = \"own\"\nports = 8\n{keys}")
    }

    #[test]
    fn a_switch_without_poe_feeds_nobody() {
        let title = "the NETGEAR 8-port gigabit unmanaged switch feeds no boards: it has no PoE";
        assert_eq!(
            found("switch = \"netgear-8-port\"", "rpi4b", "rpi-poe-hat", 2),
            [(Error, title.to_owned())]
        );
    }

    #[test]
    fn a_switch_that_is_not_named_cannot_be_checked() {
        let found = found("", "rpi4b", "rpi-poe-hat", 2);
        assert_eq!((found.len(), found[0].0), (1, Note));
    }

    #[test]
    fn more_boards_than_ports_with_poe_are_an_error() {
        assert_eq!(
            found(
                "switch = \"tenda-teg1105p-4-63w\"",
                "rpi4b",
                "rpi-poe-hat",
                4
            ),
            []
        );
        let found = found(
            "switch = \"tenda-teg1105p-4-63w\"",
            "rpi4b",
            "rpi-poe-hat",
            5,
        );
        assert_eq!(
            found,
            [(
                Error,
                "5 boards need a port with PoE, and there are 4".to_owned()
            )]
        );
    }

    #[test]
    fn an_unknown_number_of_ports_is_said() {
        let found = found("switch = \"tplink-tl-sg1005lp\"", "rpi4b", "rpi-poe-hat", 2);
        assert_eq!(
            found,
            [(
                Note,
                "it is not known how many ports of the TP-Link TL-SG1005LP have PoE".to_owned()
            )]
        );
    }

    #[test]
    fn a_hat_of_the_next_standard_works_at_the_limit_of_the_switch() {
        let switch = own("poe_ports = 8\npoe_standard = \"802.3af\"\npoe_budget = \"100W\"");
        let title = "the switch follows 802.3af, which leaves 12.95 W for the Raspberry Pi 4 Model B: it needs 802.3at";
        assert_eq!(
            found(&switch, "rpi4b", "rpi-poe-plus-hat", 2),
            [(Warning, title.to_owned())]
        );
        let usb = format!("{switch}\n[catalogue.boards.rpi5.load]\nhpl = \"14W\"");
        assert_eq!(found(&usb, "rpi5", "rpi5-poe-plus", 2)[0].0, Error);
    }

    #[test]
    fn an_unknown_standard_matters_only_to_those_who_need_more_than_the_first() {
        let switch = own("poe_ports = 8\npoe_budget = \"100W\"");
        assert_eq!(found(&switch, "rpi4b", "rpi-poe-hat", 2), []);
        let title = "it is not known whether the own follows 802.3at";
        assert_eq!(
            found(&switch, "rpi4b", "rpi-poe-plus-hat", 2),
            [(Note, title.to_owned())]
        );
    }
}
