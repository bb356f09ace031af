//! How a copy went, told: what is where, what is not and why, and what can be done. Not
//! in here: copying.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bramble_cluster::NodeName;
use bramble_cluster::nodeset::NodeSet;
use bramble_converge::Unreachable;
use bramble_view::copy::{Direction, Summary, places};
use bramble_view::safe_text::safe_line;
use bramble_view::unreachable;
use serde_json::{Value, json};

use crate::advice;
use crate::aim::word;
use crate::console::Console;
use crate::copy::back::Fetch;
use crate::copy::listing::Refusal;
use crate::copy::out::{Became, Outcome};
use crate::copy::place::plain;
use crate::copy::talk::Trouble;
use crate::exit::Exit;
use crate::reach::Target;

/// What became of a copy.
pub(super) struct Report<'a> {
    pub(super) outcome: Outcome,
    /// A copy from nodes, as it was asked for.
    pub(super) fetch: Option<&'a Fetch<'a>>,
    /// How long it took; nothing if it was only looked at.
    pub(super) took: Option<Duration>,
    /// Whether root wrote.
    pub(super) root: bool,
}

impl Report<'_> {
    /// Says all that there is to say, and how the whole ended.
    pub(super) fn show(&self, target: &Target, console: &mut Console) -> Exit {
        if console.wants_json() {
            let records: Vec<_> = self.outcome.iter().map(|end| self.record(end)).collect();
            console.print_json(&records);
        }
        let summary = summary(&self.outcome);
        for line in summary.failures() {
            console.say(&line);
        }
        let sentence = self.sentence(&summary);
        if !sentence.is_empty() {
            console.print(&format!("{sentence}\n"));
        }
        for hint in self.hints(target) {
            console.hint(&hint);
        }
        let ends = self.outcome.values().map(exit);
        ends.max().unwrap_or(Exit::Done)
    }

    fn sentence(&self, summary: &Summary) -> String {
        let Some(fetch) = self.fetch else {
            return summary.sentence(Direction::Out, self.took);
        };
        let mut nodes = summary.there.clone();
        for set in summary.copied.values() {
            nodes.absorb(set.clone());
        }
        let sentence = summary.sentence(Direction::Back, self.took);
        if nodes.is_empty() {
            return sentence;
        }
        let into = fetch.into.display().to_string();
        format!("{sentence}: {}", places(&into, &nodes, fetch.kept_name()))
    }

    fn record(&self, (node, became): (&NodeName, &Became)) -> Value {
        let mut record = record(node, became, self.took.is_some());
        let is_here = !matches!(became, Became::Trouble(_));
        if let (Some(fetch), true) = (self.fetch, is_here) {
            record["path"] = json!(fetch.place(node).display().to_string());
        }
        record
    }

    fn hints(&self, target: &Target) -> Vec<String> {
        let mut lacking = BTreeMap::<_, NodeSet>::new();
        let (mut out, mut not_found) = (Vec::new(), false);
        for (node, became) in &self.outcome {
            match became {
                Became::Trouble(Trouble::Refused(Refusal::NoParent { parent })) => {
                    let nodes = lacking.entry(parent).or_default();
                    nodes.absorb([node.clone()].into_iter().collect());
                }
                Became::Trouble(Trouble::Unreachable(why)) => out.push((node, why)),
                Became::Trouble(Trouble::Failed(why)) => not_found |= why.contains("No such file"),
                _ => {}
            }
        }
        let wild = |fetch: &&Fetch<'_>| not_found && fetch.from.as_str().contains(['*', '?', '[']);
        let wild = self.fetch.filter(wild).map(|_| {
            "in a path on nodes wildcards are plain characters; copy the directory, with `/.` at \
             its end for what is in it"
                .to_owned()
        });
        let lacking = lacking.iter();
        let hints = lacking.map(|(parent, nodes)| make(parent, nodes, self.root));
        let hints = hints.chain(wild);
        hints.chain(advice::about(target, out)).collect()
    }
}

fn make(parent: &str, nodes: &NodeSet, root: bool) -> String {
    let sudo = if root { " --sudo" } else { "" };
    let (nodes, parent) = (word(&nodes.fold()), word(plain(parent)));
    format!("make it: `bramble run {nodes}{sudo} -- mkdir -p {parent}`")
}

fn summary(outcome: &Outcome) -> Summary {
    let is_out = |became: &Became| matches!(became, Became::Trouble(Trouble::Unreachable(_)));
    let out = outcome.iter().filter(|(_, became)| is_out(became));
    let out: BTreeSet<&NodeName> = out.map(|(node, _)| node).collect();
    let mut copied = BTreeMap::<_, Vec<NodeName>>::new();
    let mut failed = BTreeMap::<_, Vec<NodeName>>::new();
    let mut there = Vec::new();
    for (node, became) in outcome {
        let node = node.clone();
        match became {
            Became::Copied { files, bytes } => {
                copied.entry((*files, *bytes)).or_default().push(node);
            }
            Became::There => there.push(node),
            Became::Trouble(trouble) => {
                failed.entry(reason(trouble, &out)).or_default().push(node);
            }
        }
    }
    Summary {
        copied: copied
            .into_iter()
            .map(|(amount, nodes)| (amount, nodes.into_iter().collect()))
            .collect(),
        there: there.into_iter().collect(),
        failed: failed
            .into_iter()
            .map(|(reason, nodes)| (reason, nodes.into_iter().collect()))
            .collect(),
    }
}

/// Without what could disturb a terminal: nodes may say anything.
///
/// Of `out` it is told beside why they are out themselves.
fn reason(trouble: &Trouble, out: &BTreeSet<&NodeName>) -> String {
    safe_line(&match trouble {
        Trouble::Unreachable(why) => unreachable::reason(why, out),
        Trouble::Refused(why) => why.to_string(),
        Trouble::Failed(why) => why.clone(),
    })
}

fn record(node: &NodeName, became: &Became, done: bool) -> Value {
    match became {
        Became::Copied { files, bytes } => {
            let status = if done { "copied" } else { "would-copy" };
            json!({ "node": node, "status": status, "files": files, "bytes": bytes })
        }
        Became::There => json!({ "node": node, "status": "there" }),
        Became::Trouble(trouble) => {
            let status = match trouble {
                Trouble::Unreachable(Unreachable::Interrupted) => "interrupted",
                Trouble::Unreachable(_) => "unreachable",
                Trouble::Failed(_) | Trouble::Refused(_) => "failed",
            };
            json!({ "node": node, "status": status, "reason": reason(trouble, &BTreeSet::new()) })
        }
    }
}

fn exit(became: &Became) -> Exit {
    match became {
        Became::Copied { .. } | Became::There => Exit::Done,
        Became::Trouble(Trouble::Failed(_) | Trouble::Refused(_)) => Exit::Failed,
        Became::Trouble(Trouble::Unreachable(Unreachable::Interrupted)) => Exit::Interrupted,
        Became::Trouble(Trouble::Unreachable(_)) => Exit::Unreachable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_is_lacking_is_to_be_made_on_the_nodes_that_lack_it() {
        let nodes = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect();
        assert_eq!(
            make("/srv/a b", &nodes(&["n1", "n2"]), true),
            "make it: `bramble run 'n[1-2]' --sudo -- mkdir -p '/srv/a b'`"
        );
        assert_eq!(
            make("./a", &nodes(&["n1"]), false),
            "make it: `bramble run n1 -- mkdir -p a`"
        );
    }

    #[test]
    fn of_a_node_behind_one_that_is_out_no_more_is_told() {
        let [head, node] = ["head", "n1"].map(|name| name.parse::<NodeName>().unwrap());
        let lost = || Unreachable::Lost("reset".to_owned());
        let behind = Unreachable::NoWay {
            via: head.clone(),
            reason: Box::new(lost()),
        };
        let trouble = |why| Became::Trouble(Trouble::Unreachable(why));
        let outcome = [(head, trouble(lost())), (node, trouble(behind))].into();
        let reasons: Vec<_> = summary(&outcome).failed.into_keys().collect();
        assert_eq!(reasons, ["behind head", "the connection was lost: reset"]);
    }

    #[test]
    fn the_worst_node_decides_how_the_command_ends() {
        let failed = Became::Trouble(Trouble::Failed("no room".to_owned()));
        let lost = Unreachable::Lost("reset".to_owned());
        let lost = Became::Trouble(Trouble::Unreachable(lost));
        let stopped = Became::Trouble(Trouble::Unreachable(Unreachable::Interrupted));
        assert_eq!(exit(&Became::There), Exit::Done);
        assert!(exit(&failed) < exit(&lost) && exit(&lost) < exit(&stopped));
    }

    #[test]
    fn what_a_node_says_cannot_disturb_a_terminal() {
        let said = || "a\u{1b}[2Jb\nc".to_owned();
        let reason = |trouble: &Trouble| reason(trouble, &BTreeSet::new());
        assert_eq!(reason(&Trouble::Failed(said())), "a^[[2Jb c");
        let lost = Trouble::Unreachable(Unreachable::Lost(said()));
        assert_eq!(reason(&lost), "the connection was lost: a^[[2Jb c");
    }
}
