//! What to know before anything is bought: one file a rule, with a text beside it
//! that teaches the background. Not in here: what is wrong with the file itself,
//! which its reader says.

mod boot_medium;
mod button_gpio;
mod button_wake;
mod button_wires;
mod cable_drop;
mod card_room;
mod carrier;
mod demand;
mod dhcp_pool;
mod drive_power;
mod enough;
mod feeding;
#[cfg(test)]
mod fixture;
mod heat;
mod idle_role;
mod internet_unheld;
mod job_memory;
mod media;
mod network_boot;
mod nfs_on_microsd;
mod no_card;
mod no_clock;
mod no_ethernet;
mod no_shared_directory;
mod nvme_boot;
mod os_release;
mod placed;
mod poe_budget;
mod poe_hat;
mod poe_switch;
mod price_currency;
mod share_device;
mod sizes;
mod slow_ethernet;
mod storage_exclusive;
mod supply_outlets;
mod supply_port;
mod supply_total;
mod supply_voltage;
mod switch_ports;
mod two_feeds;
mod ubuntu_labels;
mod unfed;
mod unknown_speed;
mod usb_current;
mod wake_on_lan;

use std::cmp::Reverse;

use bramble_cluster::diagnostic::Severity;

use crate::finding::Finding;
use crate::site::Site;

/// A rule.
#[derive(Debug)]
pub struct Check {
    /// Its stable name, as findings carry it.
    pub id: &'static str,
    /// The background, as Markdown: a heading with the rule in a line, then text.
    pub text: &'static str,
    /// What it finds.
    pub find: fn(&Site<'_>) -> Vec<Finding>,
}

/// The rules, by name.
pub const CHECKS: &[&Check] = &[
    &boot_medium::CHECK,
    &button_gpio::CHECK,
    &button_wake::CHECK,
    &button_wires::CHECK,
    &cable_drop::CHECK,
    &card_room::CHECK,
    &carrier::CHECK,
    &dhcp_pool::CHECK,
    &drive_power::CHECK,
    &heat::CHECK,
    &idle_role::CHECK,
    &internet_unheld::CHECK,
    &job_memory::CHECK,
    &network_boot::CHECK,
    &nfs_on_microsd::CHECK,
    &no_card::CHECK,
    &no_clock::CHECK,
    &no_ethernet::CHECK,
    &no_shared_directory::CHECK,
    &nvme_boot::CHECK,
    &os_release::CHECK,
    &poe_budget::CHECK,
    &poe_hat::CHECK,
    &poe_switch::CHECK,
    &price_currency::CHECK,
    &share_device::CHECK,
    &slow_ethernet::CHECK,
    &storage_exclusive::CHECK,
    &supply_outlets::CHECK,
    &supply_port::CHECK,
    &supply_total::CHECK,
    &supply_voltage::CHECK,
    &switch_ports::CHECK,
    &two_feeds::CHECK,
    &ubuntu_labels::CHECK,
    &unfed::CHECK,
    &unknown_speed::CHECK,
    &usb_current::CHECK,
    &wake_on_lan::CHECK,
];

/// What all rules find: errors first, then in the order of the file. What is said
/// of several groups alike is said once, at the first of them.
pub fn run(site: &Site<'_>) -> Vec<Finding> {
    let mut all: Vec<_> = CHECKS.iter().flat_map(|check| (check.find)(site)).collect();
    all.sort_by(|one, other| {
        let key = |finding: &Finding| (finding.id, finding.title.clone(), finding.place);
        key(one).cmp(&key(other))
    });
    let mut found: Vec<Finding> = Vec::with_capacity(all.len());
    for finding in all {
        match found.last_mut().filter(|last| last.says_the_same(&finding)) {
            Some(last) => last.nodes.absorb(finding.nodes),
            None => found.push(finding),
        }
    }
    found.sort_by_key(|finding| (Reverse(finding.severity), finding.place, finding.id));
    found
}

/// The rule called `id`.
pub fn find(id: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.id == id)
}

/// Whether nothing should be bought like this.
pub fn has_errors(found: &[Finding]) -> bool {
    found
        .iter()
        .any(|finding| finding.severity == Severity::Error)
}

#[cfg(test)]
mod tests;
