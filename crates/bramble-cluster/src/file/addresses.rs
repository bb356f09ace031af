//! Who gets which address. Not in here: the subnet's own rules (`subnet`).

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::ops::Range;

use ipnet::Ipv4Net;
use toml::Spanned;

use super::draft::Draft;
use crate::cluster::AddressRange;
use crate::diagnostic::{Diagnostic, Label, Span};
use crate::reader::Report;

/// Addresses of the subnet that others have.
#[derive(Debug)]
pub(super) struct Taken<'a> {
    pub(super) router: Option<Ipv4Addr>,
    /// What another DHCP server gives out.
    pub(super) dhcp: Option<&'a Spanned<AddressRange>>,
}

impl Taken<'_> {
    fn gives_out(&self, address: Ipv4Addr) -> bool {
        self.dhcp
            .is_some_and(|range| range.get_ref().contains(address))
    }

    fn count(&self) -> usize {
        let pool = |range: &Spanned<AddressRange>| range.get_ref().count();
        usize::from(self.router.is_some()) + self.dhcp.map_or(0, pool)
    }
}

/// An address for every node of `drafts`, in order: the one it was given, else
/// the next that nobody has. Absent where that was told to be impossible.
pub(super) fn assign(
    subnet: &Spanned<Ipv4Net>,
    others: &Taken<'_>,
    drafts: &[Draft<'_>],
    report: &Report<'_>,
) -> Vec<Option<Ipv4Addr>> {
    let net = *subnet.get_ref();
    check_room(subnet, drafts.len() + others.count(), report);
    let given: Vec<_> = drafts.iter().map(Draft::given_address).collect();
    check_given(net, others, drafts, report);
    let taken: BTreeSet<_> = given
        .iter()
        .flatten()
        .copied()
        .chain(others.router)
        .collect();
    let mut free = hosts(net)
        .map(Ipv4Addr::from)
        .filter(|address| !taken.contains(address) && !others.gives_out(*address));
    given
        .into_iter()
        .zip(drafts)
        .map(|(address, draft)| match draft.group.address {
            Some(_) => address,
            None => free.next(),
        })
        .collect()
}

/// The addresses a host may have, as numbers: a subnet may be too large to list.
fn hosts(net: Ipv4Net) -> Range<u32> {
    u32::from(net.network()).saturating_add(1)..u32::from(net.broadcast())
}

fn room(prefix: u8) -> u64 {
    (1_u64 << (32 - prefix)).saturating_sub(2)
}

fn check_room(subnet: &Spanned<Ipv4Net>, nodes: usize, report: &Report<'_>) {
    let net = *subnet.get_ref();
    let room_in_net = room(net.prefix_len());
    if nodes as u64 <= room_in_net {
        return;
    }
    let title = format!("`{net}` has room for {room_in_net} nodes, and there are {nodes}");
    let larger = (0..net.prefix_len())
        .rev()
        .find(|prefix| room(*prefix) >= nodes as u64);
    let larger = larger.and_then(|prefix| Ipv4Net::new(net.network(), prefix).ok());
    let help = larger.map_or_else(
        || "write fewer nodes".to_owned(),
        |larger| format!("write a larger one, such as `{}`", larger.trunc()),
    );
    let label = Label::new(subnet.span(), "too small");
    report.push(Diagnostic::error("subnet-too-small", title, label).with_help(help));
}

/// Checks the addresses that the file gives: usable in the subnet, and nobody
/// else's. Told once for each table, at the first node that is wrong.
fn check_given(net: Ipv4Net, others: &Taken<'_>, drafts: &[Draft<'_>], report: &Report<'_>) {
    let mut owners = BTreeMap::new();
    let mut told: BTreeSet<usize> = BTreeSet::new();
    for draft in drafts {
        let Some(place) = draft.group.address.as_ref().map(Spanned::span) else {
            continue;
        };
        let pool = || in_pool(others, draft, place.clone());
        let problem = problem(net, draft, &mut owners, place.clone()).or_else(pool);
        if let Some(problem) = problem.filter(|_| told.insert(draft.group_index)) {
            report.push(problem);
        }
    }
}

/// What is wrong with the address that `draft` was given, if anything is.
fn problem<'a>(
    net: Ipv4Net,
    draft: &'a Draft<'a>,
    owners: &mut BTreeMap<Ipv4Addr, &'a Draft<'a>>,
    place: Span,
) -> Option<Diagnostic> {
    let Some(address) = draft.given_address() else {
        return Some(beyond_the_last(draft, place));
    };
    if let Some(owner) = owners.get(&address) {
        return Some(taken(draft, owner, address, place));
    }
    owners.insert(address, draft);
    unusable(net, draft, address, place)
}

fn in_pool(others: &Taken<'_>, draft: &Draft<'_>, place: Span) -> Option<Diagnostic> {
    let address = draft.given_address()?;
    let range = others.dhcp.filter(|_| others.gives_out(address))?;
    let title = format!(
        "the address {address} of `{}` may be given to somebody else",
        draft.name
    );
    let label = Label::new(place, "in the pool of another DHCP server");
    let help = "choose one outside the pool, or make the pool smaller in that server and here";
    let diagnostic = Diagnostic::error("address-in-pool", title, label)
        .with_secondary(Label::new(range.span(), "which gives out these"))
        .with_help(help);
    Some(diagnostic)
}

fn beyond_the_last(draft: &Draft<'_>, place: Span) -> Diagnostic {
    let title = format!("counting up to `{}`, the addresses run out", draft.name);
    let label = Label::new(place, "too high to count from");
    Diagnostic::error("address-outside", title, label).with_help("begin with a lower address")
}

fn taken(draft: &Draft<'_>, owner: &Draft<'_>, address: Ipv4Addr, place: Span) -> Diagnostic {
    let title = format!(
        "`{}` and `{}` have the same address {address}",
        owner.name, draft.name
    );
    let first = owner
        .group
        .address
        .as_ref()
        .map(Spanned::span)
        .unwrap_or_default();
    let code = "duplicate-address";
    Diagnostic::error(
        code,
        title,
        Label::new(place, format!("gives {address} to `{}`", draft.name)),
    )
    .with_secondary(Label::new(first, format!("gives it to `{}`", owner.name)))
    .with_help("change one of them, or leave it out to have one chosen")
}

fn unusable(net: Ipv4Net, draft: &Draft<'_>, address: Ipv4Addr, place: Span) -> Option<Diagnostic> {
    let (code, what) = if !net.contains(&address) {
        ("address-outside", format!("lies outside the subnet {net}"))
    } else if address == net.network() {
        (
            "address-reserved",
            "is the address of the subnet itself".to_owned(),
        )
    } else if address == net.broadcast() {
        (
            "address-reserved",
            "is the broadcast address of the subnet".to_owned(),
        )
    } else {
        return None;
    };
    let title = format!("the address {address} of `{}` {what}", draft.name);
    let hosts = hosts(net);
    let help = if hosts.is_empty() {
        "choose a larger subnet".to_owned()
    } else {
        let (first, last) = (Ipv4Addr::from(hosts.start), Ipv4Addr::from(hosts.end - 1));
        format!("choose one from {first} to {last}, or leave it out to have one chosen")
    };
    Some(Diagnostic::error(code, title, Label::new(place, "not for a node")).with_help(help))
}
