//! A private sshd on a high port, and fleets that reach it. Not in here: tests.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::sleep;
use std::time::{Duration, Instant};

use bramble_cluster::secret::KeyPair;
use bramble_cluster::{NodeName, Secret};
use bramble_converge::{Answers, Request, Transport as _, Unreachable};
use bramble_fleet::{
    AddressBook, Command as Line, Entry, Errand, Fleet, Identity, Input, News, Pace, Stream, Task,
    What, keys,
};
use tempfile::TempDir;

/// A running sshd; ends with its value.
pub(crate) struct Sshd {
    pub(crate) port: u16,
    pub(crate) host: KeyPair,
    pub(crate) login: KeyPair,
    pub(crate) dir: TempDir,
    child: Child,
}

impl Sshd {
    /// Starts one that lets `login` in, or says why it cannot.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&[], "")
    }

    /// Likewise, through `wrapper`: a command that ends in running its arguments.
    pub(crate) fn start_with(wrapper: &[&str], options: &str) -> Option<Self> {
        if !Path::new("/usr/sbin/sshd").exists() {
            println!("skipped: /usr/sbin/sshd is not installed (package openssh-server)");
            return None;
        }
        let (host, login) = (
            keys::generate("host").unwrap(),
            keys::generate("login").unwrap(),
        );
        let dir = TempDir::new().unwrap();
        let port = free_port();
        write_keys(dir.path(), &host, &login);
        write_config(dir.path(), port, options);
        // sshd refuses to start without its directory for privilege separation.
        drop(fs::create_dir_all("/run/sshd"));
        let config = dir.path().join("config");
        let sshd = ["/usr/sbin/sshd", "-D", "-e", "-f", config.to_str().unwrap()];
        let line: Vec<&str> = wrapper.iter().copied().chain(sshd).collect();
        let log = fs::File::create(dir.path().join("log")).unwrap();
        let child = Command::new(line[0])
            .args(&line[1..])
            .stderr(log)
            .spawn()
            .unwrap();
        let server = Self {
            port,
            host,
            login,
            dir,
            child,
        };
        server.wait_for("Server listening");
        Some(server)
    }

    /// What the server has written so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).unwrap()
    }

    /// Waits until the log holds `text`.
    pub(crate) fn wait_for(&self, text: &str) {
        assert!(
            soon(|| self.log().contains(text)),
            "no `{text}` in:\n{}",
            self.log()
        );
    }

    /// TCP connections that arrived at one address.
    pub(crate) fn connections_to(&self, address: &str) -> usize {
        let marker = format!("on {address} port");
        let arrived = |line: &&str| line.starts_with("Connection from") && line.contains(&marker);
        self.log().lines().filter(arrived).count()
    }

    /// The entry of the node at `address`, known by the right key.
    pub(crate) fn entry(&self, address: &str) -> Entry {
        Entry {
            host: address.to_owned(),
            port: self.port,
            host_key: self.host.public.clone(),
            via: None,
            network: None,
        }
    }

    pub(crate) fn behind(&self, address: &str, via: &str) -> Entry {
        Entry {
            via: Some(node(via)),
            ..self.entry(address)
        }
    }

    /// The id of the server's process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn identity(&self) -> Identity {
        Identity {
            user: user(),
            key: Some(self.login.private.clone()),
            agent: None,
        }
    }

    pub(crate) fn fleet(&self, entries: &[(&str, Entry)]) -> Fleet {
        fleet(entries, self.identity())
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn write_keys(dir: &Path, host: &KeyPair, login: &KeyPair) {
    write_private(&dir.join("host"), host.private.expose());
    fs::write(dir.join("authorized"), format!("{}\n", login.public)).unwrap();
}

/// What is not set stays stock, as on a node: `MaxStartups` and `MaxSessions`.
/// At its first level bash would read the `.bashrc` of whoever runs the tests.
fn write_config(dir: &Path, port: u16, options: &str) {
    let dir = dir.display();
    let config = format!(
        "ListenAddress 0.0.0.0:{port}\nHostKey {dir}/host\nAuthorizedKeysFile {dir}/authorized\n\
         StrictModes no\nUsePAM no\nPidFile none\nPasswordAuthentication yes\nLogLevel VERBOSE\n\
         PermitRootLogin yes\nSetEnv SHLVL=1\n{options}\n"
    );
    fs::write(format!("{dir}/config"), config).unwrap();
}

pub(crate) fn write_private(path: &Path, text: &str) {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path);
    file.unwrap().write_all(text.as_bytes()).unwrap();
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// The account that runs the tests.
pub(crate) fn user() -> bramble_cluster::UserName {
    let id = Command::new("id")
        .arg("-un")
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    String::from_utf8(id.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

pub(crate) fn node(name: &str) -> NodeName {
    name.parse().unwrap()
}

pub(crate) fn fleet(entries: &[(&str, Entry)], identity: Identity) -> Fleet {
    stoppable(entries, identity, Arc::default())
}

pub(crate) fn stoppable(
    entries: &[(&str, Entry)],
    identity: Identity,
    stop: Arc<AtomicBool>,
) -> Fleet {
    let entries = entries
        .iter()
        .map(|(name, entry)| (node(name), entry.clone()))
        .collect();
    Fleet::new(AddressBook { entries }, identity, stop).unwrap()
}

pub(crate) fn request(command: &str, input: &[u8]) -> Request {
    Request {
        command: command.to_owned(),
        input: Secret::new(input.to_vec()),
    }
}

/// Asks the same of several nodes.
pub(crate) fn ask(fleet: &Fleet, nodes: &[&str], command: &str) -> Answers {
    let requests: BTreeMap<_, _> = nodes
        .iter()
        .map(|name| (node(name), request(command, b"")))
        .collect();
    fleet.exchange(requests, &mut |_, _| {})
}

/// A task that runs `line` and reads `input`.
pub(crate) fn task(line: &str, input: Input, limit: Option<Duration>) -> Arc<Task> {
    let command = Line {
        line: line.to_owned(),
        input,
        root: false,
    };
    Arc::new(Task {
        what: What::Command(command),
        limit,
    })
}

/// How one errand went.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Went {
    pub(crate) output: Vec<u8>,
    pub(crate) complaint: Vec<u8>,
    pub(crate) ended: Option<Result<u32, Unreachable>>,
}

/// Has the nodes carry out `task`; what each said, and how it ended.
pub(crate) fn carry(
    fleet: &Fleet,
    nodes: &[&str],
    task: &Arc<Task>,
    common: Option<&[u8]>,
    pace: Pace,
) -> Vec<Went> {
    let errand = |name: &&str| Errand {
        node: node(name),
        task: Arc::clone(task),
    };
    let errands: Vec<_> = nodes.iter().map(errand).collect();
    let quiet = |_| Went {
        output: Vec::new(),
        complaint: Vec::new(),
        ended: None,
    };
    let mut went: Vec<_> = nodes.iter().map(quiet).collect();
    let common = common.map(|bytes| {
        let bytes: Box<dyn std::io::Read + Send> = Box::new(std::io::Cursor::new(bytes.to_vec()));
        bytes
    });
    fleet.carry_out(&errands, common, pace, &mut |errand, news| match news {
        News::Begun => {}
        News::Wrote(Stream::Output, bytes) => went[errand].output.extend_from_slice(&bytes),
        News::Wrote(Stream::Complaint, bytes) => went[errand].complaint.extend_from_slice(&bytes),
        News::Ended(ended) => {
            let before = went[errand].ended.replace(ended);
            assert_eq!(before, None, "an errand ended twice");
        }
    });
    went
}

/// Asks one node, which answers with status 0: its output without the last
/// line's end.
pub(crate) fn say(fleet: &Fleet, name: &str, command: &str) -> String {
    let answer = ask(fleet, &[name], command)
        .remove(&node(name))
        .unwrap()
        .unwrap();
    assert_eq!(
        answer.status,
        0,
        "{}",
        String::from_utf8_lossy(&answer.complaint)
    );
    String::from_utf8(answer.output)
        .unwrap()
        .trim_end()
        .to_owned()
}

/// Whether it comes true within five seconds.
pub(crate) fn soon(mut check: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(5);
    while Instant::now() < deadline {
        if check() {
            return true;
        }
        sleep(Duration::from_millis(10));
    }
    false
}

/// The process directory of a command that told its `$$`.
pub(crate) fn process(pid: &str) -> PathBuf {
    Path::new("/proc").join(pid)
}

/// A command that tells its `$$` and then writes for ever: it ends when its
/// channel is closed, also where sshd passes no signals on (to root's commands).
pub(crate) const ENDLESS: &str = "echo $$; while sleep 0.1; do echo on; done";
