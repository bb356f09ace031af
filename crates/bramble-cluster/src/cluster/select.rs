//! Naming nodes of a cluster. Not in here: the grammar (`nodeset`).

use super::{Cluster, Place};
use crate::name::{NodeName, RoleName};
use crate::nodeset::{self, Names, NodeSet, NodeSetError, Problem};
use crate::suggest;

impl Cluster {
    /// The nodes that `expression` names: `node[1-3]`, `@worker!node2`.
    ///
    /// Groups are `@all` (or `@*`), `@head`, `@worker`, `@auxiliary` and every
    /// role that a node has. A head with the role `worker` is in both groups.
    pub fn select(&self, expression: &str) -> Result<NodeSet, NodeSetError> {
        nodeset::parse(expression, self)
    }

    fn group_names(&self) -> Vec<&str> {
        let places = [Place::Head, Place::Worker, Place::Auxiliary];
        let roles = self
            .nodes
            .iter()
            .flat_map(|node| &node.roles)
            .map(RoleName::as_str);
        let mut names: Vec<&str> = places.into_iter().map(Place::as_str).collect();
        names.push("all");
        names.extend(roles);
        names
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

impl Names for Cluster {
    fn group(&self, name: &str) -> Result<NodeSet, Problem> {
        let all = matches!(name, "all" | "*");
        if !all && !self.group_names().contains(&name) {
            let suggestion = suggest::nearest(name, self.group_names());
            return Err(Problem::UnknownGroup {
                group: name.to_owned(),
                suggestion: suggestion.map(|group| format!("@{group}")),
            });
        }
        let chosen = self
            .nodes
            .iter()
            .filter(|node| all || node.place.as_str() == name || node.has_role(name));
        Ok(chosen.map(|node| node.name.clone()).collect())
    }

    fn node(&self, name: &NodeName) -> Result<(), Problem> {
        if self.node(name).is_some() {
            return Ok(());
        }
        let names = self.nodes.iter().map(|node| node.name.as_str());
        Err(Problem::UnknownNode {
            name: name.to_string(),
            suggestion: suggest::nearest(name.as_str(), names).map(str::to_owned),
        })
    }
}
