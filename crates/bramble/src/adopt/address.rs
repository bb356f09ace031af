//! The fixed address that a machine gets as a node: at which interface, when, and what
//! is written for it. Not in here: how it is set and undone (`address.sh`).

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use bramble_cluster::cluster::Medium;
use bramble_cluster::{Cluster, Node};
use bramble_converge::record::{Record, encode};
use bramble_converge::script::{Malformed, Script};
use bramble_converge::{Answer, Request};

use super::machine::{Interface, Machine};

/// How long a new address may stay without a word over it, in seconds: a switch takes
/// up to 45 to let a port through again.
pub(crate) const PROBATION: u32 = 60;

/// What is to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) interface: String,
    pub(crate) address: Ipv4Addr,
    pub(crate) when: When,
    prefix: u8,
    /// Where all else is sent, which also answers for names.
    router: Option<Ipv4Addr>,
    domain: String,
}

/// When it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// At once, and undone if it cannot be reached.
    Now,
    /// At the next start: here, the machine is on another network.
    NextStart,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// It was so.
    Same,
    /// It is set, and has to be confirmed.
    Set,
    /// It holds from the next start on.
    Later,
}

/// The interface at the cluster's switch: the one that the file knows, else the one by
/// which it was reached, else the only one there is. One of the uplink is none.
pub(crate) fn interface<'a>(machine: &'a Machine, node: &Node) -> Option<&'a Interface> {
    let uplink = node.uplink.as_ref().map(|uplink| &uplink.medium);
    let outward = |name: &str| matches!(uplink, Some(Medium::Ethernet(own)) if own == name);
    let wired = machine.interfaces.iter();
    let wired = wired.filter(|interface| !interface.wireless && !outward(&interface.name));
    let mut known = wired
        .clone()
        .filter(|interface| node.mac.is_some() && interface.mac == node.mac);
    if let Some(known) = known.next() {
        return Some(known);
    }
    let came = machine.came_by().map(|came| &came.name);
    let mut came = wired
        .clone()
        .filter(|interface| Some(&interface.name) == came);
    if let Some(came) = came.next() {
        return Some(came);
    }
    let mut devices = wired.filter(|interface| interface.device);
    let only = devices.next()?;
    devices.next().is_none().then_some(only)
}

impl Wish {
    /// What the cluster file says of `node`. `inside` is whether the machine was reached
    /// in the cluster's own network.
    pub(crate) fn of(cluster: &Cluster, node: &Node, interface: &Interface, inside: bool) -> Self {
        let gateway = cluster.gateway().map(|gateway| gateway.address);
        let router = gateway.or(cluster.network.router);
        // Who has a way of its own takes that.
        let router = router.filter(|router| node.uplink.is_none() && *router != node.address);
        // Whoever is reached by another interface cannot cut the connection.
        let other_way = node.uplink.is_some();
        Self {
            interface: interface.name.clone(),
            address: node.address,
            when: if inside || other_way {
                When::Now
            } else {
                When::NextStart
            },
            prefix: cluster.network.subnet.prefix_len(),
            router,
            domain: cluster.network.domain.clone(),
        }
    }

    /// Sets it.
    pub(crate) fn request(&self) -> Request {
        let script = Script::of(&[include_str!("address.sh")], "address");
        let when = match self.when {
            When::Now => "now",
            When::NextStart => "later",
        };
        let address = format!("{}/{}", self.address, self.prefix);
        let limit = PROBATION.to_string();
        let first = Record::new([self.interface.as_str(), &address, when, &limit]).line();
        let ways = self
            .ways()
            .map(|(way, content)| Record::new([way, &encode(content.as_bytes())]).line());
        script.request((first + &ways.concat()).into_bytes())
    }

    /// For each way to set up networks: its name, and the file that says it.
    fn ways(&self) -> [(&'static str, String); 4] {
        [
            ("netplan", self.netplan()),
            ("network-manager", self.network_manager()),
            ("ifupdown", self.ifupdown()),
            ("networkd", self.networkd()),
        ]
    }

    fn netplan(&self) -> String {
        let Self {
            interface,
            address,
            prefix,
            domain,
            ..
        } = self;
        let router = self.router.map_or_else(String::new, |router| {
            format!(
                "      routes: [{{to: default, via: {router}}}]\n      \
                 nameservers: {{addresses: [{router}], search: [{domain}]}}\n"
            )
        });
        format!(
            "network:\n  version: 2\n  ethernets:\n    {interface}:\n      dhcp4: false\n      \
             addresses: [{address}/{prefix}]\n{router}"
        )
    }

    fn network_manager(&self) -> String {
        let Self {
            interface,
            address,
            prefix,
            domain,
            ..
        } = self;
        let router = self.router.map_or_else(
            || "never-default=true\n".to_owned(),
            |router| format!("gateway={router}\ndns={router};\ndns-search={domain};\n"),
        );
        format!(
            "[connection]\nid=bramble\ntype=ethernet\ninterface-name={interface}\n\
             autoconnect-priority=100\n\n[ipv4]\nmethod=manual\naddress1={address}/{prefix}\n\
             {router}\n[ipv6]\nmethod=auto\n"
        )
    }

    fn ifupdown(&self) -> String {
        let Self {
            interface,
            address,
            prefix,
            domain,
            ..
        } = self;
        let router = self.router.map_or_else(String::new, |router| {
            format!("    gateway {router}\n    dns-nameservers {router}\n    dns-search {domain}\n")
        });
        format!(
            "# bramble: begin\nauto {interface}\niface {interface} inet static\n    \
             address {address}/{prefix}\n{router}# bramble: end\n"
        )
    }

    fn networkd(&self) -> String {
        let Self {
            interface,
            address,
            prefix,
            domain,
            ..
        } = self;
        let mut text =
            format!("[Match]\nName={interface}\n\n[Network]\nAddress={address}/{prefix}\n");
        if let Some(router) = self.router {
            // Writing to a string cannot fail.
            write!(text, "Gateway={router}\nDNS={router}\nDomains={domain}\n").ok();
        }
        text
    }
}

/// What the script did, and the serial number that only root may read.
pub(crate) fn outcome(answer: &Answer) -> Result<(Option<Done>, String), Malformed> {
    let output = String::from_utf8_lossy(&answer.output);
    let records: Vec<_> = output.lines().map(Record::parse).collect();
    let serial = records.iter().find(|record| record.field(0) == "serial");
    let serial = serial.ok_or_else(|| Malformed::missing("serial"))?.field(1);
    let last = records.last().map_or("", |record| record.field(0));
    let done = match last {
        "same" => Some(Done::Same),
        "set" => Some(Done::Set),
        "later" => Some(Done::Later),
        _ => None,
    };
    Ok((done, serial.trim().to_owned()))
}

/// Says over a fresh connection that the address stays.
pub(crate) fn confirmation() -> Request {
    Script::of(&[include_str!("confirm.sh")], "confirm").request(Vec::new())
}

/// Whether it does.
pub(crate) fn stays(answer: &Answer) -> bool {
    answer.output.starts_with(b"stays")
}

#[cfg(test)]
mod tests {
    use bramble_converge::script::quote;
    use bramble_testkit::{BaseImage, RECIPE, cluster, skipped};

    use super::super::machine::{Root, System};
    use super::*;

    fn machine(interfaces: &[(&str, bool, &str)]) -> Machine {
        let interface = |(name, wireless, address): &(&str, bool, &str)| Interface {
            name: (*name).to_owned(),
            mac: None,
            wireless: *wireless,
            device: true,
            addresses: address.parse().into_iter().collect(),
        };
        Machine {
            user: "khadas".to_owned(),
            root: Root::Sudo,
            system: System::default(),
            architecture: "arm64".to_owned(),
            account: None,
            holder: None,
            group: None,
            serial: None,
            came: "192.168.1.57".parse().ok(),
            interfaces: interfaces.iter().map(interface).collect(),
        }
    }

    fn wish(node: &str, inside: bool) -> Wish {
        let cluster = cluster(RECIPE);
        let node = cluster.node(&node.parse().unwrap()).unwrap();
        let machine = machine(&[("end0", false, "192.168.1.57/24")]);
        let interface = interface(&machine, node).unwrap();
        Wish::of(&cluster, node, interface, inside)
    }

    #[test]
    fn the_interface_is_the_one_at_the_switch() {
        let cluster =
            cluster(&RECIPE.replace("{ wifi = \"HomeWifi\" }", "{ ethernet = \"eth1\" }"));
        let chosen = |node: &str, interfaces: &[(&str, bool, &str)]| {
            let node = cluster.node(&node.parse().unwrap()).unwrap();
            let machine = machine(interfaces);
            interface(&machine, node).map(|interface| interface.name.clone())
        };
        let came = ("end0", false, "192.168.1.57/24");
        let other = ("end1", false, "10.0.0.1/24");
        assert_eq!(chosen("node1", &[other, came]).as_deref(), Some("end0"));
        let by_radio = ("wlan0", true, "192.168.1.57/24");
        assert_eq!(chosen("node1", &[by_radio, other]).as_deref(), Some("end1"));
        assert_eq!(chosen("node1", &[by_radio]), None);
        let third = ("end2", false, "10.0.1.1/24");
        assert_eq!(chosen("node1", &[by_radio, other, third]), None);
        let uplink = ("eth1", false, "192.168.1.57/24");
        assert_eq!(chosen("head", &[uplink, came]).as_deref(), Some("end0"));
    }

    #[test]
    fn an_address_is_set_at_once_only_where_it_can_be_reached() {
        assert_eq!(wish("node1", true).when, When::Now);
        assert_eq!(wish("node1", false).when, When::NextStart);
        // The head is reached by its uplink, whatever its address at the switch is.
        assert_eq!(wish("head", false).when, When::Now);
    }

    #[test]
    fn every_way_to_set_up_a_network_is_told_the_same() {
        let texts = |node: &str| {
            let ways = wish(node, true).ways();
            ways.map(|(way, text)| format!("{way}\n{text}")).join("\n")
        };
        insta::assert_snapshot!(texts("node1"), @r"
        netplan
        network:
          version: 2
          ethernets:
            end0:
              dhcp4: false
              addresses: [10.55.0.2/24]
              routes: [{to: default, via: 10.55.0.1}]
              nameservers: {addresses: [10.55.0.1], search: [garden.lan]}

        network-manager
        [connection]
        id=bramble
        type=ethernet
        interface-name=end0
        autoconnect-priority=100

        [ipv4]
        method=manual
        address1=10.55.0.2/24
        gateway=10.55.0.1
        dns=10.55.0.1;
        dns-search=garden.lan;

        [ipv6]
        method=auto

        ifupdown
        # bramble: begin
        auto end0
        iface end0 inet static
            address 10.55.0.2/24
            gateway 10.55.0.1
            dns-nameservers 10.55.0.1
            dns-search garden.lan
        # bramble: end

        networkd
        [Match]
        Name=end0

        [Network]
        Address=10.55.0.2/24
        Gateway=10.55.0.1
        DNS=10.55.0.1
        Domains=garden.lan
        ");
        insta::assert_snapshot!(texts("head"), @r"
        netplan
        network:
          version: 2
          ethernets:
            end0:
              dhcp4: false
              addresses: [10.55.0.1/24]

        network-manager
        [connection]
        id=bramble
        type=ethernet
        interface-name=end0
        autoconnect-priority=100

        [ipv4]
        method=manual
        address1=10.55.0.1/24
        never-default=true

        [ipv6]
        method=auto

        ifupdown
        # bramble: begin
        auto end0
        iface end0 inet static
            address 10.55.0.1/24
        # bramble: end

        networkd
        [Match]
        Name=end0

        [Network]
        Address=10.55.0.1/24
        ");
    }

    /// What the script makes of these files on the nodes' own system, for the next start.
    fn later(files: &[(&str, &str)], show: &str) -> Option<String> {
        let image = match BaseImage::find() {
            Ok(image) => image,
            Err(reason) => {
                skipped(&reason);
                return None;
            }
        };
        let request = wish("node1", false).request();
        let command = request.command.strip_prefix("exec sudo -n ").unwrap();
        let input = String::from_utf8(request.input.expose().clone()).unwrap();
        let run = format!("printf %s {} | {command} 2>/dev/null\n", quote(&input));
        let ran = image.run(files, &format!("{run}{run}{show}"));
        assert!(ran.succeeded, "{}", ran.said);
        let lines = ran.said.lines();
        let lines: Vec<_> = lines
            .map(|line| line.replace('\u{1f}', " ").trim_end().to_owned())
            .collect();
        Some(lines.join("\n"))
    }

    #[test]
    fn ifupdowns_own_file_keeps_all_other_interfaces_and_a_second_time_changes_nothing() {
        let file = "# hers\nsource /etc/network/interfaces.d/*\nauto lo end0\niface lo inet loopback\n\n\
                    allow-hotplug wlan0 end0\niface end0 inet dhcp\n    metric 5\n\niface wlan0 inet dhcp\n";
        let show = "cat /etc/network/interfaces; ls -l /etc/network/interfaces | cut -c1-10";
        if let Some(said) = later(&[("/etc/network/interfaces", file)], show) {
            insta::assert_snapshot!(said, @r"
            serial
            way ifupdown
            later
            serial
            way ifupdown
            later
            # hers
            source /etc/network/interfaces.d/*
            auto lo
            iface lo inet loopback

            allow-hotplug wlan0
            iface wlan0 inet dhcp
            # bramble: begin
            auto end0
            iface end0 inet static
                address 10.55.0.2/24
                gateway 10.55.0.1
                dns-nameservers 10.55.0.1
                dns-search garden.lan
            # bramble: end
            -rw-r--r--
            ");
        }
    }

    #[test]
    fn netplans_other_files_do_not_set_the_interface_any_more() {
        let hers = "network:\n  version: 2\n  ethernets:\n    end0: {addresses: [192.168.1.57/24]}\n    \
                    end1: {dhcp4: true}\n";
        let show =
            "netplan get ethernets 2>/dev/null; stat -c '%a %n' /etc/netplan/90-bramble.yaml";
        if let Some(said) = later(&[("/etc/netplan/50-hers.yaml", hers)], show) {
            insta::assert_snapshot!(said, @r#"
            serial
            way netplan
            later
            serial
            way netplan
            later
            end1:
              dhcp4: true
            end0:
              addresses:
              - "10.55.0.2/24"
              nameservers:
                addresses:
                - 10.55.0.1
                search:
                - garden.lan
              dhcp4: false
              routes:
              - to: "default"
                via: "10.55.0.1"
            600 /etc/netplan/90-bramble.yaml
            "#);
        }
    }
}
