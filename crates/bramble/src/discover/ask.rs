//! Who is asked what is on the cluster's network: this machine, if it is on it, and the
//! head. Not in here: what the answers mean.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use bramble_converge::script::Script;
use bramble_converge::{Transport as _, Unreachable};
use ipnet::Ipv4Net;

use super::sighting::Sighting;
use super::{mdns, tables};
use crate::reach::{TWIN, Target};

/// Most addresses that are called one by one: a network of 256. The kernel's table of
/// neighbours has room for 1024.
const MOST_CALLED: usize = 254;

/// What was seen, and why somebody who may know more was not heard.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) sightings: Vec<Sighting>,
    pub(crate) troubles: Vec<String>,
    /// Who was asked: this machine, the head.
    pub(crate) asked: Vec<String>,
}

/// Asks all who can know.
pub(crate) fn all(target: &Target) -> Heard {
    let net = target.cluster.network.subnet;
    let mut heard = Heard::default();
    let own = mdns::own_address(net).filter(|_| target.name != TWIN);
    if let Some(own) = own {
        heard.asked.push("this machine".to_owned());
        match mdns::ask(own, net) {
            Ok(seen) => heard.sightings.extend(seen),
            Err(error) => heard.troubles.push(format!(
                "nobody can be asked by multicast DNS at {own}: {error}"
            )),
        }
        match here(net) {
            Ok(answer) => heard.sightings.extend(tables::read(&answer)),
            Err(error) => heard
                .troubles
                .push(format!("this machine's own tables cannot be read: {error}")),
        }
    }
    match head(target) {
        Ok(answer) => {
            heard.asked.push(target.cluster.head().name.to_string());
            heard.sightings.extend(tables::read(&answer));
        }
        Err(why) => heard.troubles.push(format!(
            "{} cannot be asked: {why}",
            target.cluster.head().name
        )),
    }
    heard
}

fn script() -> Script {
    Script::of(&[include_str!("neighbours.sh")], "neighbours")
}

/// The addresses to call, one a line; none in a large network.
fn calls(net: Ipv4Net) -> String {
    let mut lines = String::new();
    if net.hosts().nth(MOST_CALLED).is_some() {
        return lines;
    }
    for address in net.hosts() {
        // Writing to a string cannot fail.
        writeln!(lines, "{address}").ok();
    }
    lines
}

fn here(net: Ipv4Net) -> std::io::Result<String> {
    let mut child = Command::new("/bin/sh")
        .arg("-c")
        .arg(script().text())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // A shell that has ended says so by its output.
        input.write_all(calls(net).as_bytes()).ok();
    }
    let output = child.wait_with_output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn head(target: &Target) -> Result<String, Unreachable> {
    let head = &target.cluster.head().name;
    let calls = calls(target.cluster.network.subnet).into_bytes();
    let requests = BTreeMap::from([(head.clone(), script().account_request(calls))]);
    let mut answers = target.fleet.exchange(requests, &mut |_, _| {});
    let silent = || Err(Unreachable::Lost("no answer".to_owned()));
    let answer = answers.remove(head).unwrap_or_else(silent)?;
    Ok(String::from_utf8_lossy(&answer.output).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_network_is_called_and_a_large_one_is_not() {
        let lines = |net: &str| calls(net.parse().unwrap()).lines().count();
        assert_eq!(lines("10.55.0.0/24"), 254);
        assert_eq!(lines("10.55.0.0/30"), 2);
        assert_eq!(lines("10.55.0.0/23"), 0);
        assert_eq!(lines("10.0.0.0/8"), 0);
    }
}
