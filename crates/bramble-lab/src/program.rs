//! Running this machine's programs: arguments as a list, and errors that carry
//! the command and what it complained of. Not in here: which programs, and why.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use rustix::io::Errno;

use crate::LabError;
use crate::error::at;

/// Root's own: a plain `su` keeps the path of a user, without `ip` and `nft`.
pub(crate) const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A command that runs to its end, of which only the outcome matters.
pub(crate) struct Program {
    command: Command,
    input: String,
    groups: Vec<PathBuf>,
    remedy: &'static str,
}

impl Program {
    pub(crate) fn new(name: &str) -> Self {
        let mut command = Command::new(name);
        command.env("PATH", PATH).env("LC_ALL", "C.UTF-8");
        Self {
            command,
            input: String::new(),
            groups: Vec::new(),
            remedy: "",
        }
    }

    /// `name`, seeing the network of the namespace called `network`.
    pub(crate) fn inside(network: &str, name: &str) -> Self {
        Self::new("ip").args(["netns", "exec", network, name])
    }

    pub(crate) fn args<A: AsRef<std::ffi::OsStr>>(
        mut self,
        args: impl IntoIterator<Item = A>,
    ) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// What it reads from its standard input; small, since it is written whole
    /// before any output is read.
    pub(crate) fn input(mut self, text: impl Into<String>) -> Self {
        self.input = text.into();
        self
    }

    /// Runs it in control groups, given by their directories. It gets its input
    /// when it is in them and not before, so it must be one that makes nothing
    /// without input: should this process be killed, such a program is either found
    /// in its groups or ends by itself.
    pub(crate) fn within(mut self, groups: Vec<PathBuf>) -> Self {
        self.groups = groups;
        self
    }

    /// What to do should it fail.
    pub(crate) fn remedy(mut self, text: &'static str) -> Self {
        self.remedy = text;
        self
    }

    /// Its standard output.
    pub(crate) fn run(mut self) -> Result<String, LabError> {
        let mut child = self.start().map_err(|source| self.not_started(source))?;
        if let Err(error) = self.enter_groups(&child) {
            // Its input ends here, and so does the program.
            child.wait().ok();
            return Err(error);
        }
        let output = self
            .finish(child)
            .map_err(|source| self.not_started(source))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(LabError::Program {
            command: shown(&self.command),
            status: output.status.to_string(),
            complaint: last_lines(&String::from_utf8_lossy(&output.stderr)),
            remedy: self.remedy,
        })
    }

    fn start(&mut self) -> io::Result<Child> {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    }

    fn enter_groups(&self, child: &Child) -> Result<(), LabError> {
        for group in &self.groups {
            let door = group.join("cgroup.procs");
            match fs::write(&door, child.id().to_string()) {
                // It has ended already, and says why by its status.
                Err(error) if error.raw_os_error() == Some(Errno::SRCH.raw_os_error()) => {}
                entered => entered.map_err(at("put a process into", &door))?,
            }
        }
        Ok(())
    }

    fn finish(&self, mut child: Child) -> io::Result<Output> {
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ends without reading says why by its status.
            stdin.write_all(self.input.as_bytes()).ok();
        }
        child.wait_with_output()
    }

    fn not_started(&self, source: io::Error) -> LabError {
        LabError::NotStarted {
            program: self.command.get_program().to_string_lossy().into_owned(),
            source,
        }
    }
}

/// The error of a program that was run by other means than [`Program`].
pub(crate) fn failed(
    command: &Command,
    status: ExitStatus,
    complaint: &str,
    remedy: &'static str,
) -> LabError {
    LabError::Program {
        command: shown(command),
        status: status.to_string(),
        complaint: last_lines(complaint),
        remedy,
    }
}

fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The part of a long output that tells why: its end.
pub(crate) fn last_lines(text: &str) -> String {
    const KEPT: usize = 12;
    let lines: Vec<_> = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    lines[lines.len().saturating_sub(KEPT)..].join("\n")
}

/// Whether a program of this name can be started.
pub(crate) fn found(name: &str) -> bool {
    PATH.split(':')
        .any(|directory| Path::new(directory).join(name).is_file())
}
