//! What a check found. Not in here: checking (`checks`).

use bramble_cluster::NodeSet;
use bramble_cluster::cluster::Group;
use bramble_cluster::diagnostic::{Diagnostic, Label, Severity};
use bramble_cluster::place::{Place, Places};
use bramble_cluster::unit::Power;
use serde::Serialize;

use crate::site::Site;

/// One result of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The check, by its stable name: `poe-budget`.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is found, as a sentence without a full stop.
    pub title: String,
    /// Where in the cluster file the cause is.
    pub place: Place,
    /// A few words that stand there.
    pub label: String,
    /// The figures it rests on.
    pub figures: Vec<Figure>,
    /// The nodes it is about; none if it is about the cluster at large.
    pub nodes: NodeSet,
    /// What to do.
    pub remedy: String,
}

/// A figure with its unit and who says so.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// What it is: `one port gives`.
    pub what: String,
    /// How much.
    pub value: f64,
    /// Of what: `W`.
    pub unit: &'static str,
    /// Who says so; absent for what was worked out or stands in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Figure {
    /// `value` with its `unit`.
    pub fn new(what: impl Into<String>, value: impl Into<f64>, unit: &'static str) -> Self {
        Self {
            what: what.into(),
            value: value.into(),
            unit,
            source: None,
        }
    }

    /// An amount of power.
    pub fn power(what: impl Into<String>, power: Power) -> Self {
        Self::new(what, power.as_f64(), "W")
    }

    /// The same, said by `source`, if anybody says so.
    #[must_use]
    pub fn said_by(mut self, source: Option<&str>) -> Self {
        self.source = source.map(str::to_owned);
        self
    }

    /// As one line: `one port gives: 12 W (the maker's page)`.
    pub fn line(&self) -> String {
        let (what, value) = (&self.what, number(self.value));
        let unit = if self.unit.is_empty() {
            String::new()
        } else {
            format!(" {}", self.unit)
        };
        match &self.source {
            Some(source) => format!("{what}: {value}{unit} ({source})"),
            None => format!("{what}: {value}{unit}"),
        }
    }
}

/// A number for people: at most two places, none where it is whole.
pub fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Finding {
    /// A finding of `severity` with the `id` of its check, about what stands at
    /// `place`.
    pub fn new(
        id: &'static str,
        severity: Severity,
        title: impl Into<String>,
        place: Place,
    ) -> Self {
        Self {
            id,
            severity,
            title: title.into(),
            place,
            label: String::new(),
            figures: Vec::new(),
            nodes: NodeSet::new(),
            remedy: String::new(),
        }
    }

    /// The same, with a few words at its place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same, with one more figure.
    #[must_use]
    pub fn figure(mut self, figure: Figure) -> Self {
        self.figures.push(figure);
        self
    }

    /// The same, about all nodes of `group` too.
    #[must_use]
    pub fn about(mut self, group: &Group, site: &Site<'_>) -> Self {
        let names = group.members(site.cluster).iter();
        let names: NodeSet = names.map(|node| node.name.clone()).collect();
        self.nodes.absorb(names);
        self
    }

    /// The same, about the nodes at these places of [`bramble_cluster::Cluster::nodes`].
    #[must_use]
    pub fn about_nodes(mut self, nodes: &[usize], site: &Site<'_>) -> Self {
        let named = nodes
            .iter()
            .filter_map(|&node| site.cluster.nodes.get(node));
        let names: NodeSet = named.map(|node| node.name.clone()).collect();
        self.nodes.absorb(names);
        self
    }

    /// The same, with what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// Whether `other` says the same, of other nodes.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        (self.id, &self.title, &self.figures) == (other.id, &other.title, &other.figures)
            && self.remedy == other.remedy
    }

    /// As something to tell about the text of the cluster file.
    pub fn diagnostic(&self, places: &Places) -> Diagnostic {
        let label = Label::new(places.span(self.place), &self.label);
        let mut diagnostic = Diagnostic::error(self.id, &self.title, label);
        diagnostic.severity = self.severity;
        diagnostic.figures = self.figures.iter().map(Figure::line).collect();
        if self.remedy.is_empty() {
            diagnostic
        } else {
            diagnostic.with_help(&self.remedy)
        }
    }
}
