//! `dhcp`: addresses that another server on the subnet gives out. Not in here:
//! who gets which address (`addresses`).

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use toml::Spanned;

use crate::cluster::AddressRange;
use crate::reader::Text;

/// The range, which lies in the subnet.
pub(super) fn read(
    text: &Text<'_>,
    subnet: Option<&Spanned<Ipv4Net>>,
) -> Option<Spanned<AddressRange>> {
    let Some(range) = parse(text.value) else {
        let title = format!("`{text}` is no range of addresses");
        let help = "write the first and the last address joined by `-`, such as \
                    `192.168.1.100-192.168.1.199`";
        return text.fail("invalid-address", title, "not a range", help);
    };
    let outside = |subnet: &&Spanned<Ipv4Net>| {
        let net = subnet.get_ref();
        !net.contains(&range.first) || !net.contains(&range.last)
    };
    if let Some(subnet) = subnet.filter(outside) {
        let title = format!("`{text}` does not lie in the subnet {}", subnet.get_ref());
        let help =
            "write addresses of the subnet, or delete the key: a server elsewhere disturbs nobody";
        return text.fail("address-outside", title, "not in the subnet", help);
    }
    Some(Spanned::new(text.span.clone(), range))
}

fn parse(text: &str) -> Option<AddressRange> {
    let (first, last) = text.split_once('-')?;
    let first: Ipv4Addr = first.trim().parse().ok()?;
    let last: Ipv4Addr = last.trim().parse().ok()?;
    (first <= last).then_some(AddressRange { first, last })
}
