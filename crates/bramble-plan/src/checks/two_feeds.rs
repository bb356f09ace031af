//! `two-feeds`: nodes that a switch could feed and that have a supply besides. Not
//! in here: those with neither (`unfed`).

use bramble_cluster::cluster::{Group, Hardware};
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::place::Table;

use super::Check;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "two-feeds",
    text: include_str!("two_feeds.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let groups = site.cluster.groups.iter().enumerate();
    groups
        .filter_map(|(index, group)| finding(index, group, site))
        .collect()
}

fn finding(index: usize, group: &Group, site: &Site<'_>) -> Option<Finding> {
    let supply = group.hardware.supply.as_ref()?;
    let (name, key) = poe(&group.hardware)?;
    let title = format!(
        "the {name} takes power from the network cable, and the {} feeds the board as well",
        supply.name
    );
    let or = match key {
        "hat" => "delete `hat`",
        _ => "choose a carrier without PoE",
    };
    let finding = Finding::new(
        CHECK.id,
        Severity::Note,
        title,
        Table::Group(index).key(key),
    )
    .label("not needed with a supply, or the supply is not")
    .about(group, site)
    .remedy(format!(
        "delete `supply` if the switch is to feed the board, else {or}"
    ));
    Some(finding)
}

/// What of it could take power from the network cable, with its key.
fn poe(hardware: &Hardware) -> Option<(&str, &'static str)> {
    let hat = hardware.hat.as_ref().map(|hat| (hat.name.as_str(), "hat"));
    let carrier = hardware
        .carrier
        .as_ref()
        .filter(|carrier| carrier.poe.is_some());
    hat.or_else(|| carrier.map(|carrier| (carrier.name.as_str(), "carrier")))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};
    use super::*;

    fn found(rest: &str) -> Vec<Finding> {
        of(
            CHECK.id,
            &file(&format!("[[nodes]]\nnames = \"node[1-3]\"\n{rest}")),
        )
    }

    #[test]
    fn a_hat_and_a_supply_are_one_too_many() {
        let found =
            found("board = \"rpi4b\"\nram = \"4GB\"\nhat = \"rpi-poe-hat\"\nsupply = \"psu-15w\"");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, Table::Group(1).key("hat"));
        assert_eq!(found[0].severity, Severity::Note);
    }

    #[test]
    fn one_feed_is_enough() {
        assert_eq!(
            found("board = \"rpi4b\"\nram = \"4GB\"\nhat = \"rpi-poe-hat\""),
            []
        );
        assert_eq!(
            found("board = \"rpi4b\"\nram = \"4GB\"\nsupply = \"psu-15w\""),
            []
        );
    }
}
