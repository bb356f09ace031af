//! What can go wrong with the twin. Not in here: how an error is shown.

use std::io;
use std::path::{Path, PathBuf};

use bramble_cluster::NodeName;

use crate::Architecture;

/// Why the twin, or something it needs, could not be had. `Display` says what
/// happened and where; [`LabError::remedy`] says what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabError {
    /// The user asked for the end.
    #[error("interrupted")]
    Interrupted,
    /// Namespaces, mounts and control groups are root's alone to make.
    #[error("the twin can only be run as root")]
    NotRoot,
    /// The kernel, or the container this runs in, refuses what a twin is made of.
    #[error("this machine cannot run a twin: {what}")]
    HostLacks {
        /// What was tried and refused.
        what: String,
        /// What to do.
        remedy: &'static str,
    },
    /// Somebody else is changing the same thing.
    #[error("{what} is being changed by {holder}")]
    Busy {
        /// The thing.
        what: String,
        /// `process 4711`, or `another process`.
        holder: String,
    },
    /// The file system is too full to begin.
    #[error("{path} has {free} MB free, {needed} MB are needed for {purpose}")]
    NoSpace {
        /// Where.
        path: PathBuf,
        /// MB there now.
        free: u64,
        /// MB that would do.
        needed: u64,
        /// What for.
        purpose: &'static str,
    },
    /// The system does not fit into an image of the size that was asked for.
    #[error("an image of {given} MB is too small: the system needs {needed} MB")]
    ImageTooSmall {
        /// MB asked for.
        given: u64,
        /// MB that would do.
        needed: u64,
    },
    /// Its partition table cannot tell places so far behind.
    #[error("an image divided as Raspberry Pi OS is has at most {most} MB")]
    ImageTooLarge {
        /// MB.
        most: u64,
    },
    /// Something other than a file is where the image is to be.
    #[error("{0} is no file that an image could take the place of")]
    NotAFile(PathBuf),
    /// A file or directory could not be had as wanted.
    #[error("cannot {action} {path}: {source}")]
    File {
        /// A verb: "create".
        action: &'static str,
        /// Which.
        path: PathBuf,
        /// In the words of the operating system.
        source: io::Error,
    },
    /// A program of this machine could not be started.
    #[error("cannot run `{program}`: {source}")]
    NotStarted {
        /// Its name.
        program: String,
        /// In the words of the operating system.
        source: io::Error,
    },
    /// A program of this machine ended with a failure.
    #[error("`{command}` failed ({status}):\n{complaint}")]
    Program {
        /// As it would be typed.
        command: String,
        /// How it ended.
        status: String,
        /// The last lines of its standard error.
        complaint: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A virtual node ended right after its start.
    #[error("the virtual node {node} did not start; the end of its console:\n{console}")]
    NodeDied {
        /// Which.
        node: NodeName,
        /// The last lines it wrote.
        console: String,
    },
    /// A virtual node cannot boot from a card.
    #[error(transparent)]
    Card(#[from] CardError),
    /// A node of the layout came without a seed.
    #[error("there is no seed for the virtual node {0}")]
    NoSeed(NodeName),
    /// The node is none of this twin's.
    #[error("the twin {id} has no node {node}")]
    NoSuchNode {
        /// The twin.
        id: String,
        /// The name asked for.
        node: NodeName,
    },
    /// Every host address of the subnet is a node's.
    #[error("the subnet {0} has no address left for this machine")]
    SubnetFull(ipnet::Ipv4Net),
    /// Something of the twin outlived its removal.
    #[error("the twin {id} could not be removed whole; left are:\n{left}")]
    Left {
        /// The twin.
        id: String,
        /// One a line.
        left: String,
    },
}

impl LabError {
    /// What to do about it, where there is more to say than `Display` did.
    pub fn remedy(&self) -> Option<String> {
        let text = match self {
            Self::Interrupted => return None,
            Self::NotRoot => "run the same command with sudo".to_owned(),
            Self::HostLacks { remedy, .. } | Self::Program { remedy, .. } => (*remedy).to_owned(),
            Self::Busy { .. } => "wait until it is done, or end that process".to_owned(),
            Self::NoSpace { path, .. } => {
                format!("make room on the file system that holds {}", path.display())
            }
            Self::ImageTooSmall { needed, .. } => {
                format!(
                    "write `--size {needed}MB`, or no size: it grows onto the card at the first boot"
                )
            }
            Self::ImageTooLarge { .. } => {
                "write a smaller size: the system grows onto the card at the first boot".to_owned()
            }
            Self::NotAFile(_) => {
                "write the image to a file; `bramble card write` brings it onto a card".to_owned()
            }
            Self::File { source, .. } => file_remedy(source)?.to_owned(),
            Self::NotStarted { program, .. } => {
                format!("install the package that has `{program}`; `bramble try` offers to")
            }
            Self::NodeDied { .. } | Self::Left { .. } => {
                "run `bramble lab down`, then try again".to_owned()
            }
            Self::Card(error) => error.remedy(),
            Self::NoSeed(_) | Self::NoSuchNode { .. } => {
                "the cluster file changed while the twin ran: run `bramble lab up`".to_owned()
            }
            Self::SubnetFull(_) => {
                "write a larger subnet, or `access = \"gateway\"`, in the cluster file".to_owned()
            }
        };
        (!text.is_empty()).then_some(text)
    }
}

/// Why a virtual node cannot boot from a card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// It lacks something, or is for other machines.
    #[error("{node} cannot boot from {image}: {what}")]
    Unfit {
        /// Which node.
        node: NodeName,
        /// The file that holds the card.
        image: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// Who boots from it becomes another node.
    #[error("{image} is {node}'s card by its name, and {other}'s by what is on it")]
    Anothers {
        /// Which node the file is named after.
        node: NodeName,
        /// The file that holds the card.
        image: PathBuf,
        /// The host name on the card.
        other: String,
    },
    /// Who boots from it has no name: an image that was not made a node's.
    #[error("{image} is no node's card yet: nothing on it names one")]
    Nobodys {
        /// Which node the file is named after.
        node: NodeName,
        /// The file that holds the card.
        image: PathBuf,
    },
}

impl CardError {
    /// What to do about it.
    pub fn remedy(&self) -> String {
        match self {
            Self::Unfit { node, .. } => format!(
                "write one from an image for this machine's processor: `bramble image build \
                 --arch {} -o IMAGE`, then {}",
                Architecture::native().map_or("ARCH", Architecture::name),
                write_own(node)
            ),
            Self::Anothers { node, .. } => format!(
                "the file's name decides which node boots from it: rename it, or write {node}'s \
                 own: {}",
                write_own(node)
            ),
            Self::Nobodys { node, .. } => format!("write {node}'s: {}", write_own(node)),
        }
    }
}

fn write_own(node: &NodeName) -> String {
    format!("`bramble card image {node} --image IMAGE -o DIR --force`")
}

fn file_remedy(error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Some("make room on that file system")
        }
        io::ErrorKind::PermissionDenied => Some("run the same command with sudo"),
        io::ErrorKind::ReadOnlyFilesystem => Some("use a directory that can be written"),
        _ => None,
    }
}

/// Puts the path and the verb to an error of the file system.
pub(crate) fn at(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> LabError {
    let path = path.to_owned();
    move |source| LabError::File {
        action,
        path,
        source,
    }
}
