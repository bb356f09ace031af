//! Files that are read: what they mean, and what is chosen where they are silent.

use super::*;
use crate::cluster::{Access, Engine, Internet, Medium, Place, TimeSource};

fn cluster(text: &str) -> Cluster {
    let reading = read(text);
    assert!(
        reading.diagnostics.iter().all(|found| !found.is_error()),
        "{}",
        told(text)
    );
    reading.cluster.unwrap()
}

fn addresses(text: &str) -> String {
    let cluster = cluster(text);
    let line = |node: &crate::Node| format!("{} {}", node.name, node.address);
    cluster
        .nodes
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join(", ")
}

#[test]
fn the_recipe_reads_without_a_word() {
    assert_eq!(told(RECIPE), "");
    let cluster = cluster(RECIPE);
    assert_eq!(cluster.name.as_str(), "garden");
    assert_eq!(cluster.network.internet, Internet::OnDemand);
    assert_eq!(cluster.scheduler, Some(Engine::Slurm));
    assert_eq!(cluster.shares[0].on, cluster.head().name);
    assert_eq!(cluster.head().hardware.memory.to_string(), "4 GB");
    let uplink = cluster.head().uplink.clone().unwrap();
    assert_eq!(uplink.medium, Medium::Wifi("HomeWifi".to_owned()));
    let cores: u32 = cluster
        .with_role("worker")
        .map(|node| node.hardware.cores)
        .sum();
    assert_eq!((cluster.nodes.len(), cores), (6, 20));
    assert!(
        cluster.nodes[1..]
            .iter()
            .all(|node| node.place == Place::Worker)
    );
}

#[test]
fn every_example_reads_without_an_error() {
    for (name, text) in EXAMPLES {
        let errors = read(text)
            .diagnostics
            .into_iter()
            .filter(Diagnostic::is_error);
        assert_eq!(errors.collect::<Vec<_>>(), [], "{name}");
    }
}

#[test]
fn what_the_file_leaves_out_has_a_default() {
    let cluster = cluster(LEAST);
    assert_eq!(told(LEAST), "");
    assert_eq!(
        (cluster.user.as_str(), cluster.timezone.as_str()),
        ("pi", "Etc/UTC")
    );
    assert_eq!(cluster.network.access, Access::Direct);
    assert_eq!(cluster.network.internet, Internet::OnDemand);
    assert_eq!(cluster.network.domain, "garden.lan");
    assert_eq!(cluster.time, TimeSource::Internet);
    assert_eq!(cluster.scheduler, Some(Engine::Slurm));
    assert!(cluster.shares.is_empty() && cluster.authorized_keys.is_empty());
    let roles: Vec<_> = cluster
        .head()
        .roles
        .iter()
        .map(crate::name::RoleName::as_str)
        .collect();
    assert_eq!(roles, ["gateway", "time", "storage", "scheduler"]);
    assert!(cluster.nodes[1].has_role("worker"));
}

#[test]
fn a_head_with_an_uplink_is_the_gateway_unless_the_file_says_otherwise() {
    let uplink = LEAST.replace("[head]", "[head]\nuplink = { ethernet = \"eth1\" }");
    assert_eq!(cluster(&uplink).network.access, Access::Gateway);
    assert_eq!(cluster(&uplink).gateway().unwrap().name.as_str(), "head");
    assert!(cluster(LEAST).gateway().is_none());
    let direct = uplink.replace("[network]", "[network]\naccess = \"direct\"");
    assert_eq!(cluster(&direct).network.access, Access::Direct);
}

#[test]
fn no_node_gets_the_router_s_address() {
    let cluster = cluster(&LEAST.replace("[network]", "[network]\nrouter = \"10.55.0.1\""));
    let addresses: Vec<_> = cluster
        .nodes
        .iter()
        .map(|node| node.address.to_string())
        .collect();
    assert_eq!(addresses, ["10.55.0.2", "10.55.0.3", "10.55.0.4"]);
}

#[test]
fn nodes_without_an_address_get_the_next_free_one() {
    assert_eq!(
        addresses(LEAST),
        "head 10.55.0.1, node1 10.55.0.2, node2 10.55.0.3"
    );
    let text =
        format!("{LEAST}[[nodes]]\nnames = 'x[1-2]'\nboard = 'rpi3b'\naddress = '10.55.0.2'");
    assert_eq!(
        addresses(&text),
        "head 10.55.0.1, node1 10.55.0.4, node2 10.55.0.5, x1 10.55.0.2, x2 10.55.0.3"
    );
    let text = LEAST.replace(
        "name = \"head\"",
        "name = \"head\"\naddress = \"10.55.0.9\"",
    );
    assert_eq!(
        addresses(&text),
        "head 10.55.0.9, node1 10.55.0.1, node2 10.55.0.2"
    );
}

#[test]
fn the_smallest_subnet_that_fits_is_filled_to_the_last_address() {
    let text = LEAST
        .replace("10.55.0.0/24", "10.55.0.0/29")
        .replace("[1-2]", "[1-5]");
    assert!(addresses(&text).ends_with("node5 10.55.0.6"));
}

#[test]
fn a_node_is_placed_by_its_role_and_the_head_stays_the_head() {
    let text = format!("{LEAST}[[nodes]]\nnames = 'aux'\nboard = 'rpi3b'\nroles = ['mpi']");
    let text = text.replace(
        "name = \"head\"",
        "name = \"head\"\nroles = ['worker', 'worker']",
    );
    let cluster = cluster(&text);
    let places: Vec<_> = cluster
        .nodes
        .iter()
        .map(|node| node.place.as_str())
        .collect();
    assert_eq!(places, ["head", "worker", "worker", "auxiliary"]);
    assert_eq!(cluster.head().roles.len(), 1);
    assert_eq!(cluster.scheduler, None);
}

#[test]
fn own_hardware_is_described_in_the_file() {
    let own = "[catalogue.boards.mine]\nname = 'Mine'\ncores = 2\nram = ['3GB']\n\
               ethernet = { rated = '100Mb/s' }\n[catalogue.switches.big]\nname = 'Big'\nports = 48\n";
    let text = format!("{}{own}", LEAST.replace("rpi3b", "mine"))
        .replace("[head]", "switch = 'big'\n[head]");
    let board = &cluster(&text).nodes[1].hardware.board;
    assert_eq!((board.id.as_str(), board.cores), ("mine", Some(2)));
    assert_eq!(board.ethernet_speed().unwrap().to_string(), "100 Mb/s");
}

#[test]
fn keys_of_people_and_an_uplink_by_cable_are_kept() {
    let text = LEAST
        .replace(
            "name = \"garden\"",
            "name = \"garden\"\nauthorized_keys = ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGarden me']",
        )
        .replace(
            "[head]",
            "[head]\nuplink = { ethernet = 'eth1', reach = '192.168.1.40' }",
        );
    let cluster = cluster(&text);
    assert_eq!(
        cluster.authorized_keys,
        ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGarden me"]
    );
    let uplink = cluster.head().uplink.clone().unwrap();
    assert_eq!(uplink.medium, Medium::Ethernet("eth1".to_owned()));
    assert_eq!(uplink.reach.as_deref(), Some("192.168.1.40"));
    assert_eq!(uplink.country, None);

    let radio = LEAST.replace(
        "[head]",
        "[head]\nuplink = { wifi = 'Home', country = 'GB' }",
    );
    let uplink = self::cluster(&radio).head().uplink.clone().unwrap();
    assert_eq!(uplink.country.as_deref(), Some("GB"));
}

#[test]
fn nodes_are_selected_by_name_and_by_group() {
    let cluster = cluster(RECIPE);
    let selected = |expression: &str| match cluster.select(expression) {
        Ok(set) => set.fold(),
        Err(error) => format!("{:?}: {error}", &expression[error.at.clone()]),
    };
    assert_eq!(selected("@worker!node3"), "node[1-2,4-5]");
    assert_eq!(selected("@head,node1"), "head,node1");
    assert_eq!(selected("@all"), "head,node[1-5]");
    assert_eq!(selected("@*&@gateway"), "head");
    assert_eq!(selected("@auxiliary"), "");
    assert_eq!(
        selected("nod1"),
        r#""nod1": no such node `nod1`; did you mean `node1`?"#
    );
    assert_eq!(
        selected("head,node[4-6]"),
        r#""node[4-6]": no such node `node6`; did you mean `node1`?"#
    );
    assert_eq!(
        selected("@wroker"),
        r#""@wroker": no such group `@wroker`; did you mean `@worker`?"#
    );
    assert_eq!(selected("toaster"), r#""toaster": no such node `toaster`"#);
}

#[test]
fn every_key_that_the_recipe_does_without_is_read_too() {
    let text = RECIPE
        .replace("/home/shared\"", "/home/shared\", device = \"/dev/sda1\"")
        .replace("[power]", "[power]\nbutton = true")
        .replace(
            "name = \"head\"",
            "name = \"head\"\naddress = \"10.55.0.1\"",
        )
        .replace(
            "names = ",
            "ram = \"1 GB\"\naddress = \"10.55.0.11\"\nnames = ",
        );
    assert_eq!(told(&text), "");
    let cluster = cluster(&text);
    assert_eq!(cluster.shares[0].device.as_deref(), Some("/dev/sda1"));
    assert_eq!(cluster.nodes[5].address.to_string(), "10.55.0.15");
}

#[test]
fn an_own_entry_changes_only_the_figures_it_gives() {
    let own = "[catalogue.boards.rpi4b.intake]\ncurrent = \"2.5A\"\n";
    let cluster = cluster(&format!("{RECIPE}\n{own}"));
    let board = &cluster.head().hardware.board;
    let intake = board.intake.as_ref().unwrap();
    assert_eq!(intake.current.unwrap().to_string(), "2.5 A");
    assert_eq!(intake.voltage.unwrap().to_string(), "5.1 V");
    assert!(
        intake
            .source
            .as_ref()
            .unwrap()
            .ends_with("changed in the cluster file")
    );
    assert_eq!(board.cores, Some(4));
}
