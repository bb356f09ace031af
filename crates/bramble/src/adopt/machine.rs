//! What a machine says of itself before it is a node. Not in here: whether it fits
//! (`suits`).

use std::net::Ipv4Addr;

use bramble_cluster::cluster::USER_ID;
use bramble_cluster::{MacAddress, SerialNumber, UserName};
use bramble_converge::record::Record;
use bramble_converge::script::{Malformed, Script};
use bramble_converge::{Answer, Request};
use bramble_view::safe_text::safe_line;
use ipnet::Ipv4Net;

/// What a machine is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Machine {
    /// Who was let in.
    pub(crate) user: String,
    /// How that account becomes root.
    pub(crate) root: Root,
    pub(crate) system: System,
    /// As the package manager calls it: `arm64`.
    pub(crate) architecture: String,
    /// The number of the account that the cluster wants, if there is one.
    pub(crate) account: Option<u32>,
    /// The account that has the number which the cluster's account needs.
    pub(crate) holder: Option<String>,
    /// The group that has it.
    pub(crate) group: Option<String>,
    pub(crate) serial: Option<SerialNumber>,
    /// The address at which this machine was talked to.
    pub(crate) came: Option<Ipv4Addr>,
    pub(crate) interfaces: Vec<Interface>,
}

/// How an account becomes root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    /// It is.
    Itself,
    /// By `sudo`.
    Sudo,
    /// By `sudo` with a password, if at all.
    SudoWithPassword,
    /// There is no `sudo`.
    Never,
}

/// The operating system, in the words of `/etc/os-release`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct System {
    pub(crate) id: String,
    pub(crate) like: String,
    pub(crate) version: String,
    pub(crate) name: String,
}

/// An Ethernet or wireless interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interface {
    pub(crate) name: String,
    pub(crate) mac: Option<MacAddress>,
    pub(crate) wireless: bool,
    /// Whether it is a piece of hardware.
    pub(crate) device: bool,
    pub(crate) addresses: Vec<Ipv4Net>,
}

/// Asks a machine what it is; `account` is what the cluster wants there.
pub(crate) fn request(account: &UserName) -> Request {
    let script = Script::of(&[include_str!("machine.sh")], "machine");
    let number = USER_ID.to_string();
    script.account_request(Record::new([account.as_str(), &number]).line().into_bytes())
}

impl Machine {
    /// Reads the script's answer.
    pub(crate) fn parse(answer: &Answer) -> Result<Self, Malformed> {
        let output = String::from_utf8_lossy(&answer.output);
        let records: Vec<_> = output.lines().map(Record::parse).collect();
        let of = |name: &str| {
            let found = records.iter().find(|record| record.field(0) == name);
            found.ok_or_else(|| Malformed::missing(name))
        };
        let text = |name: &str| {
            let text = safe_line(of(name)?.field(1));
            Ok((!text.is_empty()).then_some(text))
        };
        Ok(Self {
            user: text("user")?.unwrap_or_default(),
            root: root(of("root")?.field(1)),
            system: of("system").map(system).unwrap_or_default(),
            architecture: text("architecture")?.unwrap_or_default(),
            account: text("account")?.and_then(|number| number.parse().ok()),
            holder: text("holder")?,
            group: text("group")?,
            serial: text("serial")?.and_then(|serial| serial.trim().parse().ok()),
            came: text("came")?.and_then(|address| address.parse().ok()),
            interfaces: interfaces(&records),
        })
    }

    /// The interface at which it was talked to, if that can be told.
    pub(crate) fn came_by(&self) -> Option<&Interface> {
        let came = self.came?;
        let has = |interface: &&Interface| interface.addresses.iter().any(|own| own.addr() == came);
        self.interfaces.iter().find(has)
    }
}

fn root(word: &str) -> Root {
    match word {
        "yes" => Root::Itself,
        "sudo" => Root::Sudo,
        "password" => Root::SudoWithPassword,
        _ => Root::Never,
    }
}

fn system(record: &Record) -> System {
    let field = |index| safe_line(record.field(index));
    System {
        id: field(1),
        like: field(2),
        version: field(3),
        name: field(4),
    }
}

fn interfaces(records: &[Record]) -> Vec<Interface> {
    let mut interfaces: Vec<Interface> = Vec::new();
    for record in records {
        match record.field(0) {
            "interface" => interfaces.push(Interface {
                name: safe_line(record.field(1)),
                mac: record.field(2).parse().ok(),
                wireless: record.field(3) == "yes",
                device: record.field(4) == "yes",
                addresses: Vec::new(),
            }),
            "address" => {
                let last = interfaces.last_mut();
                let address = record.field(2).parse().ok();
                if let (Some(last), Some(address)) = (last, address) {
                    last.addresses.push(address);
                }
            }
            _ => {}
        }
    }
    interfaces
}

#[cfg(test)]
mod tests {
    use bramble_cluster::NodeName;
    use bramble_converge::Transport as _;
    use bramble_testkit::LocalShell;

    use super::*;

    #[test]
    fn this_machine_tells_what_it_is() {
        let account: UserName = "nobody".parse().unwrap();
        let node: NodeName = "node1".parse().unwrap();
        let requests = [(node.clone(), request(&account))].into();
        let answers = LocalShell::new("/bin/sh").exchange(requests, &mut |_, _| {});
        let machine = Machine::parse(answers[&node].as_ref().unwrap()).unwrap();
        assert!(!machine.user.is_empty() && !machine.architecture.is_empty());
        assert_eq!(machine.account, Some(65534));
        assert!(!machine.system.id.is_empty(), "{machine:?}");
    }

    #[test]
    fn an_answer_that_ends_early_is_no_machine() {
        let answer = Answer {
            status: 0,
            output: b"user\x1fpi\nroot\x1fsudo\n".to_vec(),
            complaint: Vec::new(),
        };
        let error = Machine::parse(&answer).unwrap_err();
        assert!(error.to_string().contains("`architecture`"), "{error}");
    }
}
