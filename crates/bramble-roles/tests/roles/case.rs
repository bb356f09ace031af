//! A cluster with the facts of its nodes, and what its nodes would be made. Not
//! in here: any test.

use std::collections::{BTreeMap, BTreeSet};

use bramble_cluster::{Cluster, Node, NodeName, NodeSet};
use bramble_converge::plan::{Declared, Plan, Seen};
use bramble_converge::{Facts, NodePlan};
use bramble_roles::Wishes;
use bramble_testkit::{RECIPE, board, cluster, secrets, twin};

/// A cluster, and what its nodes are.
pub(crate) struct Case {
    pub(crate) cluster: Cluster,
    pub(crate) facts: BTreeMap<NodeName, Facts>,
}

impl Case {
    /// The recipe with texts in its cluster file replaced, on boards.
    pub(crate) fn recipe<const N: usize>(replacements: [(&str, &str); N]) -> Self {
        let mut text = RECIPE.to_owned();
        for (from, to) in replacements {
            assert!(text.contains(from), "the recipe has no `{from}`");
            text = text.replace(from, to);
        }
        Self::file(&text)
    }

    /// A cluster file, on boards.
    pub(crate) fn file(text: &str) -> Self {
        Self {
            cluster: cluster(text),
            facts: BTreeMap::new(),
        }
        .with_facts(board)
    }

    /// The recipe as a twin.
    pub(crate) fn twin() -> Self {
        Self::recipe([]).with_facts(twin)
    }

    /// The same with these facts of each node.
    pub(crate) fn with_facts(mut self, facts: impl Fn(&Node) -> Facts) -> Self {
        let nodes = self.cluster.nodes.iter();
        self.facts = nodes.map(|node| (node.name.clone(), facts(node))).collect();
        self
    }

    pub(crate) fn wishes(&self) -> Wishes {
        let secrets = secrets(&self.cluster);
        bramble_roles::desired(&self.cluster, &self.facts, &secrets).unwrap()
    }

    /// What it takes to make the nodes from nothing.
    pub(crate) fn plan(&self) -> Plan {
        let wishes = self.wishes();
        let build = |(node, declared): (&NodeName, &[Declared])| {
            (node.clone(), NodePlan::build(declared, &Seen::new()))
        };
        Plan {
            nodes: wishes.desired.nodes().map(build).collect(),
        }
    }

    /// All that `role` does, as a person reads it.
    pub(crate) fn shown(&self, role: &str) -> String {
        let mut plan = self.plan();
        for node in plan.nodes.values_mut() {
            node.changes.retain(|change| change.role == role);
        }
        let text = bramble_view::plan::plan(&plan);
        anstream::adapter::strip_str(&text).to_string()
    }

    /// What the owner should know, each with the nodes it is true of.
    pub(crate) fn notes(&self) -> String {
        let line = |(note, nodes): (String, BTreeSet<NodeName>)| {
            let nodes: NodeSet = nodes.into_iter().collect();
            format!("{nodes}: {note}\n")
        };
        self.wishes().notes.into_iter().map(line).collect()
    }
}
