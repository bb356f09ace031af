//! Naming nodes of a cluster. Not in here: the grammar (`nodeset`).

use super::{Cluster, Node, Place};
use crate::name::RoleName;
use crate::nodeset::{self, Names, NodeSet, NodeSetError, Problem};
use crate::suggest;

/// What groups may come from, as `@SOURCE:NAME` writes it.
const SOURCES: [Source; 3] = [Source::Board, Source::Place, Source::Role];

/// The nodes of a cluster and their groups, to be named in expressions.
#[derive(Debug, Clone)]
pub struct Roster<'a> {
    cluster: &'a Cluster,
    all: NodeSet,
    /// Whether names of no node are allowed.
    any: bool,
}

/// What a group's name is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The board, by its id in the catalogue.
    Board,
    /// Head, worker or auxiliary.
    Place,
    /// The roles.
    Role,
}

impl Cluster {
    /// The nodes that `expression` names: `node[1-3]`, `@worker!node2`.
    ///
    /// Groups are `@all` (or `@*`), `@head`, `@worker`, `@auxiliary` and every role
    /// that a node has: a head with the role `worker` is in both groups. Where the
    /// source is told, `@place:worker`, `@role:worker` and `@board:rpi5` are groups,
    /// and `@board:*` all that have one of that source.
    pub fn select(&self, expression: &str) -> Result<NodeSet, NodeSetError> {
        nodeset::parse(expression, &self.roster())
    }

    /// Who is who, to read many expressions with.
    pub fn roster(&self) -> Roster<'_> {
        Roster {
            cluster: self,
            all: set(self.nodes.iter()),
            any: false,
        }
    }

    /// All groups in their shortest form (`@worker`, `@board:rpi5`), with their
    /// nodes: `@all` first, then by name.
    pub fn groups(&self) -> Vec<(String, NodeSet)> {
        let named = |prefix: &str, name: &str, nodes: NodeSet| (format!("@{prefix}{name}"), nodes);
        let mut groups: Vec<_> = self
            .labels(None)
            .into_iter()
            .map(|name| named("", name, self.labelled(None, name)))
            .collect();
        let board = Some(Source::Board);
        let boards = self.labels(board).into_iter();
        groups.extend(boards.map(|name| named("board:", name, self.labelled(board, name))));
        groups.insert(0, ("@all".to_owned(), set(self.nodes.iter())));
        groups
    }

    /// What the groups of `source` are called, each once, in order; without a source,
    /// those that need none.
    fn labels(&self, source: Option<Source>) -> Vec<&str> {
        let mut labels: Vec<_> = self
            .nodes
            .iter()
            .flat_map(|node| node.labels(source))
            .collect();
        labels.sort_unstable();
        labels.dedup();
        labels
    }

    fn labelled(&self, source: Option<Source>, label: &str) -> NodeSet {
        let has = |node: &&Node| node.labels(source).contains(&label);
        set(self.nodes.iter().filter(has))
    }
}

fn set<'a>(nodes: impl Iterator<Item = &'a Node>) -> NodeSet {
    nodes.map(|node| node.name.clone()).collect()
}

impl Source {
    fn as_str(self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::Place => "place",
            Self::Role => "role",
        }
    }

    fn read(text: &str) -> Result<Self, Problem> {
        let found = SOURCES.into_iter().find(|source| source.as_str() == text);
        found.ok_or_else(|| Problem::UnknownSource {
            found: text.to_owned(),
            known: SOURCES
                .map(|source| format!("`{}`", source.as_str()))
                .join(", "),
        })
    }
}

impl Place {
    /// The place as a group names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Auxiliary => "auxiliary",
            Self::Worker => "worker",
        }
    }
}

impl Node {
    /// The groups of `source` that the node is in; without a source, those that need
    /// none.
    fn labels(&self, source: Option<Source>) -> Vec<&str> {
        let roles = self.roles.iter().map(RoleName::as_str);
        match source {
            Some(Source::Board) => vec![&self.hardware.board.id],
            Some(Source::Place) => vec![self.place.as_str()],
            Some(Source::Role) => roles.collect(),
            None => [self.place.as_str()].into_iter().chain(roles).collect(),
        }
    }
}

impl Roster<'_> {
    /// The same, with any name for a node and not only those of the cluster.
    #[must_use]
    pub fn with_any_name(self) -> Self {
        Self { any: true, ..self }
    }

    fn unknown_group(&self, source: Option<Source>, name: &str) -> Problem {
        let prefix = |source: Option<Source>| {
            let source = source.map(|source| format!("{}:", source.as_str()));
            source.unwrap_or_default()
        };
        // Who forgot the source meant that group.
        let sources = SOURCES.into_iter().map(Some);
        let elsewhere = sources
            .filter(|_| source.is_none())
            .find(|&source| self.cluster.labels(source).contains(&name));
        let suggestion = match elsewhere {
            Some(source) => Some(format!("@{}{name}", prefix(source))),
            None => suggest::nearest(name, self.known(source))
                .map(|near| format!("@{}{near}", prefix(source))),
        };
        Problem::UnknownGroup {
            group: format!("{}{name}", prefix(source)),
            suggestion,
        }
    }

    fn known(&self, source: Option<Source>) -> Vec<&str> {
        let places = [Place::Head, Place::Worker, Place::Auxiliary];
        let mut known = self.cluster.labels(source);
        if source.is_none() {
            known.extend(places.map(Place::as_str));
            known.push("all");
        }
        known
    }
}

impl Names for Roster<'_> {
    fn group(&self, source: Option<&str>, name: &str) -> Result<NodeSet, Problem> {
        let source = source.map(Source::read).transpose()?;
        if name == "*" || (source.is_none() && name == "all") {
            return Ok(match source {
                Some(Source::Role) => {
                    let nodes = self.cluster.nodes.iter();
                    set(nodes.filter(|node| !node.roles.is_empty()))
                }
                _ => self.all.clone(),
            });
        }
        let nodes = self.cluster.labelled(source, name);
        // A place may well be empty: not every cluster has an auxiliary node.
        let is_place = source.is_none_or(|source| source == Source::Place)
            && [Place::Head, Place::Worker, Place::Auxiliary]
                .iter()
                .any(|place| place.as_str() == name);
        if nodes.is_empty() && !is_place {
            return Err(self.unknown_group(source, name));
        }
        Ok(nodes)
    }

    fn check(&self, nodes: &NodeSet) -> Result<(), Problem> {
        let unknown = nodes.difference(&self.all);
        let Some(name) = unknown.iter().next().filter(|_| !self.any) else {
            return Ok(());
        };
        let names = self.cluster.nodes.iter().map(|node| node.name.as_str());
        Err(Problem::UnknownNode {
            name: name.to_string(),
            suggestion: suggest::nearest(name.as_str(), names).map(str::to_owned),
        })
    }
}
