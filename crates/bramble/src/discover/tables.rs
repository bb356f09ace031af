//! Tables in which machines stand: the kernel's neighbours and the leases of two DHCP
//! servers. Not in here: reading them from anywhere (`ask`).

use std::net::Ipv4Addr;

use super::sighting::Sighting;

/// Reads the answer of `neighbours.sh`.
pub(crate) fn read(answer: &str) -> Vec<Sighting> {
    let section = |from: &str, to: &str| {
        let (_, rest) = answer.split_once(&format!("{from}\n")).unwrap_or_default();
        let end = format!("{to}\n");
        let end = if rest.starts_with(&end) {
            Some(0)
        } else {
            rest.find(&format!("\n{end}")).map(|at| at + 1)
        };
        &rest[..end.unwrap_or(rest.len())]
    };
    let mut seen = arp(section("arp", "dnsmasq"));
    seen.extend(dnsmasq(section("dnsmasq", "dhcpd")));
    seen.extend(dhcpd(section("dhcpd", "end")));
    seen
}

/// `/proc/net/arp`. Whoever did not answer has no hardware address there.
fn arp(text: &str) -> Vec<Sighting> {
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let address = words.next()?.parse().ok()?;
        let mac = words.nth(2)?.parse().ok()?;
        Some(Sighting::of(address).with_mac(mac))
    };
    text.lines().filter_map(line).collect()
}

/// Lines of end of lease, hardware address, address, name or `*`, client.
fn dnsmasq(text: &str) -> Vec<Sighting> {
    let line = |line: &str| {
        let mut words = line.split_whitespace().skip(1);
        let mac = words.next()?.parse().ok()?;
        let address: Ipv4Addr = words.next()?.parse().ok()?;
        let name = words.next().filter(|name| *name != "*");
        Some(Sighting::of(address).with_mac(mac).with_name(name))
    };
    text.lines().filter_map(line).collect()
}

/// Blocks of `lease ADDRESS { ... }`; a later one of an address takes the place of those
/// before it (dhcpd.leases(5)).
fn dhcpd(text: &str) -> Vec<Sighting> {
    let mut seen: Vec<Sighting> = Vec::new();
    let mut blocks = text.split("\nlease ").collect::<Vec<_>>();
    if let Some(first) = blocks.first_mut() {
        *first = first.strip_prefix("lease ").unwrap_or_default();
    }
    for block in blocks {
        let Some(sighting) = lease(block) else {
            continue;
        };
        seen.retain(|other| other.address != sighting.address);
        seen.push(sighting);
    }
    seen
}

fn lease(block: &str) -> Option<Sighting> {
    let (address, rest) = block.split_once('{')?;
    let value = |key: &str| {
        let lines = rest.lines().map(str::trim);
        lines
            .filter_map(|line| line.strip_prefix(key)?.trim().strip_suffix(';'))
            .next_back()
    };
    let active = value("binding state").is_none_or(|state| state == "active");
    let mac = value("hardware ethernet")?.parse().ok()?;
    let name = value("client-hostname").map(|name| name.trim_matches('"'));
    let sighting = Sighting::of(address.trim().parse().ok()?);
    active.then(|| sighting.with_mac(mac).with_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "arp\n\
        IP address       HW type     Flags       HW address            Mask     Device\n\
        10.55.0.102      0x1         0x2         dc:a6:32:01:02:03     *        eth0\n\
        10.55.0.7        0x1         0x0         00:00:00:00:00:00     *        eth0\n\
        192.168.1.1      0x1         0x2         70:4f:57:00:00:01     *        wlan0\n\
        dnsmasq\n\
        1763740800 2c:cf:67:0a:0b:0c 10.55.0.103 raspberrypi 01:2c:cf:67:0a:0b:0c\n\
        1763740800 c8:63:14:70:00:01 10.55.0.104 * *\n\
        duid 00:01:00:01:2e\n\
        dhcpd\n\
        # The format of this file is documented in dhcpd.leases(5).\n\
        lease 10.55.0.105 {\n  starts 5 2026/11/20 10:00:00;\n  binding state active;\n  \
        hardware ethernet b8:27:eb:01:02:03;\n  client-hostname \"old\";\n}\n\
        lease 10.55.0.105 {\n  binding state active;\n  next binding state free;\n  \
        hardware ethernet b8:27:eb:01:02:04;\n  client-hostname \"new name\";\n}\n\
        lease 10.55.0.106 {\n  binding state free;\n  hardware ethernet b8:27:eb:01:02:05;\n}\n\
        end\n";

    #[test]
    fn every_table_is_read_and_what_is_not_there_is_left_out() {
        let lines = read(ANSWER).into_iter().map(|one| {
            let mac = one.mac.map(|mac| mac.to_string()).unwrap_or_default();
            let name = one.name.unwrap_or_default();
            format!("{} {mac} {name}", one.address)
                .trim_end()
                .to_owned()
        });
        let lines: Vec<_> = lines.collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        10.55.0.102 dc:a6:32:01:02:03
        192.168.1.1 70:4f:57:00:00:01
        10.55.0.103 2c:cf:67:0a:0b:0c raspberrypi
        10.55.0.104 c8:63:14:70:00:01
        10.55.0.105 b8:27:eb:01:02:04 new name
        ");
    }

    #[test]
    fn an_answer_that_breaks_off_gives_what_it_has() {
        for end in 0..ANSWER.len() {
            read(&ANSWER[..end]);
        }
        assert_eq!(read("arp\ndnsmasq\ndhcpd\nend\n"), []);
    }
}
