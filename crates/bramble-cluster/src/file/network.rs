//! `[network]`: how the nodes are wired and reached. Not in here: the subnet's
//! own rules (`subnet`) and who gets which address (`addresses`).

use ipnet::Ipv4Net;
use toml::Spanned;

use super::known::Known;
use super::{host, subnet};
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
    pub(super) access: Access,
    pub(super) internet: Internet,
    pub(super) domain: Option<String>,
}

impl Default for NetworkTable {
    fn default() -> Self {
        let (access, internet) = (Access::Gateway, Internet::OnDemand);
        Self {
            subnet: None,
            access,
            internet,
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
    let access = access.and_then(|value| value.text()?.choice(ACCESS));
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
        access: access.unwrap_or(default.access),
        internet: internet.unwrap_or(default.internet),
        domain,
    }
}
