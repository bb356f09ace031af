//! The generated files, judged by the programs of the nodes' operating system
//! that will read them.

use bramble_testkit::{BaseImage, skipped};

use crate::case::Case;
use crate::files::{borrowed, files};

/// Runs `script` where the files of `node` are in place, and gives what it said.
fn judge(case: &Case, node: &str, script: &str) -> Option<String> {
    let image = match BaseImage::find() {
        Ok(image) => image,
        Err(reason) => {
            skipped(&reason);
            return None;
        }
    };
    let files = files(case, node);
    let ran = image.run(&borrowed(&files), script);
    assert!(ran.succeeded, "{node}: {script}: {}", ran.said);
    Some(ran.said)
}

/// The recipe in all its ways, and with all roles that a head can have.
fn cases() -> Vec<Case> {
    let way = |internet: &str, access: &str| {
        let internet = format!("internet = \"{internet}\"");
        let access = format!("access = \"{access}\"");
        Case::recipe([
            ("internet = \"on-demand\"", &internet),
            ("access = \"gateway\"", &access),
        ])
    };
    vec![
        Case::recipe([]),
        Case::twin(),
        way("always", "routed"),
        way("never", "direct"),
    ]
}

#[test]
fn a_judge_refuses_what_is_wrong() {
    let Ok(image) = BaseImage::find() else {
        return skipped("there is no base image");
    };
    let ran = image.run(&[("/wrong", "table inet {\n")], "nft -f /wrong");
    assert!(
        !ran.succeeded && ran.said.contains("/wrong:1"),
        "{}",
        ran.said
    );
}

#[test]
fn nft_takes_the_rules_of_the_gateway_and_takes_them_again() {
    for case in cases() {
        let load = "nft -f /etc/bramble/gateway.nft && nft -f /etc/bramble/gateway.nft \
                    && nft list table inet bramble";
        if let Some(said) = judge(&case, "head", load) {
            assert!(said.contains("masquerade"), "{said}");
        }
    }
}

#[test]
fn dnsmasq_takes_its_configuration() {
    for case in cases() {
        judge(
            &case,
            "head",
            "dnsmasq --test -C /etc/dnsmasq.d/bramble.conf",
        );
    }
}

#[test]
fn chrony_takes_its_configuration_on_server_and_clients() {
    let sources = ["internet", "gps", "none"].map(|source| format!("source = \"{source}\""));
    for source in &sources {
        let case = Case::recipe([("source = \"internet\"", source)]);
        judge(&case, "head", "chronyd -p -f /etc/chrony/chrony.conf");
        judge(&case, "node1", "chronyd -p -f /etc/chrony/chrony.conf");
    }
}

#[test]
fn the_ssh_server_refuses_passwords_and_root_with_its_whole_configuration() {
    let script = "ssh-keygen -q -t ed25519 -N '' -f /tmp/key && mkdir -p /run/sshd \
                  && /usr/sbin/sshd -T -h /tmp/key";
    let Some(said) = judge(&Case::recipe([]), "node1", script) else {
        return;
    };
    for setting in [
        "passwordauthentication no",
        "kbdinteractiveauthentication no",
        "permitrootlogin no",
    ] {
        assert!(
            said.lines().any(|line| line == setting),
            "{setting} in:\n{said}"
        );
    }
}

#[test]
fn ssh_knows_every_node_by_name_and_address_and_its_keys_are_keys() {
    let script = "for name in head node5 node5.garden.lan 10.55.0.6; do \
                  ssh-keygen -F $name -f /etc/ssh/ssh_known_hosts || exit; done \
                  && ssh-keygen -l -f /etc/ssh/ssh_known_hosts \
                  && ssh-keygen -l -f /home/pi/.ssh/authorized_keys \
                  && ssh-keygen -l -f /home/pi/.ssh/id_bramble.pub";
    judge(&Case::recipe([]), "node1", script);
}

#[test]
fn sudo_takes_its_rule() {
    judge(
        &Case::recipe([]),
        "node1",
        "visudo -c -f /etc/sudoers.d/90-bramble",
    );
}

#[test]
fn a_node_finds_itself_and_the_others_at_their_own_addresses() {
    let script = "getent hosts head && getent hosts node1 && getent hosts node5.garden.lan";
    if let Some(said) = judge(&Case::recipe([]), "node1", script) {
        for address in ["10.55.0.1", "10.55.0.2", "10.55.0.6"] {
            assert!(said.contains(address), "{said}");
        }
        assert!(!said.contains("127."), "{said}");
    }
}

#[test]
fn systemd_takes_every_unit() {
    let share = "path = \"/srv/home\", mount = \"/home/shared\"";
    let odd = "path = \"/srv/my-data.d/.x\", mount = \"/home/my-data\", device = \"/dev/sda1\"";
    for case in [Case::recipe([]), Case::recipe([(share, odd)])] {
        for node in ["head", "node1"] {
            let units: Vec<_> = files(&case, node)
                .into_iter()
                .filter_map(|(path, _)| {
                    path.strip_prefix("/etc/systemd/system/").map(str::to_owned)
                })
                .filter(|name| !name.contains('/'))
                .map(|name| format!("'{name}'"))
                .collect();
            assert!(!units.is_empty(), "{node}");
            let script = format!(
                "systemd-analyze verify --man=no --recursive-errors=no {} 2>&1",
                units.join(" ")
            );
            if let Some(said) = judge(&case, node, &script) {
                assert_eq!(said, "", "{node}");
            }
        }
    }
}

/// `slurmctld` has no mode in which it only reads: it is started, until it says
/// that it has read everything.
const START_SLURM: &str = "hostname head
ip link set lo up && ip address add 10.55.0.1/32 dev lo
install -d -o munge /run/munge
chown munge: /etc/munge/munge.key && chmod 400 /etc/munge/munge.key
setpriv --reuid munge --regid munge --clear-groups munged --force 2>/dev/null
install -d -o slurm -m 700 /var/lib/slurm/slurmctld /run/slurmctld
slurmctld -D -c -v >/tmp/log 2>&1 &
for tenth in $(seq 200); do
	grep -q -e 'Running as primary' -e fatal /tmp/log && break
	sleep 0.1
done
cat /tmp/log";

#[test]
fn slurm_takes_its_configuration() {
    let works = "\"storage\", \"scheduler\", \"worker\"]";
    let cases = [
        Case::recipe([]),
        Case::twin(),
        Case::recipe([("\"storage\", \"scheduler\"]", works)]),
    ];
    // What a fresh node lacks, and mail, which nobody sends.
    let usual = ["state", "MailProg", "plugstack", "state save", "Include"];
    for case in cases {
        let Some(said) = judge(&case, "head", START_SLURM) else {
            return;
        };
        assert!(said.contains("Running as primary controller"), "{said}");
        let mut errors = said.lines().filter(|line| line.contains("error:"));
        let odd = errors.find(|line| !usual.iter().any(|usual| line.contains(usual)));
        assert_eq!(odd, None, "{said}");
    }
}

/// A board's side of the wire is in a network of its own.
const BOOT_A_BOARD: &str = r#"
ip link set lo up
ip link add eth0 type veth peer name board && ip link set eth0 up && ip address add 10.55.0.1/24 dev eth0
unshare --net sleep 60 & beyond=$!
sleep 0.5
ip link set board netns "$beyond"
mkdir -p /srv/netboot/tftp && ln -sfn ../nodes/node1/boot/firmware /srv/netboot/tftp/abcdef01
dnsmasq -C /etc/dnsmasq.d/bramble.conf --conf-file=/etc/dnsmasq.d/bramble-network-boot.conf \
    --user=root --no-resolv --pid-file=/tmp/dnsmasq.pid --dhcp-leasefile=/tmp/leases
nsenter --net=/proc/$beyond/ns/net sh -c "
    ip link set board address dc:a6:32:01:02:03 && ip link set board up && sleep 0.5
    python3 /boards.py board dc:a6:32:01:02:03 abcdef01/cmdline.txt"
kill $beyond
"#;

/// The server is dnsmasq; the board's questions are those that boot loaders send.
#[test]
fn a_board_without_a_card_is_given_its_address_and_its_files() {
    let case = crate::cases::from_the_network();
    let image = match BaseImage::find() {
        Ok(image) => image,
        Err(reason) => return skipped(&reason),
    };
    let mut files = files(&case, "head");
    let client = include_str!("boards.py").to_owned();
    files.push(("/boards.py".to_owned(), client));
    let ran = image.run(&borrowed(&files), BOOT_A_BOARD);
    let said = &ran.said;
    assert!(
        said.contains("offered 10.55.0.2 server 10.55.0.1 class b'PXEClient'"),
        "{said}"
    );
    assert!(said.contains("Raspberry Pi Boot"), "{said}");
    assert!(said.contains("leased 10.55.0.2 kind 5"), "{said}");
    let line = "fetched 0003 console=serial0,115200 console=tty1 root=/dev/nfs \
                nfsroot=10.55.0.1:/srv/netboot/nodes/node1,";
    assert!(said.contains(line), "{said}");
}

#[test]
fn dnsmasq_and_exportfs_take_what_boards_boot_from() {
    let case = crate::cases::from_the_network();
    let test = "dnsmasq --test -C /etc/dnsmasq.d/bramble.conf \
                --conf-file=/etc/dnsmasq.d/bramble-network-boot.conf";
    judge(&case, "head", test);
}
