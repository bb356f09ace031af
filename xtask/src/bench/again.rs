//! A second `bramble up`, which changes nothing, against a script that only asks,
//! sent to the same nodes by the system's `ssh` with the same keys. Both take
//! turns, so that what else this machine does befalls both. Not in here: other
//! peers.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;

use super::figure::Figure;
use super::stand::{NODES, Ran, Stand, json, timed};
use crate::failure::Failure;
use crate::program::command;

const GOAL: f64 = 1.0;
const ROUNDS: usize = 9;

pub(super) fn second_up(stand: &Stand) -> Result<Vec<Figure>, Failure> {
    timed(&mut stand.bramble(&["--lab", "up"]))?;
    let (mut ours, mut script) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let ran = timed(&mut stand.bramble(&["--lab", "up"]))?;
        changes_nothing(&ran)?;
        ours.push(ran.seconds);
        script.push(timed(&mut bare_check(stand)?)?.seconds);
    }
    println!("second up, and bare script: {ours:.2?} {script:.2?}");
    Ok(vec![
        Figure::seconds("second up, no change", &ours).goal(GOAL),
        Figure::seconds("  peer: bare script by ssh", &script),
    ])
}

fn changes_nothing(ran: &Ran) -> Result<(), Failure> {
    let said = json(ran)?;
    let is_empty = |part: &str| {
        said[part]
            .as_object()
            .is_some_and(serde_json::Map::is_empty)
    };
    if is_empty("made") && is_empty("failed") {
        return Ok(());
    }
    Err(Failure::new(format!(
        "a second `up` is to change nothing, and said: {}",
        ran.output.trim()
    )))
}

/// A new connection to each node, all at once.
fn bare_check(stand: &Stand) -> Result<Command, Failure> {
    let each = "printf '%s\\n' \"$@\" | xargs -P 16 -I{} sh -c \
                'ssh -F \"$1\" -o BatchMode=yes {} sudo -n sh -s < \"$2\"' - \"$CONFIG\" \"$CHECK\"";
    let mut check = in_twin(stand)?;
    check.env("CONFIG", ssh_config(stand)?);
    check.env("CHECK", stand.tree.join("bench/check.sh"));
    check.args(["sh", "-c", each, "-"]).args(NODES);
    Ok(check)
}

/// The configuration of the system's `ssh`, as `bramble ssh` writes it.
pub(super) fn ssh_config(stand: &Stand) -> Result<PathBuf, Failure> {
    let config = stand.folder().join(".bramble/ssh-config-twin");
    if !config.exists() {
        timed(&mut stand.bramble(&["--lab", "ssh", "head", "--", "true"]))?;
    }
    File::open(&config).map_err(|error| Failure::file("read", &config, &error))?;
    Ok(config)
}

/// What follows runs in the network from which the twin's nodes are reached.
pub(super) fn in_twin(stand: &Stand) -> Result<Command, Failure> {
    let mut inside = command("nsenter");
    inside.arg(format!("--net=/run/netns/bramble-{}", stand.twin()?));
    Ok(inside)
}
