//! `[network]`: how the nodes are wired and reached. Not in here: the subnet's
//! own rules (`subnet`) and who gets which address (`addresses`).

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use toml::Spanned;

use super::known::Known;
use super::{host, nodes, subnet};
use crate::cluster::{Access, Internet};
use crate::reader::Section;

const ACCESS: &[(&str, Access)] = &[
    ("direct", Access::Direct),
    ("routed", Access::Routed),
    ("gateway", Access::Gateway),
];

const INTERNET: &[(&str, Internet)] = &[
    ("always", Internet::Always),
    ("on-demand", Internet::OnDemand),
    ("never", Internet::Never),
];

/// `[network]` as it is written.
#[derive(Debug)]
pub(super) struct NetworkTable {
    pub(super) subnet: Option<Spanned<Ipv4Net>>,
    /// As it is given; else it follows from whether the head has an uplink.
    pub(super) access: Option<Spanned<Access>>,
    pub(super) router: Option<Spanned<Ipv4Addr>>,
    pub(super) internet: Internet,
    pub(super) domain: Option<String>,
}

impl Default for NetworkTable {
    fn default() -> Self {
        Self {
            subnet: None,
            access: None,
            router: None,
            internet: Internet::OnDemand,
            domain: None,
        }
    }
}

/// Reads `[network]`.
pub(super) fn read(mut section: Section<'_>, known: &Known<'_>) -> NetworkTable {
    let default = NetworkTable::default();
    let subnet = section.required("subnet", r#""10.55.0.0/24""#);
    let subnet = subnet.and_then(|value| subnet::read(&value.text()?, section.report()));
    let access = section.optional("access", r#""gateway""#);
    let access = access.and_then(|value| {
        let text = value.text()?;
        Some(Spanned::new(text.span.clone(), text.choice(ACCESS)?))
    });
    let router = section.optional("router", r#""192.168.1.1""#);
    let router = router.and_then(|value| nodes::address(&value.text()?));
    let internet = section.optional("internet", r#""on-demand""#);
    let internet = internet.and_then(|value| value.text()?.choice(INTERNET));
    let domain = section.optional("domain", r#""garden.lan""#);
    let domain = domain.and_then(|value| host::domain(&value.text()?));
    section.check("switch", r#""netgear-8-port""#, |value| {
        known.switch(&value.text()?)
    });
    section.finish();
    NetworkTable {
        subnet,
        access,
        router,
        internet: internet.unwrap_or(default.internet),
        domain,
    }
}
