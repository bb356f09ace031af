//! The cluster file, `bramble.toml`, read into a [`Cluster`] with everything
//! that is wrong with it told in one go.
//!
//! One file for each table says which keys it has; `resolve` joins them.
//! Not in here: finding and opening the file, and showing the diagnostics.

mod addresses;
mod authorized;
mod cluster;
mod cost;
mod dhcp;
mod draft;
mod hardware;
mod head;
mod host;
mod identity;
mod known;
mod network;
mod nodes;
mod os;
mod own;
mod parts;
mod power;
mod resolve;
mod roles;
mod scheduler;
mod spec;
mod storage;
mod subnet;
mod time;
mod timezone;
mod ways;

use crate::catalogue::Catalogue;
use crate::cluster::Cluster;
use crate::diagnostic::Diagnostic;
use crate::place::Places;
use crate::reader::{self, Report, Section};

/// The words a cluster file may use that are not fixed by its grammar.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary<'a> {
    /// The hardware that bramble knows.
    pub catalogue: &'a Catalogue,
    /// The roles that bramble knows. `worker` is always known, since it says
    /// where jobs run.
    pub roles: &'a [&'a str],
}

/// What came of reading a cluster file.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The cluster, if and only if no diagnostic is an error.
    pub cluster: Option<Cluster>,
    /// Everything there is to tell, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// The hardware that the file describes itself, whole: with what bramble knows
    /// under the same ids.
    pub own: Catalogue,
    /// Where everything stands, for what is found out later.
    pub places: Places,
}

/// Reads the text of a cluster file.
///
/// Where TOML's own grammar is broken, what could be read all the same is
/// checked too, except for what seems to be missing.
pub fn read(text: &str, vocabulary: &Vocabulary<'_>) -> Reading {
    let report = Report::new(text);
    let tree = reader::parse(&report);
    let root = Section::new(
        String::new(),
        tree.span(),
        spec::ROOT,
        tree.get_ref(),
        &report,
    );
    let spec = spec::read(root, vocabulary);
    let cluster = resolve::resolve(&spec, &report).filter(|_| !report.has_errors());
    Reading {
        cluster,
        own: spec.own,
        places: report.places(),
        diagnostics: report.into_diagnostics(),
    }
}

pub(crate) use spec::ROOT;

#[cfg(test)]
mod tests;
