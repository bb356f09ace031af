//! Sending nodes what they lack, and hearing how it went. Nodes that lack the
//! same pass it on among each other where that is worth it; whoever is not
//! reached that way is sent to directly. Not in here: what is sent (`archive`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bramble_cluster::NodeName;
use bramble_fleet::{Errand, Fleet, Lines, News, Pace, Part, Stream, Task};

use crate::copy::archive::Archive;
use crate::copy::ask::Member;
use crate::copy::item::Kind;
use crate::copy::listing::Lack;
use crate::copy::relay::{Branch, plant};
use crate::copy::talk::{self, Said, Trouble, with_remedy};
use crate::copy::tree::Sources;

/// Between the fields of a line.
const SEPARATOR: char = '\u{1f}';

/// What every node begins with: it reads the script, since a node that passes the
/// stream on passes the script on as well.
pub(crate) const LOADER: &str = r#"read -r size && script=$(head -c "$size") && eval "$script""#;

const SCRIPT: &str = include_str!("receive.sh");

/// Fewer bytes are not worth a second login.
const WORTH_PASSING_ON: u64 = 1 << 20;

/// Streams longer than this tell how far they are.
const LONG: u64 = 64 << 20;

/// Up to so many files are flushed one by one; more, with all that waits to be
/// written there.
const FEW: usize = 8;

/// Bytes of a record of tar as `receive.sh` sets it, which tar counts in.
const RECORD: u64 = 64 << 10;

/// Bytes of complaint that are kept of a node: more is of no use to a reader.
const COMPLAINT: usize = 4096;

/// Nodes that lack the same, and the stream that ends it.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) lack: Lack,
    pub(crate) archive: Archive,
    pub(crate) members: Vec<Member>,
}

/// How a delivery is carried out.
#[derive(Debug)]
pub(crate) struct Manner<'a> {
    pub(crate) fleet: &'a Fleet,
    pub(crate) sources: &'a Sources,
    pub(crate) pace: Pace,
    pub(crate) root: bool,
    /// From how many nodes on they pass the stream on; none is never.
    pub(crate) relay_from: Option<usize>,
    /// Where nodes reach each other.
    pub(crate) addresses: BTreeMap<NodeName, String>,
}

/// What is heard while it runs.
#[derive(Debug)]
pub(crate) enum Heard {
    /// So many bytes of the stream are on the node.
    At(NodeName, u64),
    /// The node is done with it.
    Ended(NodeName, Result<(), Trouble>),
    /// A node could not pass it on to this one, and why. It is sent to directly.
    NotPassedOn(NodeName, String),
}

/// One stream under way, to a node and those behind it.
struct Sent {
    delivery: usize,
    branch: Branch<NodeName>,
    lines: Lines,
    said: Said,
    told: BTreeSet<NodeName>,
    relayed: bool,
}

impl Manner<'_> {
    /// Delivers all, and tells each node's end once.
    pub(crate) fn deliver(&self, deliveries: &[Delivery], hear: &mut dyn FnMut(Heard)) {
        let first = deliveries
            .iter()
            .enumerate()
            .flat_map(|(nth, delivery)| self.routes(nth, delivery))
            .collect();
        let missed = self.round(deliveries, first, hear);
        if !missed.is_empty() {
            let direct = |(delivery, node)| (delivery, Branch::alone(node));
            let again = missed.into_iter().map(direct).collect();
            self.round(deliveries, again, hear);
        }
    }

    fn routes(&self, nth: usize, delivery: &Delivery) -> Vec<(usize, Branch<NodeName>)> {
        let passes_on = self
            .relay_from
            .is_some_and(|from| delivery.members.len() >= from)
            && !self.root
            && delivery.archive.length >= WORTH_PASSING_ON;
        let (able, unable): (Vec<_>, Vec<_>) = delivery
            .members
            .iter()
            .cloned()
            .partition(|member| passes_on && member.passes_on);
        let names = |members: Vec<Member>| members.into_iter().map(|member| member.node).collect();
        let branches = if passes_on {
            plant(names(able), names(unable))
        } else {
            let alone = |member: Member| Branch::alone(member.node);
            unable.into_iter().map(alone).collect()
        };
        branches.into_iter().map(|branch| (nth, branch)).collect()
    }

    /// One round of streams. Gives the nodes that were to be reached over others,
    /// and were not.
    fn round(
        &self,
        deliveries: &[Delivery],
        routes: Vec<(usize, Branch<NodeName>)>,
        hear: &mut dyn FnMut(Heard),
    ) -> Vec<(usize, NodeName)> {
        let mut direct: BTreeMap<usize, Arc<Task>> = BTreeMap::new();
        let mut errands = Vec::new();
        let mut sent: Vec<Sent> = Vec::new();
        for (nth, branch) in routes {
            let delivery = &deliveries[nth];
            let task = if branch.onward.is_empty() {
                let task = direct.entry(nth);
                Arc::clone(task.or_insert_with(|| self.task(delivery, &Branch::alone(None))))
            } else {
                self.task(delivery, &some(&branch))
            };
            let node = branch.node.clone();
            errands.push(Errand { node, task });
            sent.push(Sent {
                delivery: nth,
                relayed: !branch.onward.is_empty(),
                branch,
                lines: Lines::default(),
                said: Said::default(),
                told: BTreeSet::new(),
            });
        }
        let mut missed = Vec::new();
        self.fleet
            .carry_out(&errands, None, self.pace, &mut |errand, news| {
                let sent = &mut sent[errand];
                let nth = sent.delivery;
                sent.news(
                    &deliveries[nth],
                    self.sources,
                    news,
                    &mut |heard| match heard {
                        // What failed on a long way may go well on a short one.
                        Heard::Ended(node, Err(_)) if node != errands[errand].node => {
                            missed.push((nth, node));
                        }
                        heard => hear(heard),
                    },
                );
            });
        missed
    }

    fn task(&self, delivery: &Delivery, branch: &Branch<Option<NodeName>>) -> Arc<Task> {
        let head = delivery.head(branch, &self.addresses);
        let mut parts: Vec<Part> = vec![talk::bytes(head)];
        parts.extend(delivery.archive.parts.iter().cloned());
        talk::task(LOADER, self.root, parts)
    }
}

impl Delivery {
    /// What stands before the archive: the script, and what it reads first.
    pub(crate) fn head(
        &self,
        branch: &Branch<Option<NodeName>>,
        addresses: &BTreeMap<NodeName, String>,
    ) -> String {
        let orders = self.orders(branch, addresses);
        format!("{}\n{SCRIPT}{orders}", SCRIPT.len())
    }

    fn orders(
        &self,
        branch: &Branch<Option<NodeName>>,
        addresses: &BTreeMap<NodeName, String>,
    ) -> String {
        let lay = &self.lack.lay;
        let make = if lay.make { "make" } else { "there" };
        let flush = match self.archive.files.len() {
            0 => "none",
            files if files <= FEW => "files",
            _ => "all",
        };
        let long = self.archive.length > LONG;
        let progress = if long { "progress" } else { "quiet" };
        let name = branch.node.as_ref().map_or("", NodeName::as_str);
        let onward = branch.onward.iter().map(|below| {
            let name = below.node.as_ref();
            let address = name.and_then(|name| addresses.get(name));
            let name = name.map_or("", NodeName::as_str);
            let address = address.map_or("", String::as_str);
            let orders = BASE64.encode(self.orders(below, addresses));
            format!("{name}{SEPARATOR}{address}{SEPARATOR}{orders}\n")
        });
        let (base, count) = (&lay.base, branch.onward.len());
        let onward: String = onward.collect();
        format!("{name}\n{base}\n{make}\n{flush}\n{progress}\n{count}\n{onward}")
    }
}

fn some(branch: &Branch<NodeName>) -> Branch<Option<NodeName>> {
    Branch {
        node: Some(branch.node.clone()),
        onward: branch.onward.iter().map(some).collect(),
    }
}

impl Sent {
    fn news(
        &mut self,
        delivery: &Delivery,
        sources: &Sources,
        news: News,
        hear: &mut dyn FnMut(Heard),
    ) {
        match news {
            News::Begun => {}
            News::Wrote(Stream::Output, bytes) => {
                let mut whole = Vec::new();
                self.lines.push(&bytes, &mut |line| {
                    whole.push(String::from_utf8_lossy(line).into_owned());
                });
                for line in whole {
                    self.line(&line, delivery, sources, hear);
                }
            }
            News::Wrote(Stream::Complaint, bytes) => {
                let room = COMPLAINT.saturating_sub(self.said.complaint.len());
                let bytes = &bytes[..bytes.len().min(room)];
                self.said.complaint.extend_from_slice(bytes);
            }
            News::Ended(outcome) => {
                let own = match outcome {
                    Ok(status) => {
                        self.said.status = status;
                        self.said.trouble()
                    }
                    Err(reason) => Trouble::from(reason),
                };
                self.end(&own, hear);
            }
        }
    }

    /// Ends those of which nothing was heard.
    fn end(&mut self, own: &Trouble, hear: &mut dyn FnMut(Heard)) {
        let nodes: Vec<NodeName> = self.branch.nodes().into_iter().cloned().collect();
        for node in nodes {
            if self.told.insert(node.clone()) {
                hear(Heard::Ended(node, Err(own.clone())));
            }
        }
    }

    fn line(
        &mut self,
        line: &str,
        delivery: &Delivery,
        sources: &Sources,
        hear: &mut dyn FnMut(Heard),
    ) {
        let mut fields = line.splitn(4, SEPARATOR);
        let mut field = || fields.next().unwrap_or_default();
        let (what, node) = (field(), field());
        // Only nodes that were sent to have something to say, each for itself;
        // where one is alone it does not know its name.
        let node = match node {
            "" if !self.relayed => self.branch.node.clone(),
            name => match self
                .branch
                .nodes()
                .into_iter()
                .find(|node| node.as_str() == name)
            {
                Some(node) => node.clone(),
                None => return,
            },
        };
        match (what, field(), field()) {
            ("at", records, _) => {
                let records: u64 = records.parse().unwrap_or_default();
                hear(Heard::At(node, records * RECORD));
            }
            ("lost", reason, _) => hear(Heard::NotPassedOn(node, reason.to_owned())),
            ("result", status, message) => {
                let outcome = match status {
                    "copied" => Ok(()),
                    "differs" => Err(Trouble::Failed(differs(message, delivery, sources))),
                    _ => Err(Trouble::Failed(with_remedy(message))),
                };
                if self.told.insert(node.clone()) {
                    hear(Heard::Ended(node, outcome));
                }
            }
            _ => {}
        }
    }
}

/// Why the content of a file is another there than it was here.
fn differs(place: &str, delivery: &Delivery, sources: &Sources) -> String {
    let item = place
        .parse()
        .ok()
        .and_then(|place: usize| delivery.archive.files.get(place.checked_sub(1)?))
        .map(|&nth| &sources.items[nth]);
    let Some(item) = item else {
        return "what arrived is not what was sent; copy it again".to_owned();
    };
    let Kind::File { from, size } = &item.kind else {
        return "what arrived is not what was sent; copy it again".to_owned();
    };
    let same = fs::metadata(from).is_ok_and(|now| {
        let nanoseconds = i64::from(item.stamp.nanoseconds);
        now.len() == *size && (now.mtime(), now.mtime_nsec()) == (item.stamp.seconds, nanoseconds)
    });
    let from = from.display();
    if same {
        format!(
            "{from} arrived with other content than it was sent with; what was there is \
             untouched; copy it again, and if that does not help look at the node's memory and disk"
        )
    } else {
        format!("{from} changed while it was copied; what was there is untouched; copy it again")
    }
}
