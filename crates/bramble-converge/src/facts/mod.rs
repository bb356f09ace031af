//! What a node is: read in one exchange, before anything is decided about it.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use bramble_cluster::unit::Memory;
use serde::{Deserialize, Serialize};

use crate::record::Record;
use crate::script::{Malformed, Script};

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The name it calls itself.
    pub hostname: String,
    /// The code name of its OS release: `trixie`.
    pub release: String,
    /// As `uname -m` says it: `aarch64`.
    pub architecture: String,
    /// As `systemd-detect-virt` says it; `none` on a board.
    pub virtualization: String,
    /// Cores for jobs.
    pub cores: u32,
    /// Memory for jobs, in MiB.
    pub memory_mib: u32,
    /// Cores that the kernel shows; another number than `cores` on a virtual
    /// node, which shares its host's kernel.
    pub kernel_cores: u32,
    /// Memory that the kernel shows, in MiB.
    pub kernel_memory_mib: u32,
    /// Whether it may set its clock; a container may not.
    pub sets_clock: bool,
    /// Whether it can mount NFS.
    pub nfs_client: bool,
    /// Whether it can serve NFS.
    pub nfs_server: bool,
    /// The cgroup v2 controllers it may use: `cpu`, `cpuset`, `memory` ...
    pub controllers: Vec<String>,
    /// Its interfaces with their IPv4 addresses.
    pub interfaces: BTreeMap<String, Vec<Ipv4Addr>>,
    /// What is mounted, by place, with the type of the file system.
    pub mounts: BTreeMap<String, String>,
}

/// The script that reads [`Facts`].
pub fn script() -> Script {
    Script::of(&[include_str!("gather.sh")], "gather")
}

impl Facts {
    /// Memory for jobs.
    pub fn memory(&self) -> Memory {
        Memory::from_mib(self.memory_mib)
    }

    /// Whether every one of `controllers` may be used.
    pub fn has_controllers(&self, controllers: &[&str]) -> bool {
        controllers
            .iter()
            .all(|wanted| self.controllers.iter().any(|found| found == wanted))
    }

    /// Whether the kernel shows less than the board has, as on a virtual node.
    pub fn kernel_shows_less(&self) -> bool {
        self.kernel_cores < self.cores || self.kernel_memory_mib < self.memory_mib
    }

    /// The interface that has `address`.
    pub fn interface_of(&self, address: Ipv4Addr) -> Option<&str> {
        self.interfaces
            .iter()
            .find(|(_, addresses)| addresses.contains(&address))
            .map(|(name, _)| name.as_str())
    }

    /// Reads the script's answer.
    pub fn parse(output: &str) -> Result<Self, Malformed> {
        let answers = Answers::of(output);
        Ok(Self {
            hostname: answers.text("hostname")?,
            release: answers.text("release")?,
            architecture: answers.text("architecture")?,
            virtualization: answers.text("virtualization")?,
            cores: answers.number("cores")?,
            memory_mib: answers.number("memory")?,
            kernel_cores: answers.number("kernel-cores")?,
            kernel_memory_mib: answers.number("kernel-memory")?,
            sets_clock: answers.text("clock")? == "yes",
            nfs_client: answers.text("nfs")? == "yes",
            nfs_server: answers.text("nfsd")? == "yes",
            controllers: answers
                .text("controllers")?
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            interfaces: answers.interfaces(),
            mounts: answers
                .all("mount")
                .map(|record| (record.field(1).to_owned(), record.field(2).to_owned()))
                .collect(),
        })
    }
}

/// The records of an answer.
struct Answers(Vec<Record>);

impl Answers {
    fn of(output: &str) -> Self {
        Self(output.lines().map(Record::parse).collect())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Record> {
        self.0.iter().filter(move |record| record.field(0) == name)
    }

    fn text(&self, name: &str) -> Result<String, Malformed> {
        let record = self
            .all(name)
            .next()
            .ok_or_else(|| Malformed::missing(name))?;
        Ok(record.field(1).to_owned())
    }

    fn number(&self, name: &str) -> Result<u32, Malformed> {
        let text = self.text(name)?;
        text.trim().parse().map_err(|_| Malformed {
            what: format!("{name} is `{text}`"),
        })
    }

    fn interfaces(&self) -> BTreeMap<String, Vec<Ipv4Addr>> {
        let mut interfaces: BTreeMap<String, Vec<Ipv4Addr>> = BTreeMap::new();
        for record in self.all("interface") {
            if let Ok(address) = record.field(2).parse() {
                interfaces
                    .entry(record.field(1).to_owned())
                    .or_default()
                    .push(address);
            }
        }
        interfaces
    }
}
