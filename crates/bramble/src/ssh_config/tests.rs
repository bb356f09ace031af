//! The configuration as the system's ssh understands it, against a real sshd on
//! loopback: every 127.x.y.z is another node of the same server.

use std::net::TcpListener;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use bramble_cluster::KeyPair;
use bramble_fleet::keys;
use tempfile::TempDir;

use super::*;

/// All that quotes, escapes and a shell could stumble over.
const AWKWARD: &str = "a b's \"c\" 100%h \\d $e";

struct Sshd {
    place: TempDir,
    port: u16,
    host: KeyPair,
    child: Child,
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Sshd {
    /// One that `wrapper` runs, a command that ends in running its arguments; none,
    /// with the reason, where there is no sshd.
    fn start(wrapper: &[&str]) -> Option<Self> {
        if !Path::new("/usr/sbin/sshd").exists() {
            println!("skipped: /usr/sbin/sshd is not installed (package openssh-server)");
            return None;
        }
        let place = TempDir::new().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let (host, owner) = (keys::generate("").unwrap(), keys::generate("").unwrap());
        fs::create_dir(place.path().join(AWKWARD)).unwrap();
        let at = |name: &str| place.path().join(name);
        safe_file::write(&at("host"), host.private.expose().as_bytes()).unwrap();
        let private = owner.private.expose().as_bytes();
        safe_file::write(&at(AWKWARD).join("owner"), private).unwrap();
        fs::write(at("authorized"), owner.public).unwrap();
        let config = format!(
            "ListenAddress 0.0.0.0:{port}\nHostKey {0}/host\nAuthorizedKeysFile {0}/authorized\n\
             StrictModes no\nUsePAM no\nPidFile none\nLogLevel VERBOSE\nPermitRootLogin yes\n\
             Subsystem sftp internal-sftp\nPasswordAuthentication yes\n",
            place.path().display()
        );
        fs::write(at("config"), config).unwrap();
        // sshd refuses to start without its directory for privilege separation.
        drop(fs::create_dir_all("/run/sshd"));
        let line = [wrapper, &["/usr/sbin/sshd", "-D", "-e", "-f"]].concat();
        let log = fs::File::create(at("log")).unwrap();
        let mut command = Command::new(line[0]);
        command.args(&line[1..]).arg(at("config")).stderr(log);
        let child = command.spawn().unwrap();
        let sshd = Self {
            place,
            port,
            host,
            child,
        };
        assert!(sshd.soon_says("Server listening"), "{}", sshd.log());
        Some(sshd)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.place.path().join("log")).unwrap()
    }

    fn soon_says(&self, text: &str) -> bool {
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline {
            if self.log().contains(text) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }

    fn entry(&self, host: &str, via: Option<&str>) -> Entry {
        Entry {
            host: host.to_owned(),
            port: self.port,
            host_key: self.host.public.clone(),
            via: via.map(|name| name.parse().unwrap()),
            network: None,
        }
    }

    /// The folder of the configuration.
    fn folder(&self) -> PathBuf {
        self.place.path().join(AWKWARD)
    }

    /// Writes the configuration of `head` and of `node1` behind it.
    fn configure(&self, head: Entry, node1: Entry) {
        let entries = [("head", head), ("node1", node1)];
        let entries = entries.map(|(name, entry)| (name.parse().unwrap(), entry));
        let book = AddressBook {
            entries: entries.into(),
        };
        let known_hosts = self.folder().join("known-hosts");
        let line = |(node, entry): (&NodeName, &Entry)| format!("{node} {}\n", entry.host_key);
        let lines: String = book.entries.iter().map(line).collect();
        fs::write(&known_hosts, lines).unwrap();
        let config = SshConfig {
            book,
            user: account(),
            identities: vec![self.folder().join("owner")],
            known_hosts,
        };
        keep(&self.folder().join("config"), &config.text("").unwrap()).unwrap();
    }

    /// Runs `program` with the configuration, as `bramble ssh` does.
    fn by(&self, program: &str, args: &[&str]) -> Output {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder())
            .args(["-F", "config"])
            .args(args)
            .env_remove("SSH_AUTH_SOCK")
            .stdin(Stdio::null());
        command.output().unwrap()
    }

    /// What it says, if it ends well.
    fn ssh(&self, args: &[&str]) -> String {
        let ran = self.by("ssh", args);
        let complaint = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{complaint}{}", self.log());
        String::from_utf8(ran.stdout).unwrap()
    }

    /// Plain `ssh`, `scp` and `sftp` to node1 all refuse to talk to `whom`.
    fn is_refused(&self, whom: &str) {
        fs::write(self.folder().join("file"), "content").unwrap();
        let there = self.place.path().join("copied");
        let target = format!("node1:{}", there.display());
        for (program, args) in [
            ("ssh", &["node1", "touch reached"][..]),
            ("scp", &["file", &target]),
            ("sftp", &["-b", "/dev/null", "node1"]),
        ] {
            let ran = self.by(program, args);
            assert!(!ran.status.success(), "{program} went through");
            let complaint = String::from_utf8_lossy(&ran.stderr);
            let reason = format!("Host key for {whom} has changed");
            assert!(complaint.contains(&reason), "{program}: {complaint}");
        }
        let log = self.log();
        assert!(!log.contains("Starting session"), "{log}");
        assert!(!there.exists());
    }
}

fn account() -> UserName {
    let id = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(id.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

fn impostor(entry: Entry) -> Entry {
    Entry {
        host_key: keys::generate("").unwrap().public,
        ..entry
    }
}

#[test]
fn plain_ssh_goes_through_the_head_by_the_pinned_keys() {
    let Some(sshd) = Sshd::start(&[]) else { return };
    let (head, node1) = (
        sshd.entry("127.0.0.1", None),
        sshd.entry("127.0.0.2", Some("head")),
    );
    sshd.configure(head, node1);
    let where_to = "echo $SSH_CONNECTION | cut -d' ' -f3";
    assert_eq!(sshd.ssh(&["head", "--", where_to]), "127.0.0.1\n");
    assert_eq!(sshd.ssh(&["node1", "--", where_to]), "127.0.0.2\n");
    let failing = sshd.by("ssh", &["node1", "--", "exit", "7"]);
    assert_eq!(failing.status.code(), Some(7));
    let dashed = sshd.by("ssh", &["node1", "--", "-V"]);
    assert!(!dashed.status.success(), "`-V` is the command's own");
}

#[test]
fn a_node_with_another_key_is_refused_by_ssh_scp_and_sftp() {
    let Some(sshd) = Sshd::start(&[]) else { return };
    let node1 = impostor(sshd.entry("127.0.0.2", Some("head")));
    sshd.configure(sshd.entry("127.0.0.1", None), node1);
    sshd.is_refused("node1");
    sshd.configure(
        sshd.entry("127.0.0.1", None),
        impostor(sshd.entry("127.0.0.2", None)),
    );
    sshd.is_refused("node1");
}

#[test]
fn a_head_with_another_key_is_refused_and_nothing_behind_it_is_asked() {
    let Some(sshd) = Sshd::start(&[]) else { return };
    let head = impostor(sshd.entry("127.0.0.1", None));
    sshd.configure(head, sshd.entry("127.0.0.2", Some("head")));
    sshd.is_refused("head");
    let log = sshd.log();
    assert!(
        !log.contains("Accepted") && !log.contains("on 127.0.0.2 port"),
        "{log}"
    );
}

#[test]
fn a_node_in_another_network_is_reached_and_its_relay_ends() {
    if account().as_str() != "root" || !Path::new("/usr/bin/unshare").exists() {
        println!("skipped: making a network namespace takes root and `unshare`");
        return;
    }
    let inside = "ip link set lo up && exec \"$@\"";
    let Some(sshd) = Sshd::start(&["unshare", "--net", "sh", "-c", inside, "sh"]) else {
        return;
    };
    let network = PathBuf::from(format!("/proc/{}/ns/net", sshd.child.id()));
    let head = Entry {
        network: Some(network.clone()),
        ..sshd.entry("127.0.0.1", None)
    };
    sshd.configure(head.clone(), sshd.entry("127.0.0.2", Some("head")));
    let there = fs::read_link(&network).unwrap().display().to_string();
    for name in ["head", "node1"] {
        let answer = sshd.ssh(&[
            name,
            "readlink /proc/self/ns/net; head -c 3000000 /dev/zero",
        ]);
        assert_eq!(answer.trim_end_matches('\0'), format!("{there}\n"));
        assert_eq!(answer.len(), there.len() + 1 + 3_000_000);
    }
    assert_eq!(relays_soon_left(&there), 0);
    sshd.configure(head.clone(), impostor(head));
    let refused = sshd.by("ssh", &["node1", "true"]);
    let complaint = String::from_utf8_lossy(&refused.stderr);
    assert!(
        complaint.contains("Host key for node1 has changed"),
        "{complaint}"
    );
    assert_eq!(relays_soon_left(&there), 0);
}

/// Programs in the network that are no servers, once they had the time to end.
fn relays_soon_left(network: &str) -> usize {
    let relay = |entry: &fs::DirEntry| {
        let net = fs::read_link(entry.path().join("ns/net"));
        let name = fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
        net.is_ok_and(|net| net.display().to_string() == network)
            && matches!(name.trim(), "cat" | "bash")
    };
    let count = || {
        let all = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        all.filter(relay).count()
    };
    let deadline = Instant::now() + Duration::from_secs(5);
    while count() > 0 && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    count()
}

fn shown(network: Option<&str>) -> String {
    let entry = |host: &str, via: Option<&str>| Entry {
        host: host.to_owned(),
        port: 22,
        host_key: String::new(),
        via: via.map(|name| name.parse().unwrap()),
        network: via.is_none().then(|| network.map(PathBuf::from)).flatten(),
    };
    let entries = [
        ("head", entry("garden.example", None)),
        ("node1", entry("10.55.0.2", Some("head"))),
    ];
    let config = SshConfig {
        book: AddressBook {
            entries: entries
                .map(|(name, entry)| (name.parse().unwrap(), entry))
                .into(),
        },
        user: "pi".parse().unwrap(),
        identities: vec![PathBuf::from("/g/.bramble/keys/owner")],
        known_hosts: PathBuf::from("/g/.bramble/known-hosts-boards"),
    };
    config.text("garden-").unwrap()
}

#[test]
fn boards_are_named_with_their_ways() {
    insta::assert_snapshot!(shown(None));
}

#[test]
fn the_twin_is_entered_through_its_network() {
    insta::assert_snapshot!(shown(Some("/run/netns/garden")));
}

#[test]
fn what_ssh_cannot_be_told_is_refused_with_a_way_out() {
    for path in ["/a\nProxyCommand true", "/a/${HOME}"] {
        let failure = quoted(Path::new(path)).unwrap_err();
        assert!(
            failure.hints()[0].contains("move the cluster file"),
            "{failure}"
        );
    }
}

#[test]
fn lines_stay_short_with_a_thousand_nodes() {
    let name = |number| format!("node{number:0>59}").parse::<NodeName>().unwrap();
    let entry = Entry {
        host: "10.55.0.2".to_owned(),
        port: 22,
        host_key: String::new(),
        via: None,
        network: None,
    };
    let config = SshConfig {
        book: AddressBook {
            entries: (0..1000)
                .map(|number| (name(number), entry.clone()))
                .collect(),
        },
        user: "pi".parse().unwrap(),
        identities: Vec::new(),
        known_hosts: PathBuf::from("/known"),
    };
    let text = config.text("").unwrap();
    assert!(text.lines().all(|line| line.len() < 1023));
    assert_eq!(text.matches("StrictHostKeyChecking yes").count(), 84);
}
