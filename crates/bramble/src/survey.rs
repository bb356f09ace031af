//! A cluster file with everything that is found about it before anything is
//! bought. Not in here: what the rules are (`bramble-plan`).

use bramble_cluster::catalogue::Reference;
use bramble_cluster::diagnostic::{Diagnostic, Label};
use bramble_plan::{Finding, Site, checks};
use bramble_view::lines::Lines;
use serde_json::{Value, json};

use crate::cluster_folder::{ClusterFolder, Read};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

/// A cluster file, what is known about hardware, and what follows.
#[derive(Debug)]
pub(crate) struct Survey {
    pub(crate) read: Read,
    reference: Reference,
    /// What the rules found; nothing if the file has errors of its own.
    pub(crate) findings: Vec<Finding>,
}

impl Survey {
    /// Reads the cluster file of `folder` and carries out all rules.
    pub(crate) fn of(folder: &ClusterFolder) -> Result<Self, Failure> {
        let mut survey = Self {
            read: folder.read()?,
            reference: Reference::builtin(),
            findings: Vec::new(),
        };
        if let Some(site) = survey.site() {
            survey.findings = checks::run(&site);
        }
        Ok(survey)
    }

    /// The same, of a file that has no errors of its own; else they are shown.
    pub(crate) fn of_cluster(
        folder: &ClusterFolder,
        console: &mut Console,
    ) -> Result<Self, Failure> {
        let survey = Self::of(folder)?;
        if survey.read.cluster.is_some() {
            return Ok(survey);
        }
        console.say(&folder.show(&survey.read));
        Err(Failure::new(
            Exit::Usage,
            format!("{} has errors", folder.name()),
        ))
    }

    /// The cluster with how it would be wired.
    pub(crate) fn site(&self) -> Option<Site<'_>> {
        let cluster = self.read.cluster.as_ref()?;
        Some(Site::new(cluster, &self.read.catalogue, &self.reference))
    }

    /// Everything there is to tell: about the file itself, then what the rules
    /// found.
    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
        let found = self.findings.iter();
        let found = found.map(|finding| finding.diagnostic(&self.read.places));
        self.read.diagnostics.iter().cloned().chain(found).collect()
    }

    /// The same as JSON, each with its place and its figures.
    pub(crate) fn json(&self) -> Vec<Value> {
        let lines = Lines::of(&self.read.text);
        let own = self.read.diagnostics.iter();
        let own = own.map(|one| as_json(&lines, one));
        let found = self.findings.iter().map(|finding| {
            let mut value = as_json(&lines, &finding.diagnostic(&self.read.places));
            value["figures"] = json!(finding.figures);
            value["nodes"] = json!(finding.nodes);
            value
        });
        own.chain(found).collect()
    }
}

/// A finding with the lines it is about, counted from one, as editors do.
fn as_json(lines: &Lines, diagnostic: &Diagnostic) -> Value {
    let place = |label: &Label| {
        let at = label.span.start;
        json!({
            "line": lines.number(at),
            "column": at - lines.start(at) + 1,
            "span": label.span,
            "text": label.text,
        })
    };
    json!({
        "id": diagnostic.code,
        "severity": diagnostic.severity,
        "title": diagnostic.title,
        "place": place(&diagnostic.primary),
        "also": diagnostic.secondary.iter().map(place).collect::<Vec<_>>(),
        "figures": [],
        "nodes": "",
        "remedy": diagnostic.help,
    })
}
