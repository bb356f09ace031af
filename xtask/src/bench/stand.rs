//! The stand that everything is measured on: the release, a copy of the example
//! cluster in a directory of its own, and its twin, which goes with the value.
//! Not in here: what is measured.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::Value;
use tempfile::TempDir;

use crate::failure::Failure;
use crate::program::{self, command};
use crate::tree::Tree;

/// Where the lab keeps what its twins need, and in each twin's folder the path of
/// its cluster file.
const TWINS: &str = "/var/lib/bramble/lab";
const OF_FILE: &str = "cluster-file";

/// Workers and head, in the example.
pub(super) const NODES: &[&str] = &["head", "node1", "node2", "node3", "node4", "node5"];

#[derive(Debug)]
pub(super) struct Stand {
    pub(super) tree: PathBuf,
    folder: TempDir,
    bramble: PathBuf,
}

/// A command that went well.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) seconds: f64,
    pub(super) output: String,
}

/// Builds the release and says where it is.
pub(super) fn release(tree: &Tree) -> Result<PathBuf, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = ["build", "--release", "--locked", "--package", "bramble"];
    program::run(command(cargo).args(build).current_dir(&tree.root))?;
    Ok(tree.built("release", "bramble"))
}

impl Stand {
    pub(super) fn new(tree: &Tree) -> Result<Self, Failure> {
        let bramble = release(tree)?;
        let folder = tempfile::Builder::new()
            .prefix("bramble-bench-")
            .tempdir()
            .map_err(|error| Failure::new(format!("cannot make a temporary directory: {error}")))?;
        let example = tree.root.join("examples/002-recipe/bramble.toml");
        let file = folder.path().join("bramble.toml");
        fs::copy(&example, &file).map_err(|error| Failure::file("copy", &example, &error))?;
        Ok(Self {
            tree: tree.root.clone(),
            folder,
            bramble,
        })
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn file(&self) -> PathBuf {
        self.folder.path().join("bramble.toml")
    }

    /// `bramble --json` with these words.
    pub(super) fn bramble(&self, words: &[&str]) -> Command {
        let mut bramble = command(&self.bramble);
        bramble
            .args(["--json", "--file"])
            .arg(self.file())
            .args(words);
        bramble
    }

    /// The id of the twin, once it is up.
    pub(super) fn twin(&self) -> Result<String, Failure> {
        let own = self.file();
        let twins = fs::read_dir(TWINS).into_iter().flatten().flatten();
        let is_ours = |twin: &PathBuf| {
            let file = fs::read_to_string(twin.join(OF_FILE));
            file.is_ok_and(|file| Path::new(file.trim()) == own)
        };
        let id = twins
            .map(|entry| entry.path())
            .find(is_ours)
            .and_then(|twin| Some(twin.file_name()?.to_str()?.to_owned()));
        id.ok_or_else(|| {
            Failure::new(format!(
                "no folder in {TWINS} is of {}: see where bramble-lab keeps its twins now",
                own.display()
            ))
        })
    }

    /// Ends the twin.
    pub(super) fn down(&self) -> Result<Ran, Failure> {
        timed(&mut self.bramble(&["lab", "down"]))
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        // After a good end there is no twin, and after a bad one its reason counts.
        drop(self.down());
    }
}

/// Runs it to its end.
pub(super) fn timed(command: &mut Command) -> Result<Ran, Failure> {
    let started = Instant::now();
    let output = program::output(command)?;
    Ok(Ran {
        seconds: started.elapsed().as_secs_f64(),
        output,
    })
}

/// What a command said as JSON.
pub(super) fn json(ran: &Ran) -> Result<Value, Failure> {
    serde_json::from_str(&ran.output)
        .map_err(|error| Failure::new(format!("`bramble --json` printed no JSON: {error}")))
}
