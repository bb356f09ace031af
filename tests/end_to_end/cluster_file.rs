//! A cluster file in a folder of its own, the command aimed at it, and a way into
//! its virtual nodes past everything that is tested. Not in here: what is
//! expected of any of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use bramble_lab::Twin;
use tempfile::TempDir;

use crate::ran::{self, Ran, Running};

/// The name of the cluster in every cluster file here.
const NAME: &str = "garden";

/// Folders and their twins, to be removed at the end, whatever the end is.
static MADE: Mutex<Vec<(TempDir, Twin)>> = Mutex::new(Vec::new());

/// A cluster file whose twin is removed at the end of the process.
#[derive(Debug, Clone)]
pub(crate) struct ClusterFile {
    pub(crate) path: PathBuf,
    pub(crate) twin: Twin,
}

impl ClusterFile {
    pub(crate) fn new(text: &str) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("bramble-end-to-end-")
            .tempdir()
            .unwrap();
        let path = folder.path().join("bramble.toml");
        fs::write(&path, text).unwrap();
        let twin = Twin::of(&path, &NAME.parse().unwrap());
        MADE.lock().unwrap().push((folder, twin.clone()));
        Self { path, twin }
    }

    /// The command with arguments of its own; the base image is the one that this
    /// machine's own twins use, and all else stays in the folder.
    pub(crate) fn bramble(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bramble"));
        command
            .args(arguments)
            .current_dir(self.folder())
            .env("XDG_STATE_HOME", self.folder().join("state"))
            .env_remove("SSH_AUTH_SOCK")
            .env_remove("NO_COLOR");
        command
    }

    /// Runs a command on the twin of this file, to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(&mut self.aimed(arguments))
    }

    /// The same for somebody who has a password for it.
    pub(crate) fn bramble_with_password(&self, password: &str, arguments: &[&str]) -> Ran {
        Ran::of(self.aimed(arguments).env("BRAMBLE_PASSWORD", password))
    }

    /// Starts the same.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        Running::start(&mut self.aimed(arguments))
    }

    fn aimed(&self, arguments: &[&str]) -> Command {
        let file = self.path.to_str().unwrap();
        self.bramble(&[&["--lab", "-f", file], arguments].concat())
    }

    pub(crate) fn folder(&self) -> &Path {
        self.path.parent().unwrap()
    }

    /// What is kept beside the cluster file.
    pub(crate) fn kept(&self, name: &str) -> PathBuf {
        self.folder().join(".bramble").join(name)
    }

    /// What `script` prints as root on `node`, which must succeed.
    #[track_caller]
    pub(crate) fn on(&self, node: &str, script: &str) -> String {
        let ran = self.try_on(node, script);
        ran.exits(0);
        ran.stdout.trim().to_owned()
    }

    /// Runs `script` as root on `node`, by its processes and not by SSH.
    pub(crate) fn try_on(&self, node: &str, script: &str) -> Ran {
        let process = self.first_process(node);
        Ran::of(Command::new("nsenter").args(["-a", "-t", &process, "bash", "-c", script]))
    }

    /// A command in the network that the nodes are reached from.
    pub(crate) fn outside(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--net={}", self.twin.network().display()))
            .arg(program);
        command
    }

    fn first_process(&self, node: &str) -> String {
        let group = format!(
            "bramble-{}/{node}/payload/init.scope/cgroup.procs",
            self.twin.id()
        );
        let roots = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"];
        let mut texts = roots
            .iter()
            .filter_map(|root| fs::read_to_string(Path::new(root).join(&group)).ok());
        let text = texts.next().unwrap_or_else(|| panic!("{node} is off"));
        text.lines()
            .next()
            .unwrap_or_else(|| panic!("{node} is dying"))
            .to_owned()
    }
}

/// Ends whatever runs, removes every twin and folder, and says what could not be.
pub(crate) fn remove_all() -> Vec<String> {
    ran::kill_all();
    let mut left = Vec::new();
    for (folder, twin) in MADE.lock().unwrap().drain(..) {
        left.extend(twin.down(&mut |_| {}).err().map(|error| error.to_string()));
        left.extend(twin.leftovers());
        left.extend(folder.close().err().map(|error| error.to_string()));
    }
    left
}

/// Asks again and again, for at most `limit`, until the answer is yes.
#[track_caller]
pub(crate) fn wait_until(what: &str, limit: Duration, mut question: impl FnMut() -> bool) {
    let started = Instant::now();
    while !question() {
        assert!(started.elapsed() < limit, "not within {limit:?}: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
