//! Networks that cannot be: what is told, word for word.

use insta::assert_snapshot;

use super::*;

#[test]
fn subnets() {
    let subnet = |text: &str| told(&LEAST.replace("10.55.0.0/24", text));
    assert_snapshot!(subnet("10.55.0.0"), @r#"
    Error invalid-subnet: `10.55.0.0` is no subnet
      5: "\"10.55.0.0\"" not a subnet
      help: add the length of its prefix: `10.55.0.0/24`
    "#);
    assert_snapshot!(subnet("fd00::/64"), @r#"
    Error invalid-subnet: `fd00::/64` is no subnet
      5: "\"fd00::/64\"" not a subnet
      help: write an IPv4 network, such as `10.55.0.0/24`; there is nothing to gain from IPv6 inside a cluster
    "#);
    assert_snapshot!(subnet("home"), @r#"
    Error invalid-subnet: `home` is no subnet
      5: "\"home\"" not a subnet
      help: write a network and the length of its prefix, such as `10.55.0.0/24`
    "#);
    assert_snapshot!(subnet("10.55.0.1/24"), @r#"
    Error subnet-host-bits: `10.55.0.1/24` is the address of a host, not of a subnet
      5: "\"10.55.0.1/24\"" bits are set after the prefix
      help: write `10.55.0.0/24`
    "#);
    assert_snapshot!(subnet("172.16.0.0/12"), @r#"
    Error subnet-taken: `172.16.0.0/12` overlaps `172.17.0.0/16`, which is for Docker's bridge
      5: "\"172.16.0.0/12\"" in use by containers
      help: choose another, such as `10.55.0.0/24`
    "#);
    assert_snapshot!(subnet("10.43.128.0/24"), @r#"
    Error subnet-taken: `10.43.128.0/24` overlaps `10.43.0.0/16`, which is for the services of k3s
      5: "\"10.43.128.0/24\"" in use by containers
      help: choose another, such as `10.55.0.0/24`
    "#);
    assert_snapshot!(subnet("8.8.8.0/24"), @r#"
    Warning subnet-not-private: `8.8.8.0/24` has addresses that belong to others on the internet
      5: "\"8.8.8.0/24\"" not a private network
      help: choose one from 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, such as `10.55.0.0/24`
    "#);
    assert_snapshot!(subnet("10.55.0.0/30"), @r#"
    Error subnet-too-small: `10.55.0.0/30` has room for 2 nodes, and there are 3
      5: "\"10.55.0.0/30\"" too small
      help: write a larger one, such as `10.55.0.0/29`
    "#);
    assert_snapshot!(subnet("10.55.0.0/32"), @r#"
    Error subnet-too-small: `10.55.0.0/32` has room for 0 nodes, and there are 3
      5: "\"10.55.0.0/32\"" too small
      help: write a larger one, such as `10.55.0.0/29`
    "#);
    assert_snapshot!(subnet("0.0.0.0/0"), @r#"
    Error subnet-taken: `0.0.0.0/0` overlaps `172.17.0.0/16`, which is for Docker's bridge
      5: "\"0.0.0.0/0\"" in use by containers
      help: choose another, such as `10.55.0.0/24`
    "#);
}

#[test]
fn addresses() {
    assert_snapshot!(added("[head]", "address = \"10.55.0.10/24\""), @r#"
    Error invalid-address: `10.55.0.10/24` is no IPv4 address
      7: "\"10.55.0.10/24\"" not an address
      help: write four numbers joined by dots, such as `10.55.0.10`, without a prefix length
    "#);
    assert_snapshot!(added("[head]", "address = \"10.56.0.10\""), @r#"
    Error address-outside: the address 10.56.0.10 of `head` lies outside the subnet 10.55.0.0/24
      7: "\"10.56.0.10\"" not for a node
      help: choose one from 10.55.0.1 to 10.55.0.254, or leave it out to have one chosen
    "#);
    assert_snapshot!(added("[head]", "address = \"10.55.0.0\""), @r#"
    Error address-reserved: the address 10.55.0.0 of `head` is the address of the subnet itself
      7: "\"10.55.0.0\"" not for a node
      help: choose one from 10.55.0.1 to 10.55.0.254, or leave it out to have one chosen
    "#);
    assert_snapshot!(added("[[nodes]]", "address = \"10.55.0.254\""), @r#"
    Error address-reserved: the address 10.55.0.255 of `node2` is the broadcast address of the subnet
      10: "\"10.55.0.254\"" not for a node
      help: choose one from 10.55.0.1 to 10.55.0.254, or leave it out to have one chosen
    "#);
    let both = LEAST
        .replace("[head]", "[head]\naddress = \"10.55.0.8\"")
        .replace("[[nodes]]", "[[nodes]]\naddress = \"10.55.0.7\"");
    assert_snapshot!(told(&both), @r#"
    Error duplicate-address: `head` and `node2` have the same address 10.55.0.8
      11: "\"10.55.0.7\"" gives 10.55.0.8 to `node2`
      7: "\"10.55.0.8\"" gives it to `head`
      help: change one of them, or leave it out to have one chosen
    "#);
    assert_snapshot!(added("[[nodes]]", "address = \"255.255.255.255\""), @r#"
    Error address-outside: the address 255.255.255.255 of `node1` lies outside the subnet 10.55.0.0/24
      10: "\"255.255.255.255\"" not for a node
      help: choose one from 10.55.0.1 to 10.55.0.254, or leave it out to have one chosen
    "#);
}

#[test]
fn uplinks() {
    assert_snapshot!(changed("{ wifi = \"HomeWifi\" }", "{ reach = \"head.local\" }"), @r#"
    Error invalid-uplink: an uplink needs what it runs over
      52: "{ reach = \"head.local\" }" neither `wifi` nor `ethernet`
      help: write either `wifi = "HomeWifi"` or `ethernet = "eth1"`
    "#);
    assert_snapshot!(changed("{ wifi =", "{ ethernet = \"eth1\", wifi ="), @r#"
    Error invalid-uplink: an uplink runs over one medium
      52: "{ ethernet = \"eth1\", wifi = \"HomeWifi\" }" two are given
      help: write either `wifi = "HomeWifi"` or `ethernet = "eth1"`
    "#);
    assert_snapshot!(changed("wifi = \"HomeWifi\"", "ethernet = \"eth 1\""), @r#"
    Error invalid-uplink: `eth 1` is no name of a network interface
      52: "\"eth 1\"" not an interface
      help: write a name such as `eth1`
    "#);
    assert_snapshot!(changed("wifi = \"HomeWifi\"", "wifi = \"HomeWifi\", country = \"uk\""), @r#"
    Error invalid-uplink: `uk` is no country
      52: "\"uk\"" not two capital letters
      help: write its two capital letters (ISO 3166), such as `GB`, `DE` or `US`
    "#);
    assert_snapshot!(changed("wifi = \"HomeWifi\"", "ethernet = \"eth1\", country = \"GB\""), @r#"
    Error contradiction: `country` says something of a radio, and the uplink is a cable
      52: "\"GB\"" of which radio?
      help: delete `country`
    "#);
    assert_snapshot!(changed("wifi = \"HomeWifi\"", "wifi = \"\", reach = \"-oProxyCommand\""), @r#"
    Error empty: `wifi` is empty
      52: "\"\"" nothing to read here
      help: write something, or delete the key
    Error invalid-reach: `-oProxyCommand` is neither a host name nor an address
      52: "\"-oProxyCommand\"" not a host name
      help: write where your machine finds the head, such as `192.168.1.40` or `head.local`
    "#);
}

#[test]
fn routers_and_ways() {
    let network = |line: &str| told(&LEAST.replace("[network]", &format!("[network]\n{line}")));
    assert_snapshot!(network("router = \"192.168.1.1\""), @r#"
    Error address-outside: the router 192.168.1.1 is no address of a host in 10.55.0.0/24
      5: "\"192.168.1.1\"" not in the subnet
      help: write its address in the subnet: nodes reach no other
    "#);
    assert_snapshot!(network("router = \"10.55.0.0\""), @r#"
    Error address-outside: the router 10.55.0.0 is no address of a host in 10.55.0.0/24
      5: "\"10.55.0.0\"" not in the subnet
      help: write its address in the subnet: nodes reach no other
    "#);
    assert_snapshot!(network("access = \"gateway\""), @r#"
    Error no-uplink: the head is to be the gateway, and has no uplink
      5: "\"gateway\"" needs a way out of its own
      help: add `uplink = { wifi = "HomeWifi" }` or `uplink = { ethernet = "eth1" }` to `[head]`, or write `access = "direct"`
    "#);
    let head = LEAST.replace(
        "[head]",
        "router = \"10.55.0.9\"\n[head]\naddress = \"10.55.0.9\"",
    );
    assert_snapshot!(told(&head), @r#"
    Error duplicate-address: the router and `head` have the same address 10.55.0.9
      6: "\"10.55.0.9\"" given to a node too
      help: change one of them
    "#);
}
