//! Everything that a role generates, as snapshots in the `cases/` folder of the
//! role. After a change that is meant: `cargo insta review`.

use bramble_testkit::{board, twin};

use crate::case::Case;

/// Compares what `role` does in `case` with `src/ROLE/cases/NAME.snap`.
fn check(role: &str, name: &str, case: &Case) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../../src/{role}/cases"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, case.shown(role)));
}

#[test]
fn every_role_on_the_recipes_boards() {
    let case = Case::recipe([]);
    for role in bramble_roles::registry::ROLES {
        check(role.name, "recipe", &case);
    }
}

#[test]
fn every_role_on_the_recipes_twin() {
    let case = Case::twin();
    for role in bramble_roles::registry::ROLES {
        check(role.name, "twin", &case);
    }
}

#[test]
fn keys_of_other_people_are_let_in() {
    let keys = "user = \"ada\"\nauthorized_keys = [\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGarden ada@laptop\"]\n";
    let case = Case::recipe([("user = \"pi\"", keys)]);
    check("account", "authorized-keys", &case);
}

#[test]
fn workers_may_always_or_never_reach_the_world() {
    for policy in ["always", "never"] {
        let internet = format!("internet = \"{policy}\"");
        let case = Case::recipe([("internet = \"on-demand\"", &internet)]);
        check("gateway", &format!("internet-{policy}"), &case);
    }
}

#[test]
fn nodes_may_be_reached_by_their_own_addresses() {
    for access in ["routed", "direct"] {
        let own = format!("access = \"{access}\"");
        let case = Case::recipe([("access = \"gateway\"", &own)]);
        check("gateway", &format!("access-{access}"), &case);
    }
}

#[test]
fn the_gateway_stands_where_its_address_is() {
    let case = Case::recipe([]).with_facts(|node| {
        let interfaces = [("end0".to_owned(), vec![node.address])].into();
        bramble_converge::Facts {
            interfaces,
            ..board(node)
        }
    });
    check("gateway", "interface-end0", &case);
}

#[test]
fn the_time_comes_from_a_receiver_or_from_nowhere() {
    for source in ["gps", "none"] {
        let own = format!("source = \"{source}\"");
        let case = Case::recipe([("source = \"internet\"", &own)]);
        check("time", source, &case);
    }
}

#[test]
fn the_disk_of_a_share_is_not_waited_for_where_the_host_shares() {
    let own = "path = \"/srv/home\", device = \"/dev/sda1\"";
    let case = Case::recipe([("path = \"/srv/home\"", own)]).with_facts(twin);
    let plan = format!("{:?}", case.plan());
    assert!(plan.contains("/srv/home") && !plan.contains("sda1") && !plan.contains("automount"));
}

#[test]
fn a_share_may_have_a_disk_of_its_own_and_an_odd_path() {
    let own = "{ on = \"head\", path = \"/srv/my-data.d/.x\", mount = \"/home/shared\", \
               device = \"/dev/sda1\" }, { on = \"node1\", path = \"/scratch\", mount = \"/scratch\" }";
    let recipe = "{ on = \"head\", path = \"/srv/home\", mount = \"/home/shared\" }";
    check(
        "storage",
        "disk-and-odd-path",
        &Case::recipe([(recipe, own)]),
    );
}

#[test]
fn workers_that_were_never_read_count_as_their_boards() {
    let mut case = Case::recipe([]);
    case.facts.clear();
    check("scheduler", "never-read", &case);
    check("storage", "never-read", &case);
    check("gateway", "never-read", &case);
}

#[test]
fn a_worker_that_was_never_read_keeps_its_place_beside_those_that_were() {
    let mut case = Case::recipe([]);
    case.facts.remove(&"node3".parse().unwrap());
    check("scheduler", "one-never-read", &case);
}

#[test]
fn a_head_may_also_work() {
    let case = Case::recipe([(
        "\"storage\", \"scheduler\"]",
        "\"storage\", \"scheduler\", \"worker\"]",
    )]);
    check("scheduler", "head-works", &case);
    check("worker", "head-works", &case);
    check("mpi", "head-works", &case);
}

/// The smallest decides what a job gets for each core, and each size has a line.
#[test]
fn boards_of_several_sizes_are_counted_each() {
    let more = "[[nodes]]\nnames = \"big[1-2]\"\nboard = \"rpi4b\"\nram = \"8GB\"\nroles = [\"worker\"]\n\
                [[nodes]]\nnames = \"aux\"\nboard = \"rpi4b\"\nram = \"2GB\"\nroles = [\"time\"]\n";
    let text = format!("{}\n{more}", bramble_testkit::RECIPE);
    let case = Case::file(&text);
    check("scheduler", "several-sizes", &case);
    check("time", "several-sizes", &case);
}

/// One worker whose kernel lacks the controllers decides for all.
#[test]
fn one_kernel_without_controllers_is_enough_to_do_without() {
    let case = Case::recipe([]).with_facts(|node| {
        let facts = board(node);
        let controllers = match node.name.as_str() {
            "node2" => vec!["cpu".to_owned()],
            _ => facts.controllers.clone(),
        };
        bramble_converge::Facts {
            controllers,
            ..facts
        }
    });
    check("scheduler", "one-without-controllers", &case);
}

#[test]
fn without_a_scheduler_nothing_of_slurm_is_there() {
    let case = Case::recipe([
        ("[scheduler]\nengine = \"slurm\"", ""),
        ("\"storage\", \"scheduler\"]", "\"storage\"]"),
    ]);
    for role in ["scheduler", "worker", "munge"] {
        assert_eq!(case.shown(role), "", "{role}");
    }
}

/// A second declaration of a resource is refused where wishes are gathered, so
/// that this succeeds is the test.
#[test]
fn no_two_roles_on_one_node_want_the_same_resource() {
    let case = Case::recipe([(
        "\"storage\", \"scheduler\"]",
        "\"storage\", \"scheduler\", \"worker\"]",
    )]);
    assert!(!case.plan().is_empty());
    assert!(!case.with_facts(twin).plan().is_empty());
}

#[test]
fn the_owner_is_told_what_a_kernel_cannot_do() {
    assert_eq!(Case::recipe([]).notes(), "");
    insta::assert_snapshot!(Case::twin().notes(), @r"
    head: kernels here lack cgroup controllers for cores and memory: Slurm counts them, and holds no job to them
    head,node[1-5]: this kernel has no NFS: shared directories are what the host shares
    ");
}

/// The recipe with boards that boot from the network, some of them known.
pub(crate) fn from_the_network() -> Case {
    let known = "[identity.node1]\nmac = \"dc:a6:32:01:02:03\"\nserial = \"10000000abcdef01\"\n\
                 [identity.node2]\nmac = \"dc:a6:32:01:02:04\"\n\
                 [identity.node3]\nserial = \"00000000abcdef03\"\n";
    Case::recipe([
        ("boot = \"card\"", "boot = \"network\""),
        ("[storage]", &format!("{known}[storage]")),
    ])
}

#[test]
fn boards_without_cards_boot_from_the_gateway() {
    let case = from_the_network();
    check("gateway", "network-boot", &case);
    insta::assert_snapshot!(case.notes(), @"head: network boot needs the MAC of node[3-5]: `bramble discover --assign node3=MAC`");
}

/// It has no way out, gives no addresses, and answers no questions for names.
#[test]
fn boards_without_cards_boot_where_another_server_gives_out_addresses() {
    let case = Case::recipe([
        ("uplink = { wifi = \"HomeWifi\" }", ""),
        ("access = \"gateway\"", "access = \"direct\""),
        ("boot = \"card\"", "boot = \"network\""),
        (
            "[storage]",
            "[identity.node1]\nserial = \"abcdef01\"\n[storage]",
        ),
    ]);
    check("gateway", "network-boot-alone", &case);
    insta::assert_snapshot!(case.notes(), @"head: network boot needs the serial number or the MAC of node[2-5]: `bramble discover --assign node2=MAC`");
}

#[test]
fn nothing_boots_from_a_kernel_without_nfs() {
    let case = from_the_network().with_facts(twin);
    let plan = format!("{:?}", case.plan());
    assert!(!plan.contains("netboot") && !plan.contains("network-boot"));
    assert!(case.notes().contains("no board can boot from here"));
}
