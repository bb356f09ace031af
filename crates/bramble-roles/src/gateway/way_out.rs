//! The workers' way out, opened and closed while the cluster runs. It is not part
//! of what the cluster file says should be, so converging does not look at it. A
//! restart of the gateway, or a change of its rules, closes it.

use bramble_cluster::{Cluster, Node};
use bramble_converge::record::Record;
use bramble_converge::script::{Malformed, Script};
use bramble_converge::{Answer, Request};

/// What is to become of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayOut {
    /// Opened, for so many seconds or until it is closed.
    Open(Option<u32>),
    /// Closed; connections that use it stop at once.
    Close,
    /// Only looked at.
    Show,
    /// A way of bramble's own is opened for so many seconds, while it installs
    /// packages. The owner's way stays as it is.
    OpenToInstall(u32),
    /// That way is closed.
    CloseToInstall,
}

/// The sets of the table, which list the networks that may go out.
const OWNERS: &str = "way_out";
const INSTALLING: &str = "installing";

/// Whether the way is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayState {
    /// Workers may reach the internet.
    pub open: bool,
    /// For how long still, as nftables writes it (`29m58s`); empty for no limit.
    pub left: String,
}

impl WayOut {
    /// The node that keeps the way, if the cluster has one.
    pub fn keeper(cluster: &Cluster) -> Option<&Node> {
        cluster.gateway()
    }

    /// What the keeper is asked.
    pub fn request(self, cluster: &Cluster) -> Request {
        let (verb, set, limit) = match self {
            Self::Open(limit) => ("open", OWNERS, limit),
            Self::Close => ("close", OWNERS, None),
            Self::Show => ("show", OWNERS, None),
            Self::OpenToInstall(limit) => ("open", INSTALLING, Some(limit)),
            Self::CloseToInstall => ("close", INSTALLING, None),
        };
        let seconds = limit.map(|limit| limit.to_string()).unwrap_or_default();
        let subnet = cluster.network.subnet.to_string();
        let script = Script::of(&[include_str!("way_out.sh")], "way_out");
        script.request(
            Record::new([verb, set, &subnet, &seconds])
                .line()
                .into_bytes(),
        )
    }
}

impl WayState {
    /// Reads the keeper's answer.
    pub fn parse(answer: &Answer) -> Result<Self, Malformed> {
        let output = String::from_utf8_lossy(&answer.output);
        let record = Record::parse(output.trim_end());
        match record.field(0) {
            "open" => Ok(Self {
                open: true,
                left: record.field(1).to_owned(),
            }),
            "closed" => Ok(Self {
                open: false,
                left: String::new(),
            }),
            _ => Err(Malformed {
                what: format!(
                    "it says neither open nor closed; {}",
                    String::from_utf8_lossy(&answer.complaint).trim()
                ),
            }),
        }
    }
}
