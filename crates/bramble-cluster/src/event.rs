//! What can be seen happening. Work emits events; every output, text or JSON,
//! is a fold over them. Not in here: how any of it looks.

use std::time::Duration;

use serde::Serialize;

use crate::name::NodeName;

/// A part of a long command that is timed and reported as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The programs the twin needs on this machine.
    HostPackages,
    /// The operating system image that all virtual nodes share.
    BaseImage,
    /// Network, seeds and start of the virtual nodes.
    Start,
    /// First boot, until every node answers over SSH.
    FirstBoot,
    /// Reading what the nodes are and hold.
    Observe,
    /// Making the nodes what the cluster file says.
    Apply,
    /// The job, from submission to its result.
    Job,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A stage began.
    StageStarted {
        /// Which.
        stage: Stage,
    },
    /// A stage came to its end.
    StageFinished {
        /// Which.
        stage: Stage,
        /// How long it took.
        took: Duration,
    },
    /// Something worth a line inside the running stage: "unpacking 312 packages".
    Progress {
        /// A sentence without a full stop.
        message: String,
    },
    /// A node answers over SSH.
    NodeReady {
        /// Which.
        node: NodeName,
    },
    /// A node could not be reached, or what was asked of it failed.
    NodeFailed {
        /// Which.
        node: NodeName,
        /// What happened, and what to do about it.
        reason: String,
    },
    /// One change was made on a node.
    Changed {
        /// Where.
        node: NodeName,
        /// The resource, as its key is written: `file /etc/hosts`.
        resource: String,
    },
    /// Something the user should know that is no failure.
    Note {
        /// A sentence without a full stop.
        message: String,
    },
}

/// Where events go. The one parameter through which work is watched.
pub type Watch<'a> = &'a mut dyn FnMut(Event);
