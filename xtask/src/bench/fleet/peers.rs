//! The programs that people use today, each as fast as its own switches make it,
//! with pinned host keys and the same key. Not in here: installing them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::bed::{self, Bed, USER};
use super::clusters::HEAD_OUTSIDE;
use super::measure::Tool;
use crate::failure::Failure;
use crate::program::{self, command};

/// How many nodes each talks to at once.
const FANOUT: &str = "64";

/// Seconds after which a program is given up.
pub(super) const LIMIT: &str = "600";

pub(super) const PDSH: &str = "pdsh -f64";
pub(super) const CLUSH: &str = "clush -f64";
pub(super) const CLUSH_COPY: &str = "clush --copy";

/// A set of addresses, and how the system's `ssh` gets there.
#[derive(Debug)]
pub(super) struct Peers {
    home: PathBuf,
    config: PathBuf,
    /// The same without a word about the key exchange.
    as_it_comes: PathBuf,
    /// One address a line.
    pub(super) hosts: PathBuf,
}

impl Peers {
    /// For these addresses, all behind the head or none.
    pub(super) fn new(bed: &Bed, hosts: &[String], jump: bool) -> Result<Self, Failure> {
        let known = bed.path("known_hosts");
        let host_key = std::fs::read_to_string(bed.host_key().with_extension("pub"))
            .map_err(|error| Failure::file("read", &bed.host_key(), &error))?;
        bed::write(&known, &format!("10.* {host_key}"))?;
        let peers = Self {
            home: bed.path("home"),
            config: bed.path(&format!("ssh-config-{jump}")),
            as_it_comes: bed.path("ssh-config-as-it-comes"),
            hosts: bed.path(&format!("hosts-{}", hosts.len())),
        };
        bed::write(&peers.hosts, &(hosts.join("\n") + "\n"))?;
        let config = ssh_config(bed, &known, jump);
        bed::write(&peers.as_it_comes, &config)?;
        let quick = format!("{config}  KexAlgorithms {}\n", key_exchanges()?);
        bed::write(&peers.config, &quick)?;
        Ok(peers)
    }

    /// A program with this in its environment, ended when it takes too long.
    fn limited(&self, program: &str) -> Command {
        let mut limited = command("timeout");
        limited.args(["--signal", "KILL", LIMIT, program]);
        limited.env("HOME", &self.home).env_remove("SSH_AUTH_SOCK");
        limited
    }

    fn for_pdsh(&self, program: &str, fanout: &str) -> Command {
        let mut pdsh = self.limited(program);
        let config = format!("-F {}", self.config.display());
        pdsh.env("PDSH_SSH_ARGS_APPEND", config).args(["-R", "ssh"]);
        pdsh.args([
            "-l",
            USER,
            "-f",
            fanout,
            "-w",
            &format!("^{}", self.hosts.display()),
        ]);
        pdsh
    }

    /// Its exit status is the worst of the nodes'.
    pub(super) fn pdsh<'a>(&'a self, what: &str, fanout: &'a str, word: &'a str) -> Tool<'a> {
        tool(what, move || {
            let mut pdsh = self.for_pdsh("pdsh", fanout);
            pdsh.args(["-S", word]);
            pdsh
        })
    }

    /// With the key exchange that its `ssh` prefers.
    pub(super) fn pdsh_as_it_comes(&self) -> Tool<'_> {
        tool("pdsh -f64, the key exchange of its ssh", || {
            let mut pdsh = self.for_pdsh("pdsh", FANOUT);
            let config = format!("-F {}", self.as_it_comes.display());
            pdsh.env("PDSH_SSH_ARGS_APPEND", config)
                .args(["-S", "true"]);
            pdsh
        })
    }

    fn for_clush(&self) -> Command {
        let mut clush = self.limited("clush");
        let config = format!("-F {}", self.config.display());
        clush.args(["-f", FANOUT, "-S", "-o", &config, "-l", USER]);
        clush.arg("--hostfile").arg(&self.hosts);
        clush
    }

    pub(super) fn clush<'a>(&'a self, word: &'a str) -> Tool<'a> {
        tool(CLUSH, move || {
            let mut clush = self.for_clush();
            clush.arg(word);
            clush
        })
    }

    fn for_ansible(&self, module: &str, argument: &str) -> Command {
        let mut ansible = self.limited("ansible");
        // Keeping connections would only cost it time here: one exchange, all new.
        let ssh = format!("-F {} -o ControlMaster=no", self.config.display());
        ansible
            .env("ANSIBLE_SSH_ARGS", ssh)
            .env("ANSIBLE_NOCOWS", "1");
        ansible.env("ANSIBLE_PIPELINING", "1");
        ansible.env("ANSIBLE_PYTHON_INTERPRETER", "/usr/bin/python3");
        ansible.arg("-i").arg(&self.hosts).args(["all", "-u", USER]);
        ansible.args(["-f", FANOUT, "-m", module, "-a", argument]);
        ansible
    }

    /// Every program that runs `true` on all of the addresses.
    pub(super) fn true_on_all(&self) -> Vec<Tool<'_>> {
        vec![
            self.pdsh(PDSH, FANOUT, "true"),
            self.clush("true"),
            tool("xargs -P64 ssh", || self.xargs("ssh", &["{}", "true"])),
            tool("ansible -f64 -m raw", || self.for_ansible("raw", "true")),
        ]
    }

    /// This command for each address, `{}` in it.
    fn xargs(&self, program: &str, words: &[&str]) -> Command {
        let mut xargs = self.limited("xargs");
        xargs.args(["-P", FANOUT, "-I{}", program, "-F"]);
        xargs.arg(&self.config).args(words);
        // Without the list it would have nothing to do, and fail no less.
        if let Ok(hosts) = std::fs::File::open(&self.hosts) {
            xargs.stdin(Stdio::from(hosts));
        }
        xargs
    }

    /// A new connection of the system's `ssh` to one address.
    pub(super) fn ssh<'a>(&'a self, host: &'a str) -> Tool<'a> {
        tool("ssh, a new connection", move || {
            let mut ssh = command("ssh");
            ssh.arg("-F").arg(&self.config).args([host, "true"]);
            ssh
        })
    }

    /// Every program that copies a file to the same path on all of the addresses.
    pub(super) fn copies<'a>(&'a self, file: &'a Path, to: &'a str) -> Vec<Tool<'a>> {
        let copy = format!("src={} dest={to}", file.display());
        let (from, scp_to) = (file.display().to_string(), format!("{{}}:{to}"));
        vec![
            tool(CLUSH_COPY, move || {
                let mut clush = self.for_clush();
                clush.arg("--copy").arg(file).args(["--dest", to]);
                clush
            }),
            tool("pdcp -f64", move || {
                let mut pdcp = self.for_pdsh("pdcp", FANOUT);
                pdcp.arg(file).arg(to);
                pdcp
            }),
            tool("xargs -P64 scp", move || {
                self.xargs("scp", &["-q", &from, &scp_to])
            }),
            tool("ansible -f64 -m copy", move || {
                self.for_ansible("copy", &copy)
            }),
        ]
    }
}

fn tool<'a>(what: &str, typed: impl Fn() -> Command + 'a) -> Tool<'a> {
    Tool::new(what, move || Ok(typed())).fresh()
}

fn ssh_config(bed: &Bed, known: &Path, jump: bool) -> String {
    let behind = if jump {
        format!("Host 10.79.*\n  ProxyJump {HEAD_OUTSIDE}\n")
    } else {
        String::new()
    };
    format!(
        "{behind}Host *\n  User {USER}\n  IdentityFile {owner}\n  IdentitiesOnly yes\n  \
         UserKnownHostsFile {known}\n  GlobalKnownHostsFile /dev/null\n  \
         StrictHostKeyChecking yes\n  BatchMode yes\n  LogLevel ERROR\n",
        owner = bed.owner_key().display(),
        known = known.display(),
    )
}

/// What bramble offers, as far as this `ssh` can do it. Some versions of it prefer
/// another one, which takes six times as long as all the rest of a login
/// (sntrup761x25519 in OpenSSH 9.2: 0.09 s); against that anything would look quick.
fn key_exchanges() -> Result<String, Failure> {
    let known = program::output(command("ssh").args(["-Q", "kex"]))?;
    let is_known = |wanted: &&str| known.lines().any(|line| line == *wanted);
    let both = ["mlkem768x25519-sha256", "curve25519-sha256"];
    Ok(both
        .into_iter()
        .filter(is_known)
        .collect::<Vec<_>>()
        .join(","))
}

/// What each says of itself in its first line.
pub(super) fn versions() -> Vec<String> {
    let asked = [
        ("ssh", "-V"),
        ("pdsh", "-V"),
        ("clush", "--version"),
        ("ansible", "--version"),
    ];
    asked
        .iter()
        .filter_map(|(program, word)| first_line(program, word))
        .collect()
}

fn first_line(program: &str, word: &str) -> Option<String> {
    let output = command(program).arg(word).output().ok()?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    said.lines().next().map(str::to_owned)
}
