//! One run of mmdebstrap, watched. Not in here: what goes into the image, and
//! where it is kept.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use bramble_cluster::event::{Event, Watch};

use super::recipe;
use crate::LabError;
use crate::error::at;
use crate::program;

/// The image is 540 MB; while it is made, the packages lie beside it.
const NEEDED_MB: u64 = 1200;

/// Another place to fetch packages from than mmdebstrap would take.
const MIRROR: &str = "BRAMBLE_DEBIAN_MIRROR";

/// Runs mmdebstrap where nothing of it can stay: its mounts are in a namespace,
/// its processes die with the first of them, and that one with this process.
const CONTAINED: &[&str] = &[
    "--pdeathsig",
    "KILL",
    "unshare",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "mmdebstrap",
];

/// Whether an image can be made at all, before minutes go into trying.
pub(super) fn has_room(shelf: &Path) -> Result<(), LabError> {
    let room = rustix::fs::statvfs(shelf).map_err(|error| at("look at", shelf)(error.into()))?;
    let free = room.f_bavail.saturating_mul(room.f_frsize) / 1_000_000;
    if free >= NEEDED_MB {
        return Ok(());
    }
    let purpose = "the operating system of the virtual nodes";
    Err(LabError::NoSpace {
        path: shelf.to_owned(),
        free,
        needed: NEEDED_MB,
        purpose,
    })
}

/// Makes the image as `root` inside `partial`.
pub(super) fn build(partial: &Path, watch: Watch<'_>, stop: &AtomicBool) -> Result<(), LabError> {
    fs::create_dir_all(partial).map_err(at("create", partial))?;
    let hook = partial.join("customise");
    fs::write(&hook, recipe::CUSTOMISE).map_err(at("write", &hook))?;
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o700)).map_err(at("write", &hook))?;

    let mut command = command(partial, &hook);
    let mut child = command.spawn().map_err(|source| LabError::NotStarted {
        program: "mmdebstrap".to_owned(),
        source,
    })?;
    let heard = watched(&mut child, watch, stop)?;
    let status = child.wait().map_err(at("wait for the build in", partial))?;
    if status.success() {
        return fs::remove_file(&hook).map_err(at("remove", &hook));
    }
    Err(program::failed(&command, status, &heard, remedy(&heard)))
}

fn command(partial: &Path, hook: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args(CONTAINED)
        .args(recipe::options())
        .arg(format!("--customize-hook={}", hook.display()))
        .arg(recipe::SUITE)
        .arg(partial.join("root"))
        .args(std::env::var_os(MIRROR))
        .env("PATH", program::PATH)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        // Ctrl-C in a terminal is for this process, which ends the build in order.
        .process_group(0);
    command
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
        "make room on the file system of the cache"
    } else if says("Could not resolve") || says("Could not connect") || says("Failed to fetch") {
        "see that this machine reaches a Debian registry (BRAMBLE_DEBIAN_MIRROR names another, \
         http_proxy a proxy); an image that was made once is used without any"
    } else if says("NO_PUBKEY") || says("not signed") {
        "install a newer debian-archive-keyring"
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
        assert!(remedy("E: something else").contains("by itself"));
    }
}
