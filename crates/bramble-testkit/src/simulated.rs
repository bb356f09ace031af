//! Nodes in memory that hold facts, carry out steps by turning into what was
//! predicted, and fail on demand.

use std::cell::RefCell;
use std::collections::BTreeMap;

use bramble_cluster::NodeName;
use bramble_converge::plan::{Plan, Seen};
use bramble_converge::record::Record;
use bramble_converge::{Answer, Answers, Key, Request, Transport, Unreachable};

/// What goes wrong on a node.
#[derive(Debug, Clone)]
pub enum Fault {
    /// It gives no answer.
    Unreachable(Unreachable),
    /// `sudo` wants a password.
    SudoRefused,
    /// It answers this, with this status.
    Says(u32, &'static str),
    /// The step for this resource fails, with this complaint.
    StepFails(Key, &'static str),
    /// The step for this resource says that it succeeded, and did nothing.
    StepDoesNothing(Key),
    /// The answer ends in the middle of a line.
    BreaksOff,
}

/// Nodes in memory.
#[derive(Debug, Default)]
pub struct SimulatedNodes {
    held: RefCell<BTreeMap<NodeName, Seen>>,
    becomes: RefCell<BTreeMap<NodeName, BTreeMap<Key, Option<Record>>>>,
    faults: RefCell<BTreeMap<NodeName, Fault>>,
    /// How often each node was asked.
    exchanges: RefCell<BTreeMap<NodeName, usize>>,
}

impl SimulatedNodes {
    /// `node` holds `fact` about the resource `key`.
    pub fn holds(&self, node: &NodeName, key: Key, fact: Record) {
        let mut held = self.held.borrow_mut();
        held.entry(node.clone()).or_default().insert(key, fact);
    }

    /// What the steps of `plan` lead to.
    pub fn expect(&self, plan: &Plan) {
        for (node, plan) in &plan.nodes {
            let changes = plan.changes.iter();
            let becomes = changes.map(|change| (change.key.clone(), change.expect.clone()));
            self.becomes
                .borrow_mut()
                .insert(node.clone(), becomes.collect());
        }
    }

    /// From now on this goes wrong on `node`.
    pub fn fault(&self, node: &NodeName, fault: Fault) {
        self.faults.borrow_mut().insert(node.clone(), fault);
    }

    /// From now on nothing goes wrong on any node.
    pub fn heal(&self) {
        self.faults.borrow_mut().clear();
    }

    /// How often `node` was asked anything.
    pub fn exchanges(&self, node: &NodeName) -> usize {
        self.exchanges.borrow().get(node).copied().unwrap_or(0)
    }

    fn answer(&self, node: &NodeName, request: &Request) -> Result<Answer, Unreachable> {
        *self.exchanges.borrow_mut().entry(node.clone()).or_default() += 1;
        let fault = self.faults.borrow().get(node).cloned();
        let said = |status, output: &str, complaint: &str| {
            Ok(Answer {
                status,
                output: output.as_bytes().to_vec(),
                complaint: complaint.as_bytes().to_vec(),
            })
        };
        match &fault {
            Some(Fault::Unreachable(reason)) => return Err(reason.clone()),
            Some(Fault::SudoRefused) => return said(1, "", "sudo: a password is required\n"),
            Some(Fault::Says(status, output)) => return said(*status, output, ""),
            _ => {}
        }
        let input = String::from_utf8_lossy(request.input.expose()).into_owned();
        let (output, complaint) = match input.split_once("begin\n") {
            Some((_, work)) => self.apply(node, work, fault.as_ref()),
            None => (self.observe(node, &input), String::new()),
        };
        match fault {
            Some(Fault::BreaksOff) => said(0, &output[..output.len() / 2], ""),
            _ => said(0, &output, &complaint),
        }
    }

    fn apply(&self, node: &NodeName, work: &str, fault: Option<&Fault>) -> (String, String) {
        let (steps, questions) = work.split_once("verify\n").unwrap_or((work, ""));
        let mut output = String::new();
        let mut complaint = String::new();
        for step in steps.lines().map(Record::parse) {
            let key = Key::new(step.field(0), step.field(1));
            match fault {
                Some(Fault::StepFails(failing, says)) if *failing == key => {
                    output += &Record::new(["failed", &key.kind, &key.id, "1"]).line();
                    complaint.push_str(says);
                    break;
                }
                Some(Fault::StepDoesNothing(failing)) if *failing == key => {}
                _ => self.become_as_expected(node, &key),
            }
            output += &Record::new(["done", &key.kind, &key.id]).line();
        }
        output += "verify\n";
        output += &self.observe(node, questions);
        (output, complaint)
    }

    fn become_as_expected(&self, node: &NodeName, key: &Key) {
        let mut held = self.held.borrow_mut();
        let held = held.entry(node.clone()).or_default();
        let becomes = self.becomes.borrow();
        match becomes.get(node).and_then(|becomes| becomes.get(key)) {
            Some(Some(fact)) => drop(held.insert(key.clone(), fact.clone())),
            _ => drop(held.remove(key)),
        }
    }

    fn observe(&self, node: &NodeName, questions: &str) -> String {
        let held = self.held.borrow();
        let nothing = Seen::new();
        let held = held.get(node).unwrap_or(&nothing);
        let mut output = String::new();
        let mut kind = "";
        for line in questions.lines() {
            match (kind, line) {
                ("", name) => kind = name,
                (_, ".") => kind = "",
                (_, question) => {
                    let key = Key::new(kind, Record::parse(question).field(0));
                    if let Some(fact) = held.get(&key) {
                        output.extend([kind, "\u{1f}", &fact.line()]);
                    }
                }
            }
        }
        output + "end\n"
    }
}

impl Transport for SimulatedNodes {
    fn exchange(
        &self,
        requests: BTreeMap<NodeName, Request>,
        heard: &mut dyn FnMut(&NodeName, &str),
    ) -> Answers {
        let mut answers = Answers::new();
        for (node, request) in requests {
            let answer = self.answer(&node, &request);
            if let Ok(answer) = &answer {
                let output = String::from_utf8_lossy(&answer.output);
                output.lines().for_each(|line| heard(&node, line));
            }
            answers.insert(node, answer);
        }
        answers
    }
}
