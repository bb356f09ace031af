//! The ways in and out: through the head, or by a router. Not in here: the
//! addresses of the nodes (`addresses`).

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use toml::Spanned;

use super::draft::Draft;
use super::spec::Spec;
use crate::cluster::Access;
use crate::diagnostic::{Diagnostic, Label};
use crate::reader::Report;

/// How the nodes are reached: as given, else through the head if it has an
/// uplink of its own.
pub(super) fn access(spec: &Spec, report: &Report<'_>) -> Access {
    let uplink = spec
        .groups
        .first()
        .is_some_and(|head| head.uplink.is_some());
    let Some(given) = &spec.network.access else {
        return if uplink {
            Access::Gateway
        } else {
            Access::Direct
        };
    };
    // Where something else is wrong, that may be the uplink.
    if *given.get_ref() == Access::Gateway && !uplink && !report.has_errors() {
        let title = "the head is to be the gateway, and has no uplink".to_owned();
        let label = Label::new(given.span(), "needs a way out of its own");
        let help = "add `uplink = { wifi = \"HomeWifi\" }` or `uplink = { ethernet = \"eth1\" }` \
                    to `[head]`, or write `access = \"direct\"`";
        report.push_missing(Diagnostic::error("no-uplink", title, label).with_help(help));
    }
    *given.get_ref()
}

/// The router, which must be in the subnet and no node.
pub(super) fn router(
    given: Option<&Spanned<Ipv4Addr>>,
    subnet: Ipv4Net,
    drafts: &[Draft<'_>],
    report: &Report<'_>,
) -> Option<Ipv4Addr> {
    let given = given?;
    let router = *given.get_ref();
    let wrong = |code, title, label: &str, help: &str| {
        let label = Label::new(given.span(), label);
        report.push(Diagnostic::error(code, title, label).with_help(help));
    };
    let same = |draft: &&Draft<'_>| draft.given_address() == Some(router);
    if !subnet.contains(&router) || router == subnet.network() || router == subnet.broadcast() {
        let title = format!("the router {router} is no address of a host in {subnet}");
        let help = "write its address in the subnet: nodes reach no other";
        wrong("address-outside", title, "not in the subnet", help);
    } else if let Some(draft) = drafts.iter().find(same) {
        let title = format!(
            "the router and `{}` have the same address {router}",
            draft.name
        );
        let help = "change one of them";
        wrong("duplicate-address", title, "given to a node too", help);
    }
    Some(router)
}
