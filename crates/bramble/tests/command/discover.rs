//! `discover`: a board on a network of the test's own, and what is written of boards.

use std::fs;
use std::process::Command;

use bramble_testkit::{RECIPE, skipped};
use serde_json::Value;

use crate::terminal::Terminal;
use crate::typed::Place;

/// A network with this machine and one board on it. The board answers one question by
/// multicast DNS, as Avahi does. Arguments: the board's program, then a command.
const NETWORK: &str = r#"
ip link set lo up
ip link add eth0 type veth peer name board || exit
ip address add 10.55.0.200/24 dev eth0 && ip link set eth0 up
unshare --net sleep 60 & beyond=$!
sleep 0.5
ip link set board netns "$beyond" || exit
nsenter --net=/proc/$beyond/ns/net sh -c '
    ip link set board address dc:a6:32:01:02:03 && ip address add 10.55.0.102/24 dev board &&
        ip link set board up && exec python3 -c "$1"' board "$1" & board=$!
sleep 2
shift
"$@"
status=$?
kill $beyond $board 2>/dev/null
exit $status
"#;

const BOARD: &str = r#"
import socket, struct
link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
link.bind(("", 5353))
group = socket.inet_aton("224.0.0.251") + socket.inet_aton("10.55.0.102")
link.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
question, other = link.recvfrom(2000)
assert b"\x04_ssh\x04_tcp\x05local\0\0\x0c\x80\x01" in question
name = b"\x0braspberrypi\x05local\0"
answer = struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0)
answer += name + struct.pack("!HHIH", 1, 1, 10, 4) + socket.inet_aton("10.55.0.102")
link.sendto(answer, other)
"#;

/// A cluster whose head is reached by its address at the switch, where no head is.
fn place() -> Place {
    let reached = "{ wifi = \"HomeWifi\", reach = \"10.55.0.1\" }";
    Place::with(RECIPE.replace("{ wifi = \"HomeWifi\" }", reached))
}

/// Whether this machine can have the network.
fn has_network() -> bool {
    let python = Command::new("python3").arg("--version").output();
    let allowed = Command::new("unshare").args(["--net", "true"]).output();
    let has = python.is_ok() && allowed.is_ok_and(|ended| ended.status.success());
    if !has {
        skipped("a network of one's own needs root, unshare and python3");
    }
    has
}

#[test]
fn a_board_on_the_clusters_network_is_seen_with_its_name_and_maker() {
    if !has_network() {
        return;
    }
    let place = place();
    let typed = place.command(["discover", "--json", "--cold"]);
    let mut inside = Command::new("unshare");
    inside.args(["--net", "--", "/bin/sh", "-c", NETWORK, "network", BOARD]);
    inside.arg(typed.get_program()).args(typed.get_args());
    inside
        .current_dir(place.path(""))
        .env("HOME", place.path(""));
    let ended = inside.output().unwrap();
    let complaint = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{complaint}");
    let found: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(
        found,
        serde_json::json!([{
            "address": "10.55.0.102",
            "mac": "dc:a6:32:01:02:03",
            "maker": "Raspberry Pi",
            "name": "raspberrypi",
            "node": null,
            "address_of": null,
        }]),
        "{complaint}"
    );
    assert!(complaint.contains("head cannot be asked"), "{complaint}");
    assert!(
        complaint.contains("`bramble adopt node1 --address 10.55.0.102`"),
        "{complaint}"
    );
}

#[test]
fn who_is_asked_which_node_a_board_is_has_it_written() {
    if !has_network() {
        return;
    }
    let place = place();
    let before = fs::read_to_string(place.path("bramble.toml")).unwrap();
    fs::write(place.path("network"), NETWORK).unwrap();
    fs::write(place.path("board"), BOARD).unwrap();
    let script = "exec unshare --net -- sh -c \"$(cat network)\" network \"$(cat board)\" \
                  \"$BRAMBLE\" discover --cold --assign";

    let mut terminal = Terminal::types(&place, script);
    terminal.sees("10.55.0.102 dc:a6:32:01:02:03 (Raspberry Pi, raspberrypi): which node is it?");
    terminal.sees("[node1, - for nobody's]");
    terminal.presses("noed2\r");
    terminal.sees("`noed2` is none of the nodes that wait: head,node[1-5]");
    terminal.presses("node2\r");
    let (status, said) = terminal.ends();

    assert_eq!(status, 0, "{said}");
    assert!(
        said.contains("node2 is the board with dc:a6:32:01:02:03"),
        "{said}"
    );
    let added = "\n[identity.node2]\nmac = \"dc:a6:32:01:02:03\"\n";
    let written = fs::read_to_string(place.path("bramble.toml")).unwrap();
    assert_eq!(written, format!("{before}{added}"));
}

#[test]
fn where_nobody_can_be_asked_it_is_said_how_to_say_it() {
    let ended = Place::with(RECIPE).types(&["discover", "--assign"]);
    assert_eq!(ended.status, 2);
    let way = "`bramble discover --assign node3=dc:a6:32:01:02:03`";
    assert!(ended.complaint.contains(way), "{}", ended.complaint);
}

#[test]
fn a_board_is_written_into_the_cluster_file_and_is_one_node() {
    let place = Place::with(RECIPE);
    let ended = place.types(&["discover", "--assign", "node3=DC:A6:32:01:02:03"]);
    assert_eq!(
        (ended.status, ended.output.as_str()),
        (0, "node3 is the board with dc:a6:32:01:02:03\n"),
        "{}",
        ended.complaint
    );
    let written = fs::read_to_string(place.path("bramble.toml")).unwrap();
    let added = "\n[identity.node3]\nmac = \"dc:a6:32:01:02:03\"\n";
    assert_eq!(written, format!("{RECIPE}{added}"));
    for (typed, told) in [
        (
            "node4=dc:a6:32:01:02:03",
            "dc:a6:32:01:02:03 is node3 already",
        ),
        ("node9=dc:a6:32:01:02:04", "no node is called `node9`"),
    ] {
        let ended = place.types(&["discover", "--assign", typed]);
        assert_eq!(ended.status, 2);
        assert!(ended.complaint.contains(told), "{}", ended.complaint);
    }
    assert_eq!(
        fs::read_to_string(place.path("bramble.toml")).unwrap(),
        written
    );
}
