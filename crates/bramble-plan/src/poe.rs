//! What switches feed through network cables: which nodes, what is reserved for
//! them, and which standard they need. Not in here: whether the switch can
//! (`checks`).

use bramble_cluster::catalogue::{PoeFeed, PoeStandard, Reference, Switch};
use bramble_cluster::cluster::{Group, Hardware};
use bramble_cluster::unit::Power;

use crate::site::Site;

/// The groups that a switch feeds, with their index and how.
pub(crate) fn groups<'a>(
    site: &'a Site<'_>,
) -> impl Iterator<Item = (usize, &'a Group, &'a PoeFeed)> {
    let groups = site.cluster.groups.iter().enumerate();
    groups.filter_map(|(index, group)| Some((index, group, group.hardware.poe()?)))
}

/// Whether `switch` feeds what is on its ports; unknown figures count as yes if one
/// of them is known.
pub(crate) fn feeds(switch: &Switch) -> bool {
    switch.poe_ports.is_some() || switch.poe_budget.is_some() || switch.poe_standard.is_some()
}

/// The standard that `switch` follows, if it is known.
pub(crate) fn standard_of<'a>(switch: &Switch, site: &Site<'a>) -> Option<&'a PoeStandard> {
    site.reference.standard(switch.poe_standard.as_deref()?)
}

/// The least standard that `hardware` needs to get all it wants: as its hat or its
/// board says, else by class, else the first that leaves what the hat gives.
pub(crate) fn needed<'a>(
    hardware: &Hardware,
    feed: &PoeFeed,
    site: &Site<'a>,
) -> Option<&'a PoeStandard> {
    let reference = site.reference;
    let by_id = |id: Option<&str>| reference.standard(id?);
    let by_class = || by_id(Some(&reference.class(feed.class?)?.standard));
    let gives = feed.gives();
    let by_power = || {
        reference
            .standards
            .iter()
            .find(|one| Some(one.device) >= gives && gives.is_some())
    };
    let hat = by_id(feed.standard.as_deref())
        .or_else(by_class)
        .or_else(by_power);
    let board = hardware
        .board
        .poe
        .as_ref()
        .and_then(|poe| by_id(poe.standard.as_deref()));
    hat.into_iter()
        .chain(board)
        .max_by_key(|standard| standard.switch)
}

/// What `switch` reserves for `feed`: what a switch does, and never more than its
/// own standard has.
pub(crate) fn reserved(
    feed: &PoeFeed,
    hardware: &Hardware,
    switch: &Switch,
    site: &Site<'_>,
) -> Power {
    let wanted = wanted(feed, hardware, site);
    let most = standard_of(switch, site).map(|standard| standard.switch);
    most.map_or(wanted, |most| most.min(wanted))
}

/// What a switch that can reserves for `feed`: by its class, else all that the
/// standard allows, else what class 0 takes, which is what a device that does not
/// tell its class is taken for.
pub(crate) fn wanted(feed: &PoeFeed, hardware: &Hardware, site: &Site<'_>) -> Power {
    let class = |class| site.reference.class(class).map(|class| class.switch);
    let by_standard = || Some(needed(hardware, feed, site)?.switch);
    by_class(feed, site.reference)
        .or_else(by_standard)
        .or_else(|| class(0))
        .unwrap_or_default()
}

/// What a switch reserves for `feed` as far as its maker tells: by its class, else
/// all that its standard allows.
pub(crate) fn told(feed: &PoeFeed, reference: &Reference) -> Option<Power> {
    let by_standard = || reference.standard(feed.standard.as_deref()?);
    by_class(feed, reference).or_else(|| by_standard().map(|standard| standard.switch))
}

fn by_class(feed: &PoeFeed, reference: &Reference) -> Option<Power> {
    let class = feed.class.and_then(|class| reference.class(class));
    class.map(|class| class.switch)
}
