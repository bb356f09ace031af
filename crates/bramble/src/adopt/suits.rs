//! Whether a machine can be a certain node, and what stands in the way. Not in here:
//! asking it, and making it one.

use bramble_cluster::cluster::USER_ID;
use bramble_cluster::{Cluster, MacAddress, Node};

use super::machine::{Interface, Machine, Root, System};

/// The oldest releases of which the packages and tools do what roles ask of them:
/// those with systemd 249, cgroup v2 and an OpenSSH that reads `sshd_config.d`.
const OLDEST: &[(&str, u32)] = &[("debian", 12), ("raspbian", 12), ("ubuntu", 22)];

/// Why a machine cannot be the node, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Obstacle {
    pub(crate) what: String,
    pub(crate) remedies: Vec<String>,
}

impl Obstacle {
    fn new<const N: usize>(what: String, remedies: [String; N]) -> Self {
        Self {
            what,
            remedies: remedies.into(),
        }
    }
}

/// What stands in the way of making `machine` the node, if anything does: what cannot
/// be changed comes first.
pub(crate) fn obstacle(machine: &Machine, cluster: &Cluster, node: &Node) -> Option<Obstacle> {
    system(&machine.system)
        .or_else(|| architecture(machine, node))
        .or_else(|| other_board(machine, cluster, node))
        .or_else(|| root(machine))
        .or_else(|| account(machine, cluster))
}

fn system(system: &System) -> Option<Obstacle> {
    let name = &system.name;
    let runs = if name.is_empty() {
        "it does not say which system it runs".to_owned()
    } else {
        format!("it runs {name}")
    };
    let oldest = OLDEST.iter().find(|(id, _)| *id == system.id);
    let like_debian = system.like.split_whitespace().any(|id| id == "debian");
    let Some((_, oldest)) = oldest else {
        let what = format!("{runs}, and roles are made for Debian and what is built on it");
        let install =
            "install Debian, Raspberry Pi OS or Ubuntu there first: `bramble card write` \
                       does it for boards with cards"
                .to_owned();
        return (!like_debian).then(|| Obstacle::new(what, [install]));
    };
    let release: u32 = system.version.split('.').next()?.parse().ok()?;
    (release < *oldest).then(|| {
        let what = format!("{runs}, and nodes need release {oldest} or later");
        let upgrade = "upgrade it, or write a new card: `bramble card write`".to_owned();
        Obstacle::new(what, [upgrade])
    })
}

/// What the file says the node runs is for other processors.
fn architecture(machine: &Machine, node: &Node) -> Option<Obstacle> {
    let image = node.hardware.image.as_ref()?;
    let wanted = image.architecture.as_deref()?;
    let told = !machine.architecture.is_empty();
    (told && machine.architecture != wanted).then(|| {
        let what = format!(
            "its processor is {}, and {} is for {wanted}",
            machine.architecture, image.name
        );
        let board = format!(
            "if it is the right machine, name another `image` for {} in the cluster file, or a \
             board that is like it",
            node.name
        );
        Obstacle::new(what, [board])
    })
}

/// The file says which board the node is, or which node the board is.
fn other_board(machine: &Machine, cluster: &Cluster, node: &Node) -> Option<Obstacle> {
    let has = |mac: MacAddress| {
        let own = |interface: &Interface| interface.mac == Some(mac);
        machine.interfaces.iter().any(own)
    };
    let is = |other: &&Node| {
        let serial = other.serial.is_some() && other.serial == machine.serial;
        other.name != node.name && (serial || other.mac.is_some_and(has))
    };
    if let Some(other) = cluster.nodes.iter().find(is) {
        let what = format!("it is {} by what the cluster file knows of it", other.name);
        let moved = format!(
            "if the board was moved, delete `[identity.{}]` in the cluster file",
            other.name
        );
        return Some(Obstacle::new(what, [moved]));
    }
    let known = |what: &str, known: &dyn std::fmt::Display| {
        let what = format!(
            "it is not the board that the cluster file knows as {}: that has {what} {known}",
            node.name
        );
        let replaced = format!(
            "if the board was replaced, delete `[identity.{}]` in the cluster file",
            node.name
        );
        Obstacle::new(what, [replaced])
    };
    if let Some(mac) = node.mac.filter(|mac| !has(*mac)) {
        return Some(known("the hardware address", &mac));
    }
    let serials = node.serial.as_ref().zip(machine.serial.as_ref());
    let other = serials.filter(|(known, found)| known != found);
    other.map(|(serial, _)| known("the serial number", serial))
}

fn root(machine: &Machine) -> Option<Obstacle> {
    (machine.root == Root::Never).then(|| {
        let what = format!(
            "{} cannot become root there: there is no sudo",
            machine.user
        );
        let install = "log in there and install it: `su -c 'apt-get install sudo'`".to_owned();
        let as_root = "or, if root may log in, add `--user root`".to_owned();
        Obstacle::new(what, [install, as_root])
    })
}

/// Shared files carry numbers, so the account has the same one on every node.
fn account(machine: &Machine, cluster: &Cluster) -> Option<Obstacle> {
    let user = &cluster.user;
    if let Some(number) = machine.account.filter(|&number| number != USER_ID) {
        let what = format!("{user} has the number {number} there, and {USER_ID} on all nodes");
        let change = format!(
            "give it the right one while nobody is logged in as {user}: `usermod -u {USER_ID} {user}` \
             and `groupmod -g {USER_ID} {user}`"
        );
        return Some(Obstacle::new(what, [change]));
    }
    let account = machine.holder.as_ref().map(|name| ("account", name));
    let group = machine.group.as_ref().map(|name| ("group", name));
    let other = |(_, name): &(&str, &String)| name.as_str() != user.as_str();
    let (kind, name) = account.into_iter().chain(group).find(other)?;
    let what =
        format!("the {kind} {name} has the number {USER_ID} there, which {user} has on all nodes");
    if kind == "group" {
        let yield_it = format!("give the group another number, as root: `groupmod -g 2000 {name}`");
        return Some(Obstacle::new(what, [yield_it]));
    }
    let yield_it = format!(
        "give {name} another number while nobody is logged in as {name}: as root, \
         `usermod -u 2000 {name}` and `groupmod -g 2000 {name}`"
    );
    let take_it = format!(
        "or call the cluster's account so, if no node is made yet: `user = \"{name}\"` in \
         `[cluster]`"
    );
    Some(Obstacle::new(what, [yield_it, take_it]))
}

/// What is worth knowing of a machine that fits.
pub(crate) fn notes(machine: &Machine, node: &Node) -> Option<String> {
    let image = node.hardware.image.as_ref()?;
    let (distribution, release) = image.release.as_deref()?.split_once(' ')?;
    let system = &machine.system;
    let is_it = |id: &str| id == distribution || (id == "raspbian" && distribution == "debian");
    if is_it(&system.id) && system.version.split('.').next() == release.split('.').next() {
        return None;
    }
    Some(format!(
        "{} runs {}, and the cluster file says {}: nodes that run jobs need one release",
        node.name, system.name, image.name
    ))
}

#[cfg(test)]
mod tests {
    use bramble_testkit::{RECIPE, cluster};

    use super::*;

    /// A machine that fits node1 of the recipe.
    fn fitting() -> Machine {
        Machine {
            user: "khadas".to_owned(),
            root: Root::Sudo,
            system: System {
                id: "debian".to_owned(),
                like: String::new(),
                version: "13".to_owned(),
                name: "Debian GNU/Linux 13 (trixie)".to_owned(),
            },
            architecture: "arm64".to_owned(),
            account: None,
            holder: None,
            group: None,
            serial: "10000000abcdef01".parse().ok(),
            came: None,
            interfaces: vec![Interface {
                name: "eth0".to_owned(),
                mac: "dc:a6:32:01:02:03".parse().ok(),
                wireless: false,
                device: true,
                addresses: Vec::new(),
            }],
        }
    }

    /// What is said of a machine that is to be node1, with `identity` in the file.
    fn said(machine: &Machine, identity: &str) -> String {
        let cluster = cluster(&format!("{RECIPE}\n{identity}\n"));
        let node = cluster.node(&"node1".parse().unwrap()).unwrap();
        let Some(obstacle) = obstacle(machine, &cluster, node) else {
            return notes(machine, node).unwrap_or_default();
        };
        format!("{}\n{}", obstacle.what, obstacle.remedies.join("\n"))
    }

    #[test]
    fn a_machine_that_fits_is_taken_without_a_word() {
        assert_eq!(said(&fitting(), ""), "");
        let identity =
            "[identity.node1]\nmac = \"dc:a6:32:01:02:03\"\nserial = \"10000000abcdef01\"";
        assert_eq!(said(&fitting(), identity), "");
        let ours = Machine {
            account: Some(1000),
            holder: Some("pi".to_owned()),
            group: Some("pi".to_owned()),
            ..fitting()
        };
        assert_eq!(said(&ours, ""), "");
    }

    #[test]
    fn other_systems_and_old_ones_are_refused() {
        let with = |id: &str, like: &str, version: &str, name: &str| Machine {
            system: System {
                id: id.to_owned(),
                like: like.to_owned(),
                version: version.to_owned(),
                name: name.to_owned(),
            },
            ..fitting()
        };
        let fedora = with("fedora", "", "42", "Fedora Linux 42");
        let bullseye = with(
            "raspbian",
            "debian",
            "11",
            "Raspbian GNU/Linux 11 (bullseye)",
        );
        let nameless = with("", "", "", "");
        let armbian = with("armbian", "debian", "25.8", "Armbian 25.8 trixie");
        let bookworm = with("debian", "", "12", "Debian GNU/Linux 12 (bookworm)");
        let all = [fedora, bullseye, nameless, armbian, bookworm].map(|machine| said(&machine, ""));
        insta::assert_snapshot!(all.join("\n\n"), @r"
        it runs Fedora Linux 42, and roles are made for Debian and what is built on it
        install Debian, Raspberry Pi OS or Ubuntu there first: `bramble card write` does it for boards with cards

        it runs Raspbian GNU/Linux 11 (bullseye), and nodes need release 12 or later
        upgrade it, or write a new card: `bramble card write`

        it does not say which system it runs, and roles are made for Debian and what is built on it
        install Debian, Raspberry Pi OS or Ubuntu there first: `bramble card write` does it for boards with cards

        node1 runs Armbian 25.8 trixie, and the cluster file says Raspberry Pi OS Lite (64-bit), trixie: nodes that run jobs need one release

        node1 runs Debian GNU/Linux 12 (bookworm), and the cluster file says Raspberry Pi OS Lite (64-bit), trixie: nodes that run jobs need one release
        ");
    }

    #[test]
    fn what_is_in_the_way_is_said_with_what_to_do() {
        let amd64 = Machine {
            architecture: "amd64".to_owned(),
            ..fitting()
        };
        let no_sudo = Machine {
            root: Root::Never,
            ..fitting()
        };
        let clash = Machine {
            holder: Some("khadas".to_owned()),
            group: Some("khadas".to_owned()),
            ..fitting()
        };
        let other_number = Machine {
            account: Some(1001),
            ..fitting()
        };
        let group = Machine {
            account: Some(1000),
            holder: Some("pi".to_owned()),
            group: Some("users2".to_owned()),
            ..fitting()
        };
        let all = [amd64, no_sudo, clash, other_number, group].map(|machine| said(&machine, ""));
        insta::assert_snapshot!(all.join("\n\n"), @r#"
        its processor is amd64, and Raspberry Pi OS Lite (64-bit), trixie is for arm64
        if it is the right machine, name another `image` for node1 in the cluster file, or a board that is like it

        khadas cannot become root there: there is no sudo
        log in there and install it: `su -c 'apt-get install sudo'`
        or, if root may log in, add `--user root`

        the account khadas has the number 1000 there, which pi has on all nodes
        give khadas another number while nobody is logged in as khadas: as root, `usermod -u 2000 khadas` and `groupmod -g 2000 khadas`
        or call the cluster's account so, if no node is made yet: `user = "khadas"` in `[cluster]`

        pi has the number 1001 there, and 1000 on all nodes
        give it the right one while nobody is logged in as pi: `usermod -u 1000 pi` and `groupmod -g 1000 pi`

        the group users2 has the number 1000 there, which pi has on all nodes
        give the group another number, as root: `groupmod -g 2000 users2`
        "#);
    }

    #[test]
    fn a_board_that_is_another_node_is_not_taken_for_this_one() {
        let all = [
            "[identity.node2]\nmac = \"dc:a6:32:01:02:03\"",
            "[identity.node2]\nserial = \"10000000abcdef01\"",
            "[identity.node1]\nmac = \"dc:a6:32:09:09:09\"",
            "[identity.node1]\nserial = \"1000000099999999\"",
        ];
        let all = all.map(|identity| said(&fitting(), identity));
        insta::assert_snapshot!(all.join("\n\n"), @r"
        it is node2 by what the cluster file knows of it
        if the board was moved, delete `[identity.node2]` in the cluster file

        it is node2 by what the cluster file knows of it
        if the board was moved, delete `[identity.node2]` in the cluster file

        it is not the board that the cluster file knows as node1: that has the hardware address dc:a6:32:09:09:09
        if the board was replaced, delete `[identity.node1]` in the cluster file

        it is not the board that the cluster file knows as node1: that has the serial number 1000000099999999
        if the board was replaced, delete `[identity.node1]` in the cluster file
        ");
    }
}
