//! Which board a node is: what is read, and what is told.

use insta::assert_snapshot;

use super::*;

fn identity(tables: &str) -> String {
    format!("{LEAST}{tables}\n")
}

#[test]
fn a_node_has_the_address_and_number_that_the_file_gives_it() {
    let text = identity(
        "[identity.node2]\nmac = \"DC-A6-32-01-02-03\"\nserial = \"10000000abcdef01\"\n\
         [identity.head]\nserial = \"C07JK0AADWYL\"",
    );
    let reading = read(&text);
    assert_eq!(reading.diagnostics, []);
    let cluster = reading.cluster.unwrap();
    let of = |name: &str| {
        let node = cluster.node(&name.parse().unwrap()).unwrap();
        let mac = node.mac.map(|mac| mac.to_string());
        (mac, node.serial.as_ref().map(ToString::to_string))
    };
    let mac = Some("dc:a6:32:01:02:03".to_owned());
    assert_eq!(of("node2"), (mac, Some("10000000abcdef01".to_owned())));
    assert_eq!(of("head"), (None, Some("C07JK0AADWYL".to_owned())));
    assert_eq!(of("node1"), (None, None));
}

#[test]
fn nobodys_identity() {
    assert_snapshot!(told(&identity("[identity.nodd2]\nmac = \"dc:a6:32:01:02:03\"")), @r#"
    Error unknown-node: no node is called `nodd2`
      12: "[identity.nodd2]" no such node
      help: did you mean `node2`? It can be `head`, `node1` or `node2`
    "#);
}

#[test]
fn one_board_as_two_nodes() {
    let both = "[identity]\nnode1 = { mac = \"dc:a6:32:01:02:03\", serial = \"abcdef01\" }\n\
                node2 = { mac = \"DC:A6:32:01:02:03\", serial = \"abcdef01\" }";
    assert_snapshot!(told(&identity(both)), @r#"
    Error duplicate-identity: `node1` and `node2` have the same hardware address dc:a6:32:01:02:03
      14: "\"DC:A6:32:01:02:03\"" again here
      13: "\"dc:a6:32:01:02:03\"" first here
      help: one board is one node: delete the one that is wrong
    Error duplicate-identity: `node1` and `node2` have the same serial number abcdef01
      14: "\"abcdef01\"" again here
      13: "\"abcdef01\"" first here
      help: one board is one node: delete the one that is wrong
    "#);
}

#[test]
fn what_no_board_has() {
    let odd = "[identity.node1]\nmac = \"dca632010203\"\nserial = \"0000000000000000\"\n\
               [identity.node2]\nmac = \"33:33:00:00:00:01\"\nseral = \"x\"";
    assert_snapshot!(told(&identity(odd)), @r#"
    Error invalid-mac: `dca632010203` is not a hardware address: it is not six pairs of hexadecimal digits, such as `dc:a6:32:01:02:03`
      13: "\"dca632010203\"" no board has this
      help: write it as the board says it, or delete the line: `bramble adopt` and `bramble discover` find it out
    Error invalid-serial: `0000000000000000` is not a serial number: it is what boards say that were given none
      14: "\"0000000000000000\"" no board has this
      help: write it as the board says it, or delete the line: `bramble adopt` and `bramble discover` find it out
    Error invalid-mac: `33:33:00:00:00:01` is not a hardware address: no single board has it: it is for all or for a group of them
      16: "\"33:33:00:00:00:01\"" no board has this
      help: write it as the board says it, or delete the line: `bramble adopt` and `bramble discover` find it out
    Error unknown-key: unknown key `seral` in `[identity.node2]`
      17: "seral" not a key here
      help: did you mean `serial`?
    "#);
    assert_snapshot!(told(&identity("[identity]\nnode1 = \"dc:a6:32:01:02:03\"")), @r#"
    Error wrong-type: `node1` must be a table, not text
      13: "\"dc:a6:32:01:02:03\"" this is text
      help: write it like `node1 = { mac = "dc:a6:32:01:02:03" }`
    "#);
}
