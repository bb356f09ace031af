//! The figures of the guides, and what is said where figures are missing.

use bramble_cluster::catalogue::{Catalogue, Reference};

use super::*;
use crate::addresses::runs;

fn plan(text: &str) -> Plan {
    let (catalogue, reference) = (Catalogue::builtin(), Reference::builtin());
    let cluster = bramble_testkit::cluster(text);
    Plan::of(&Site::new(&cluster, &catalogue, &reference), &[])
}

/// Five VIM3 boards and one that leads them.
const TOWER: &str = r#"
    [cluster]
    name = "tower"
    [network]
    subnet = "192.168.10.0/24"
    access = "direct"
    switch = "tplink-8-port"
    [head]
    name = "master"
    board = "vim3-basic"
    card = "emmc"
    supply = "hds-hdd10t-60w"
    [[nodes]]
    names = "vim[1-5]"
    board = "vim3-basic"
    card = "emmc"
    supply = "hds-hdd10t-60w"
    [os]
    image = "its-own"
    [catalogue.images.its-own]
    name = "Ubuntu"
    uses = "2GB"
"#;

/// Six Raspberry Pi 5, a Mac mini that leads them, and a Raspberry Pi 4 for services.
const LAB: &str = r#"
    [cluster]
    name = "lab"
    [power]
    electricity = "0.30/kWh"
    [network]
    subnet = "10.57.0.0/24"
    switch = "wifi-switch-4-port"
    switches = 3
    [head]
    name = "mac"
    board = "macmini-late2012-i5"
    ram = "4GB"
    adopt = true
    [[nodes]]
    names = "node[1-6]"
    board = "rpi5"
    ram = "8GB"
    card = "sandisk-ultra-32GB"
    supply = "psu-rpi5-5a"
    [[nodes]]
    names = "aux"
    board = "rpi4b"
    ram = "8GB"
    roles = ["storage"]
"#;

/// Two Raspberry Pi 4 that are fed by their switch.
const PAIR: &str = r#"
    [cluster]
    name = "pair"
    [network]
    subnet = "192.168.20.0/24"
    access = "direct"
    switch = "tenda-teg1105p-4-63w"
    [head]
    name = "pi1"
    board = "rpi4b"
    ram = "2GB"
    hat = "rpi-poe-hat"
    roles = ["worker"]
    [[nodes]]
    names = "pi2"
    board = "rpi4b"
    ram = "2GB"
    hat = "rpi-poe-hat"
"#;

#[test]
fn five_vim3_boards_have_30_cores_10_gb_and_70_of_80_gb_left() {
    let resources = plan(TOWER).resources;
    let workers = resources.without_head;
    assert_eq!(
        (workers.nodes, workers.cores, workers.memory_mib),
        (5, 30, 10 * 1024)
    );
    assert_eq!(
        (workers.storage, workers.after_os),
        (80_000_000_000, 70_000_000_000)
    );
    assert_eq!((workers.storage_unknown, workers.after_os_unknown), (0, 0));
    assert_eq!((resources.all.nodes, resources.all.cores), (6, 36));
    assert_eq!(resources.workers, workers);
}

#[test]
fn storage_that_nobody_knows_is_counted_as_unknown_and_not_as_none() {
    let resources = plan(LAB).resources;
    // The Mac mini and the Raspberry Pi 4 do not say what they boot from.
    assert_eq!(
        (resources.all.storage, resources.all.storage_unknown),
        (192_000_000_000, 2)
    );
    assert_eq!(resources.all.after_os_unknown, 2);
    assert_eq!(
        (
            resources.without_head.storage_unknown,
            resources.workers.storage_unknown
        ),
        (1, 0)
    );
    // A machine whose system is not known to take anything.
    let unknown = TOWER.replace("uses = \"2GB\"", "");
    let all = plan(&unknown).resources.all;
    assert_eq!((all.storage, all.after_os_unknown), (96_000_000_000, 6));
}

#[test]
fn a_node_that_boots_from_the_network_needs_no_storage() {
    let text = format!("{PAIR}\n[os]\nboot = \"network\"\n");
    let all = plan(&text).resources.all;
    assert_eq!(
        (all.storage, all.storage_unknown, all.after_os_unknown),
        (0, 0, 0)
    );
}

#[test]
fn drives_and_emmc_beside_the_card_are_storage_too() {
    let drive = "drives = [\"disk\"]\nsupply = \"hds-hdd10t-60w\"\n[[nodes]]";
    let text = TOWER.replacen("supply = \"hds-hdd10t-60w\"\n    [[nodes]]", drive, 1);
    let text = format!("{text}\n[catalogue.cards.disk]\nname = \"disk\"\ncapacity = \"1TB\"\n");
    assert_eq!(plan(&text).resources.all.storage, 1_096_000_000_000);
    let from_card = text.replacen("card = \"emmc\"", "card = \"sandisk-ultra-32GB\"", 1);
    assert_eq!(plan(&from_card).resources.all.storage, 1_128_000_000_000);
}

#[test]
fn what_was_measured_is_added_up_idle_busy_and_at_most() {
    let power = plan(LAB).power;
    let watts = [power.idle, power.load, power.most].map(|draw| draw.power.to_string());
    assert_eq!(watts, ["29.4 W", "148.2 W", "168.4 W"]);
    let boards: Vec<_> = power
        .boards
        .iter()
        .map(|board| (board.nodes.fold(), board.count))
        .collect();
    let expected = [("mac", 1), ("node[1-6]", 6), ("aux", 1)];
    assert_eq!(
        boards,
        expected.map(|(nodes, count)| (nodes.to_owned(), count))
    );
}

#[test]
fn a_year_at_work_costs_what_the_meter_would_say() {
    let running = plan(LAB).power.running.unwrap();
    // 29.4 W and 148.2 W for 8760 hours at 0.30.
    assert_eq!(running.idle.to_string(), "77.26");
    assert_eq!(running.load.to_string(), "389.47");
    assert_eq!(plan(TOWER).power.running, None);
}

#[test]
fn a_board_with_the_same_chip_stands_in_and_is_named() {
    let power = plan(TOWER).power;
    assert_eq!(
        power.boards[0].each.stands_in.as_deref(),
        Some("Banana Pi BPI-CM4")
    );
    assert_eq!(power.load.power.to_string(), "24.6 W");
    assert_eq!(power.supplies.power.to_string(), "60 W");
}

#[test]
fn nodes_without_a_figure_are_counted() {
    let own = "[catalogue.boards.mine]\nname = \"Mine\"\ncores = 2\nram = [\"1GB\"]\n";
    let text = PAIR.replacen(
        "board = \"rpi4b\"\n    ram = \"2GB\"",
        "board = \"mine\"",
        1,
    );
    let power = plan(&format!("{text}\n{own}")).power;
    assert_eq!(
        (power.idle.unknown, power.load.unknown, power.most.unknown),
        (1, 1, 1)
    );
    assert_eq!(power.load.power.to_string(), "5 W");
}

#[test]
fn the_switch_sets_aside_by_class_and_that_is_told_beside_its_budget() {
    let poe = plan(PAIR).power.poe.unwrap();
    assert_eq!(poe.boards, 2);
    assert_eq!(poe.reserved.to_string(), "30.8 W");
    assert_eq!(
        poe.budget.map(|budget| budget.to_string()).as_deref(),
        Some("63 W")
    );
    assert_eq!(plan(TOWER).power.poe, None);
}

#[test]
fn supplies_that_are_told_are_counted_whole_and_others_by_their_only_port() {
    let supplies = plan(LAB).power.supplies;
    // 5.1 V, 5 A, one for each board.
    assert_eq!(
        (supplies.count, supplies.power.to_string().as_str()),
        (6, "153 W")
    );
}

#[test]
fn speed_is_the_sum_of_the_workers_and_a_range_around_it() {
    let speed = plan(LAB).speed;
    assert_eq!(speed.workers.nodes, 6);
    assert_eq!(speed.workers.hpl.to_string(), "211.014 Gflop/s");
    assert_eq!(speed.workers.least.to_string(), "183.582 Gflop/s");
    assert_eq!(speed.workers.most.to_string(), "227.895 Gflop/s");
    assert_eq!(
        speed
            .workers
            .power
            .map(|power| power.to_string())
            .as_deref(),
        Some("76.2 W")
    );
    assert!((speed.workers.per_watt.unwrap() - 2.769).abs() < 0.001);
    // Nobody measured the Mac mini, so that it adds nothing.
    assert_eq!(speed.with_head, None);
    let left: Vec<_> = speed
        .left_out
        .iter()
        .map(|left| left.nodes.fold())
        .collect();
    assert_eq!(left, ["mac"]);
}

#[test]
fn a_variant_that_was_measured_apart_counts_with_its_own_watts() {
    let speed = plan(&LAB.replacen("ram = \"8GB\"", "ram = \"16GB\"", 1)).speed;
    assert_eq!(speed.workers.hpl.to_string(), "227.328 Gflop/s");
    assert_eq!(
        speed
            .workers
            .power
            .map(|power| power.to_string())
            .as_deref(),
        Some("82.8 W")
    );
}

#[test]
fn a_head_that_computes_is_a_worker_and_one_that_does_not_is_told_apart() {
    let both = plan(PAIR).speed;
    assert_eq!((both.workers.nodes, both.with_head), (2, None));
    let one = plan(&PAIR.replace("roles = [\"worker\"]", "roles = [\"time\"]")).speed;
    assert_eq!((one.workers.nodes, one.with_head.unwrap().nodes), (1, 2));
}

#[test]
fn a_cluster_that_nobody_measured_is_not_compared() {
    let plan = plan(TOWER);
    assert_eq!((plan.speed.workers.nodes, plan.top500), (0, None));
}

#[test]
fn every_node_has_an_address_a_full_name_and_a_port() {
    let addresses = plan(TOWER).addresses;
    assert_eq!(addresses.len(), 6);
    let vim2 = &addresses[2];
    assert_eq!(
        (vim2.name.as_str(), vim2.address.to_string().as_str()),
        ("vim2.tower.lan", "192.168.10.3")
    );
    let ports: Vec<_> = addresses
        .iter()
        .map(|address| address.port.unwrap().port)
        .collect();
    // The home's router has the first.
    assert_eq!(ports, [2, 3, 4, 5, 6, 7]);
}

#[test]
fn nodes_that_follow_each_other_and_are_for_the_same_are_one_range() {
    let addresses = plan(LAB).addresses;
    let runs: Vec<_> = runs(&addresses)
        .iter()
        .map(|run| format!("{} {} - {}", run.nodes, run.first.address, run.last.address))
        .collect();
    assert_eq!(
        runs,
        [
            "mac 10.57.0.1 - 10.57.0.1",
            "node[1-6] 10.57.0.2 - 10.57.0.7",
            "aux 10.57.0.8 - 10.57.0.8",
        ]
    );
}

#[test]
fn a_rented_server_is_compared_with_what_is_bought_and_burnt() {
    let cost = "[cost]\nrented = \"20/month\"\n";
    let with = |rest: &str| {
        plan(&format!(
            "{}{cost}{rest}",
            PAIR.replace("name = \"pair\"", "name = \"pair\"\ncurrency = \"USD\"")
        ))
    };
    let even = with("[power]\nelectricity = \"0.28/kWh\"\n")
        .break_even
        .unwrap();
    // Two boards at 45 and two hats at 20; the switch costs pounds.
    assert_eq!(
        (even.bought.to_string().as_str(), even.complete),
        ("130.00", false)
    );
    assert_eq!(
        even.electricity.map(|amount| amount.to_string()).as_deref(),
        Some("2.04")
    );
    let crate::break_even::After::Months(months) = even.after else {
        panic!("{even:?}");
    };
    assert!((months - 130.0 / 17.96).abs() < 0.01);
    let dear = with("[power]\nelectricity = \"3.00/kWh\"\n")
        .break_even
        .unwrap();
    assert_eq!(dear.after, crate::break_even::After::Never);
    assert_eq!(plan(PAIR).break_even, None);
}

#[test]
fn more_nodes_than_were_ever_measured_are_not_promised_more_than_their_sum() {
    let of = |nodes: u32| {
        let names = format!("node[1-{nodes}]");
        let text = LAB.replace("node[1-6]", &names);
        plan(&text).speed.workers
    };
    assert!(of(10).most > of(10).hpl);
    assert_eq!((of(11).nodes, of(11).most), (11, of(11).hpl));
}

#[test]
fn with_nothing_to_do_electricity_is_less_and_it_pays_sooner() {
    use crate::break_even::After::Months;
    let text = PAIR.replace("name = \"pair\"", "name = \"pair\"\ncurrency = \"USD\"");
    let cost = "[cost]\nrented = \"20/month\"\n[power]\nelectricity = \"0.28/kWh\"\n";
    let even = plan(&format!("{text}{cost}")).break_even.unwrap();
    let (Months(busy), Months(idle)) = (even.after, even.after_idle) else {
        panic!("{even:?}");
    };
    assert!(idle < busy, "{idle} {busy}");
}
