//! One run of mmdebstrap, watched and contained. Not in here: what goes into which
//! root, and where roots are kept.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use bramble_cluster::event::{Event, Watch};

use super::foreign::Interpreter;
use crate::LabError;
use crate::error::at;
use crate::program;

/// Another place to fetch packages from than mmdebstrap would take.
const MIRROR: &str = "BRAMBLE_DEBIAN_MIRROR";

/// Nothing of a root is worth keeping if this machine goes down while it is made,
/// so dpkg need not wait for the disk; manuals and translations are a third of it.
pub(crate) const OPTIONS: &[&str] = &[
    "--mode=root",
    "--format=directory",
    "--variant=minbase",
    "--aptopt=APT::Install-Recommends \"false\"",
    "--aptopt=Acquire::Languages \"none\"",
    "--dpkgopt=force-unsafe-io",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
];

/// Ends with this process: nothing of the run outlives it.
const BOUND: &[&str] = &["--pdeathsig", "KILL", "unshare"];

/// Where nothing of the run can stay: its mounts are in a namespace, and its processes
/// end with the first of them.
const CONTAINED: &[&str] = &["--mount", "--pid", "--fork", "--kill-child"];

/// A root file system to be made.
#[derive(Debug)]
pub(crate) struct Debian<'a> {
    /// The release, by its name: `trixie`.
    pub(crate) suite: &'a str,
    /// Options of mmdebstrap.
    pub(crate) options: Vec<String>,
    /// Scripts that run at the end, in this order, with the root's path as argument.
    pub(crate) hooks: &'a [&'a str],
    /// What runs its programs, if this machine's processor does not.
    pub(crate) interpreter: Option<&'a Interpreter>,
}

impl Debian<'_> {
    /// Makes it as `root` inside `folder`, which is made too, and tells its path.
    pub(crate) fn make(
        &self,
        folder: &Path,
        watch: Watch<'_>,
        stop: &AtomicBool,
    ) -> Result<PathBuf, LabError> {
        fs::create_dir_all(folder).map_err(at("create", folder))?;
        let hooks = self.write_hooks(folder)?;
        let root = folder.join("root");
        let mut command = self.command(&root, &hooks);
        let not_started = |source| LabError::NotStarted {
            program: "mmdebstrap".to_owned(),
            source,
        };
        let mut child = command.spawn().map_err(not_started)?;
        if self.interpreter.is_some() {
            Interpreter::admit(&mut child).map_err(not_started)?;
        }
        let heard = watched(&mut child, watch, stop)?;
        let status = child.wait().map_err(at("wait for the build in", folder))?;
        if !status.success() {
            return Err(program::failed(&command, status, &heard, remedy(&heard)));
        }
        for hook in hooks {
            fs::remove_file(&hook).map_err(at("remove", &hook))?;
        }
        Ok(root)
    }

    fn write_hooks(&self, folder: &Path) -> Result<Vec<PathBuf>, LabError> {
        let mut written = Vec::new();
        for (index, text) in self.hooks.iter().enumerate() {
            let path = folder.join(format!("hook-{index}"));
            fs::write(&path, text).map_err(at("write", &path))?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700))
                .map_err(at("set the mode of", &path))?;
            written.push(path);
        }
        Ok(written)
    }

    fn command(&self, root: &Path, hooks: &[PathBuf]) -> Command {
        let mut command = Command::new("setpriv");
        command.args(BOUND).args(CONTAINED);
        match self.interpreter {
            Some(interpreter) => command.args(interpreter.entrance()),
            None => command.arg("--mount-proc"),
        };
        command.arg("mmdebstrap").args(&self.options);
        for hook in hooks {
            command.arg(format!("--customize-hook={}", hook.display()));
        }
        command
            .arg(self.suite)
            .arg(root)
            .args(std::env::var_os(MIRROR))
            .env("PATH", program::PATH)
            .env("LC_ALL", "C.UTF-8")
            .stdin(match self.interpreter {
                Some(_) => Stdio::piped(),
                None => Stdio::null(),
            })
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            // Ctrl-C in a terminal is for this process, which ends the build in order.
            .process_group(0);
        command
    }
}

/// Passes on what the build says until it says no more; all of it is returned.
fn watched(child: &mut Child, watch: Watch<'_>, stop: &AtomicBool) -> Result<String, LabError> {
    let lines = lines_of(child);
    let mut heard = String::new();
    loop {
        match lines.recv_timeout(Duration::from_millis(100)) {
            Ok(line) => {
                if let Some(message) = step(&line) {
                    watch(Event::Progress {
                        message: message.to_owned(),
                    });
                }
                heard.push_str(&line);
                heard.push('\n');
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(heard),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if stop.load(Ordering::Relaxed) {
            // Fails only if it just ended, which is what is wanted.
            child.kill().ok();
            child.wait().ok();
            // The last process of the build holds the other end.
            lines.iter().for_each(drop);
            return Err(LabError::Interrupted);
        }
    }
}

/// What a line tells the user, if it is one of the steps that take long.
fn step(line: &str) -> Option<&str> {
    let said = line.strip_prefix("I: ")?.trim_end_matches('.');
    let long = ["downloading", "extracting", "installing", "running apt-get"];
    long.iter()
        .any(|begin| said.starts_with(begin))
        .then_some(said)
}

fn lines_of(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stderr) = child.stderr.take() {
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
    }
    receiver
}

/// What to do, from what mmdebstrap and apt are known to say.
fn remedy(heard: &str) -> &'static str {
    let says = |word: &str| heard.contains(word);
    if says("No space left") {
        "make room on that file system"
    } else if says("Could not resolve") || says("Could not connect") || says("Failed to fetch") {
        "see that this machine reaches a Debian registry (BRAMBLE_DEBIAN_MIRROR names another, \
         http_proxy a proxy); an image that was made once is used without any"
    } else if says("NO_PUBKEY") || says("not signed") {
        "install a newer debian-archive-keyring"
    } else if says("Unable to locate package") {
        "see how the package is called in that release of Debian"
    } else if says("/proc/sys/fs/binfmt_misc") {
        "let this machine run programs of other processors (install qemu-user-static where \
         systemd runs), or use Linux 6.7 or newer"
    } else {
        "run the command by itself to see all it says"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_steps_that_take_long_are_told() {
        assert_eq!(
            step("I: extracting archives..."),
            Some("extracting archives")
        );
        assert_eq!(step("I: automatically chosen format: directory"), None);
        assert_eq!(step("Get:1 something"), None);
    }

    #[test]
    fn an_unreachable_registry_and_a_full_disk_have_their_own_remedies() {
        assert!(remedy("E: Could not resolve 'x'").contains("BRAMBLE_DEBIAN_MIRROR"));
        assert!(remedy("tar: write error: No space left on device").contains("make room"));
        assert!(remedy("E: Unable to locate package sl").contains("is called"));
        assert!(remedy("E: something else").contains("by itself"));
    }
}
