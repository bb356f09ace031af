//! Running programs of another processor while a root file system is made, without
//! leaving a setting behind on this machine. Not in here: making the root.
//!
//! The kernel hands such programs to an interpreter that is registered in
//! `binfmt_misc`. Since Linux 6.7 every user namespace can have a registry of its own,
//! and the run gets one where this machine has registered nothing itself.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use crate::hex::hex;
use crate::{Architecture, LabError};

/// What runs programs of another processor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interpreter {
    /// A line for the kernel's registry.
    registration: String,
}

/// The kernel's registry.
const REGISTRY: &str = "/proc/sys/fs/binfmt_misc";

/// Where Debian and Ubuntu put QEMU's interpreters. They must need no library: the
/// root has none of this machine's.
const FOLDER: &str = "/usr/bin";

/// How a program of 64 bits begins: up to its type at byte 16 (ELF-64 object file
/// format), and which bits of that, of the type and of the machine tell it.
const BEGIN: [u8; 16] = *b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0";
const MASK: &str =
    r"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff";

/// All users there are in a root file system of Debian.
const ALL_IDS: &str = "0 0 65536";

/// Longer than a process takes to enter a namespace, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

impl Interpreter {
    /// What this machine needs to run programs of `architecture`: nothing if it does so
    /// already.
    pub(crate) fn needed_for(architecture: Architecture) -> Result<Option<Self>, LabError> {
        if architecture.is_native() || is_registered(Path::new(REGISTRY), architecture) {
            return Ok(None);
        }
        let program = found(architecture).ok_or_else(|| LabError::HostLacks {
            what: format!("programs of {architecture} do not run on it"),
            remedy: "install qemu-user-static",
        })?;
        let registration = registration(architecture, &program);
        Ok(Some(Self { registration }))
    }

    /// More options of `unshare`, and the program that enters the namespaces: it waits
    /// for [`Self::admit`], registers, and becomes what follows.
    pub(super) fn entrance(&self) -> impl Iterator<Item = &str> {
        let script = include_str!("foreign.sh");
        ["--user", "sh", "-c", script, "sh", &self.registration].into_iter()
    }

    /// Gives the process the users of this machine, which only somebody outside of its
    /// namespace can, and lets it go on.
    pub(super) fn admit(child: &mut Child) -> io::Result<()> {
        let admitted = give_ids(child);
        if let (Ok(()), Some(mut door)) = (&admitted, child.stdin.take()) {
            // One that ended already says why by its status.
            door.write_all(b"go\n").ok();
        }
        if admitted.is_err() {
            child.kill().ok();
            child.wait().ok();
        }
        admitted
    }
}

fn give_ids(child: &mut Child) -> io::Result<()> {
    let process = PathBuf::from(format!("/proc/{}", child.id()));
    let own = fs::read_link("/proc/self/ns/user")?;
    let start = Instant::now();
    while fs::read_link(process.join("ns/user"))? == own {
        if child.try_wait()?.is_some() {
            // It could not enter, and has said why.
            return Ok(());
        }
        if start.elapsed() > PATIENCE {
            return Err(io::ErrorKind::TimedOut.into());
        }
        thread::sleep(Duration::from_millis(2));
    }
    fs::write(process.join("uid_map"), ALL_IDS)?;
    fs::write(process.join("gid_map"), ALL_IDS)
}

/// A line for the registry. `F`: the interpreter is opened now, while the path leads to
/// it; `P`: it is told by which name the program was called.
fn registration(architecture: Architecture, interpreter: &Path) -> String {
    let magic = magic(architecture)
        .iter()
        .fold(String::new(), |text, byte| format!(r"{text}\x{byte:02x}"));
    format!(
        ":bramble-{architecture}:M::{magic}:{MASK}:{}:PF",
        interpreter.display()
    )
}

/// The first bytes of a program that can be placed anywhere or nowhere else (`MASK`
/// lets both be).
fn magic(architecture: Architecture) -> Vec<u8> {
    const PLACED: u16 = 2;
    let machine = architecture.elf_machine().to_le_bytes();
    [&BEGIN[..], &PLACED.to_le_bytes(), &machine].concat()
}

fn found(architecture: Architecture) -> Option<PathBuf> {
    let name = architecture.qemu();
    [format!("{name}-static"), name.to_owned()]
        .iter()
        .map(|name| Path::new(FOLDER).join(name))
        .find(|path| path.is_file())
}

/// Whether the kernel hands programs of `architecture` to an interpreter, also inside
/// of a root that does not have it.
fn is_registered(registry: &Path, architecture: Architecture) -> bool {
    let magic = magic(architecture);
    let magic = hex(&magic, magic.len());
    let entries = fs::read_dir(registry).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| fs::read_to_string(entry.path()).ok())
        .any(|entry| serves(&entry, &magic))
}

/// Whether an entry of the registry is switched on, for programs that begin with
/// `magic`, with an interpreter that was opened when it was registered.
fn serves(entry: &str, magic: &str) -> bool {
    let value = |name: &str| {
        let mut lines = entry.lines().filter_map(|line| line.split_once(' '));
        lines.find_map(|(key, value)| (key == name).then_some(value))
    };
    entry.starts_with("enabled\n")
        && value("magic") == Some(magic)
        && value("flags:").is_some_and(|flags| flags.contains('F'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = "enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: POF\n\
                         offset 0\nmagic 7f454c460201010000000000000000000200b700\n\
                         mask ffffffffffffff00fffffffffffffffffeffffff\n";

    #[test]
    fn an_entry_serves_if_it_is_on_and_reaches_into_a_root() {
        let registry = tempfile::tempdir().unwrap();
        let file = registry.path().join("qemu-aarch64");
        let serves = |entry: &str| {
            fs::write(&file, entry).unwrap();
            is_registered(registry.path(), Architecture::Arm64)
        };
        assert!(serves(ENTRY));
        assert!(!serves(&ENTRY.replace("enabled", "disabled")));
        assert!(!serves(&ENTRY.replace("POF", "PO")));
        assert!(!serves(&ENTRY.replace("b700", "f300")));
        assert!(!is_registered(
            &registry.path().join("absent"),
            Architecture::Arm64
        ));
    }

    #[test]
    fn what_is_registered_is_what_the_kernel_would_show() {
        let line = registration(Architecture::Arm64, Path::new("/usr/bin/qemu-aarch64"));
        assert_eq!(
            line,
            r":bramble-arm64:M::\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64:PF"
        );
    }
}
