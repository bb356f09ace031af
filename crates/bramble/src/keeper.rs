//! The process that keeps connections for the next command: how it is started and
//! what it is called. Not in here: what it does (`bramble_fleet::keeper`).

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{FromRawFd as _, OwnedFd, RawFd};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use bramble_fleet::keeper::{Commission, Keeper, KeeperError, serve};

use crate::cluster_folder::ClusterFolder;
use crate::failure::Failure;

/// How long connections are kept after the last command.
pub(crate) const IDLE: Duration = Duration::from_mins(5);

/// The keeper of the nodes that are remembered under `name`.
pub(crate) fn of(folder: &ClusterFolder, name: &str) -> Result<Keeper, Failure> {
    // Root at work in a user's folder keeps connections of its own.
    let socket = format!("keeper-{name}-{}", rustix::process::geteuid().as_raw());
    let kept = folder.kept("")?;
    let launch = {
        let (kept, socket) = (kept.clone(), socket.clone());
        move |commission: &Commission| start(&kept, &socket, commission)
    };
    Ok(Keeper {
        folder: kept,
        socket,
        build: build(),
        launch: Box::new(launch),
    })
}

/// Starts a keeper in the folder, where the socket's path is short enough for one.
/// It says that it listens by closing its standard output.
fn start(folder: &Path, socket: &str, commission: &Commission) -> io::Result<()> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["keeper", socket])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(commission.bytes().expose())?;
    }
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_end(&mut Vec::new())?;
    }
    Ok(())
}

/// Tells one build of this program from another.
fn build() -> String {
    let exe = std::env::current_exe().and_then(fs::metadata);
    exe.map(|exe| format!("{} {} {}", exe.dev(), exe.ino(), exe.mtime_nsec()))
        .unwrap_or_default()
}

/// Is the keeper at `socket`, in the current folder. To be called before this
/// process has opened anything.
pub(crate) fn keep(socket: &str) -> Result<(), KeeperError> {
    close_inherited();
    // Ctrl-C in the terminal of the command that started it is not meant for it.
    let _own_session = rustix::process::setsid();
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let mut commission = Vec::new();
    io::stdin().read_to_end(&mut commission)?;
    serve(&commission, Path::new(socket), IDLE, say_ready)
}

/// What the command that started it had inherited open: a lock or a pipe that it does
/// not know would be held as long as the keeper lives, and whoever waits for it would
/// wait as long. Where there is no `/proc`, all stays open.
fn close_inherited() {
    let Ok(listed) = fs::read_dir("/proc/self/fd") else {
        return;
    };
    let number = |entry: io::Result<fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse().ok();
    let open: Vec<RawFd> = listed.filter_map(number).filter(|&fd| fd > 2).collect();
    for fd in open {
        // The list names what it was read through, too, and that is closed by now.
        if !fs::exists(format!("/proc/self/fdinfo/{fd}")).unwrap_or_default() {
            continue;
        }
        #[expect(unsafe_code, reason = "nothing safe closes what was inherited")]
        // SAFETY: the descriptor was open a moment ago and still is. This thread is the
        // only one, and nothing in this process has opened anything that it still
        // holds, so whatever is open came from the process before, and has no owner here.
        let inherited = unsafe { OwnedFd::from_raw_fd(fd) };
        drop(inherited);
    }
}

/// Whoever started the keeper waits for its standard output to close.
fn say_ready() {
    let closed = fs::File::options().write(true).open("/dev/null");
    // Without it the starter would wait as long as the keeper lives.
    let _or_wait = closed.map(rustix::stdio::dup2_stdout);
}
