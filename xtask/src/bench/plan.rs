//! What is done before anything is bought: check, plan and drawing, each as a whole
//! process. Needs neither root nor a twin. Not in here: the twin's figures.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::figure::Figure;
use super::stand::{release, timed};
use crate::failure::Failure;
use crate::program::command;
use crate::tree::Tree;

const ROUNDS: usize = 21;

/// What is typed on a file of so many workers in so many groups, and how long it
/// may take, in milliseconds. Where there are many groups, something is found
/// about each of them.
const WORK: &[(usize, usize, &[&str], f64)] = &[
    (5, 1, &["check"], 10.0),
    (10_000, 4, &["check"], 150.0),
    (10_000, MANY, &["check"], 150.0),
    (5, 1, &["plan", "--json"], 20.0),
    (10_000, 4, &["plan", "--json"], 300.0),
    (10_000, MANY, &["plan", "--json"], 300.0),
    (39, 4, &["draw"], 100.0),
];

const MANY: usize = 1000;

pub(super) fn measure(tree: &Tree) -> Result<Vec<Figure>, Failure> {
    let bramble = release(tree)?;
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::new(format!("cannot make a temporary directory: {error}")))?;
    let mut figures = Vec::new();
    for (workers, groups, words, goal) in WORK {
        let file = cluster(&folder, *workers, *groups)?;
        let mut what = format!("{}, {} nodes", words.join(" "), workers + 1);
        if *groups == MANY {
            let _infallible = write!(what, " in {groups} groups");
        }
        let took = rounds(|| typed(&bramble, &file, words))?;
        figures.push(Figure::milliseconds(what, &took).goal(*goal));
    }
    let nothing = rounds(|| Ok(timed(&mut command("true"))?.seconds))?;
    figures.push(Figure::milliseconds("  to compare: `true`", &nothing));
    Ok(figures)
}

/// Milliseconds of each round.
fn rounds(mut once: impl FnMut() -> Result<f64, Failure>) -> Result<Vec<f64>, Failure> {
    (0..ROUNDS).map(|_| Ok(once()? * 1000.0)).collect()
}

fn typed(bramble: &Path, file: &Path, words: &[&str]) -> Result<f64, Failure> {
    let mut typed = command(bramble);
    typed.arg("--file").arg(file).args(words);
    Ok(timed(&mut typed)?.seconds)
}

/// A cluster file with so many workers in so many groups.
fn cluster(folder: &TempDir, workers: usize, groups: usize) -> Result<PathBuf, Failure> {
    let mut text = HEAD.to_owned();
    let each = workers.div_ceil(groups);
    let odd = if groups == MANY {
        "usb = [{ name = \"drive\" }]\ncooling = \"none\"\n"
    } else {
        ""
    };
    for kind in 0..groups {
        let (first, last) = (kind * each + 1, ((kind + 1) * each).min(workers));
        if first <= last {
            // Proof: writing to a string does not fail.
            let _infallible = write!(
                text,
                "[[nodes]]\nnames = \"node[{first}-{last}]\"\nboard = \"rpi4b\"\nram = \"4GB\"\n\
                 card = \"sandisk-ultra-32GB\"\nsupply = \"psu-15w\"\n{odd}"
            );
        }
    }
    let file = folder.path().join(format!("{workers}-{groups}.toml"));
    fs::write(&file, text).map_err(|error| Failure::file("write", &file, &error))?;
    Ok(file)
}

const HEAD: &str = r#"
[cluster]
name = "bench"
currency = "USD"
[network]
subnet = "10.128.0.0/16"
switch = "many"
[power]
electricity = "0.30/kWh"
[head]
name = "head"
board = "rpi4b"
ram = "4GB"
card = "sandisk-ultra-32GB"
supply = "psu-15w"
uplink = { wifi = "HomeWifi" }
[catalogue.switches.many]
name = "a switch with ports for all"
ports = 20000
"#;
