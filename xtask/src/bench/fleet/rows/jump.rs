//! 64 nodes behind a head whose server is set up as it comes: how many a command
//! reaches, since such a server turns some away when many come at once. Not in
//! here: the head's own network settings, which need no NAT for this.

use std::fs;
use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Deserializer, Value};

use super::super::bed::{Bed, ip};
use super::super::clusters::{self, BEHIND_FIRST, HEAD_OUTSIDE, Way};
use super::super::measure::{Measured, Tool, once};
use super::super::ours::Ours;
use super::super::peers::Peers;
use super::super::report::{Claim, Outcome};
use super::super::servers::{STOCK, Server, wait_for};
use crate::failure::Failure;

const NODES: u32 = 64;
const TIMES: usize = 5;

const OURS: &str = "bramble run --cold";
const WORD: &str = "there";

/// The namespaces of the head and of the nodes.
const HEAD: &str = "head";
const BEHIND: &str = "behind";

pub(super) fn measure(bed: &Bed) -> Result<Outcome, Failure> {
    network()?;
    let servers = [
        Server::within(bed, BEHIND, "MaxStartups 10000\n")?,
        Server::within(bed, HEAD, STOCK)?,
    ];
    let head: Ipv4Addr = parsed(HEAD_OUTSIDE)?;
    wait_for(IpAddr::V4(head))?;
    let ours = Ours::new(bed, &clusters::write(bed, NODES, Way::Behind)?);
    let first = u32::from(parsed(BEHIND_FIRST)?);
    let hosts: Vec<_> = (0..NODES)
        .map(|node| Ipv4Addr::from(first + node).to_string())
        .collect();
    let peers = Peers::new(bed, &hosts, true)?;
    let words = ["--json", "run", "@worker", "--cold", "--", "echo", WORD];
    let echo = format!("echo {WORD}");
    let tools = [
        ours.tool(OURS, &words).fresh(),
        peers.pdsh("pdsh -f32 -J", "32", &echo),
        peers.pdsh("pdsh -f10 -J", "10", &echo),
        peers.clush(&echo),
    ];
    let outcome = counted(bed, &tools);
    drop(servers);
    Ok(outcome)
}

fn counted(bed: &Bed, tools: &[Tool<'_>]) -> Outcome {
    let mut outcome = Outcome::new("64 behind a stock head", Vec::new());
    for tool in tools {
        let (measured, reached) = five_times(bed, tool);
        outcome.notes.push(format!(
            "{}: of {NODES} answered, run by run: {reached:?}",
            tool.what
        ));
        let lost = reached
            .iter()
            .map(|reached| u64::from(NODES).abs_diff(*reached));
        let lost = lost.max().and_then(|lost| u32::try_from(lost).ok());
        outcome.claim(Claim {
            what: format!("nodes lost, at most: {}", tool.what),
            value: lost.map(f64::from),
            unit: "nodes",
            goal: (tool.what == OURS).then_some(0.0),
        });
        outcome.measured.push(measured);
    }
    outcome
}

/// A run that loses nodes fails, and is counted all the same.
fn five_times(bed: &Bed, tool: &Tool<'_>) -> (Measured, Vec<u64>) {
    let output = bed.path("out/jump");
    let mut measured = Measured {
        what: tool.what.clone(),
        samples: Vec::new(),
        failed: None,
    };
    let mut reached = Vec::new();
    for _ in 0..TIMES {
        match once(tool, &output) {
            Ok(sample) => measured.samples.push(sample),
            Err(why) => measured.failed = Some(why.to_string()),
        }
        reached.push(answers(&fs::read_to_string(&output).unwrap_or_default()));
    }
    (measured, reached)
}

/// How many nodes said the word: a line each, or a record each.
fn answers(output: &str) -> u64 {
    let lines = output
        .lines()
        .filter(|line| line.ends_with(&format!(": {WORD}")));
    let lines = lines.count() as u64;
    if lines > 0 {
        return lines;
    }
    let records = Deserializer::from_str(output).into_iter::<Value>();
    records
        .map_while(Result::ok)
        .map(|record| said(&record))
        .sum()
}

fn said(record: &Value) -> u64 {
    match record {
        Value::Array(records) => records.iter().map(said).sum(),
        Value::Object(fields) => {
            let told = |value: &Value| value.as_str().is_some_and(|text| text.trim() == WORD);
            u64::from(fields.values().any(told))
        }
        _ => 0,
    }
}

/// This machine, a head with two interfaces, and behind it a network with the
/// nodes, all of which are one more namespace.
fn network() -> Result<(), Failure> {
    for line in [
        "netns add head",
        "netns add behind",
        "link add outside type veth peer name eth1 netns head",
        "addr add 10.80.0.2/24 dev outside",
        "link set outside up",
        "-n head addr add 10.80.0.1/24 dev eth1",
        "-n head link set eth1 up",
        "-n head link set lo up",
        "-n head link add eth0 type veth peer name eth0 netns behind",
        "-n head addr add 10.79.0.1/16 dev eth0",
        "-n head link set eth0 up",
        "-n behind addr add 10.79.255.254/16 dev eth0",
        "-n behind link set eth0 up",
        "-n behind link set lo up",
        "-n behind route add local 10.79.1.0/24 dev lo",
    ] {
        ip(&line.split(' ').collect::<Vec<_>>())?;
    }
    Ok(())
}

fn parsed(address: &str) -> Result<Ipv4Addr, Failure> {
    address
        .parse()
        .map_err(|error| Failure::new(format!("{address} is no address: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_in_lines_and_in_records() {
        assert_eq!(
            answers("10.79.1.1: there\n10.79.1.2: there\nx: refused\n"),
            2
        );
        let array = r#"[{"node":"a","output":"there\n"},{"node":"b","output":""}]"#;
        assert_eq!(answers(array), 1);
        let lines =
            "{\"node\":\"a\",\"output\":\"there\"}\n{\"node\":\"b\",\"output\":\"there\"}\n";
        assert_eq!(answers(lines), 2);
        assert_eq!(answers("nothing"), 0);
    }
}
