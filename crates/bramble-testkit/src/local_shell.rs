//! This machine in place of a node: the scripts are run for real, as whoever
//! runs the test. Not in here: a temporary directory to work in, which the
//! resources name.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::{fs, thread};

use bramble_cluster::NodeName;
use bramble_converge::{Answer, Answers, Request, Transport};
use tempfile::TempDir;

/// A transport to nowhere: every node is this machine.
#[derive(Debug)]
pub struct LocalShell {
    /// Holds a `sudo` that only starts the shell under test.
    programs: TempDir,
}

impl LocalShell {
    /// Runs scripts with `shell`, a program and its arguments, in place of
    /// `/bin/sh`.
    ///
    /// # Panics
    ///
    /// If there is no room for temporary files.
    pub fn new(shell: &str) -> Self {
        let programs = TempDir::new().unwrap();
        let sudo = programs.path().join("sudo");
        // What comes is `sudo -n /bin/sh -c SCRIPT`.
        fs::write(&sudo, format!("#!/bin/sh\nshift 2\nexec {shell} \"$@\"\n")).unwrap();
        fs::set_permissions(&sudo, fs::Permissions::from_mode(0o755)).unwrap();
        Self { programs }
    }

    fn start(&self, request: &Request) -> Child {
        let path = std::env::var("PATH").unwrap();
        Command::new("/bin/sh")
            .arg("-c")
            .arg(&request.command)
            .env("PATH", format!("{}:{path}", self.programs.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn run(&self, request: &Request, heard: &mut dyn FnMut(&str)) -> Answer {
        let mut child = self.start(request);
        let mut input = child.stdin.take().unwrap();
        let bytes = request.input.expose().clone();
        // A script that ends early does not read to the end.
        let writer = thread::spawn(move || drop(input.write_all(&bytes)));
        let mut complaints = child.stderr.take().unwrap();
        let complaints = thread::spawn(move || {
            let mut complaint = Vec::new();
            complaints.read_to_end(&mut complaint).map(|_| complaint)
        });
        let mut output = Vec::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).unwrap() > 0 {
            output.extend(&line);
            heard(String::from_utf8_lossy(&line).trim_end_matches('\n'));
            line.clear();
        }
        let status = child.wait().unwrap();
        writer.join().unwrap();
        let code = status.code().or(status.signal().map(|signal| 128 + signal));
        Answer {
            status: code.and_then(|code| code.try_into().ok()).unwrap_or(255),
            output,
            complaint: complaints.join().unwrap().unwrap(),
        }
    }
}

impl Transport for LocalShell {
    fn exchange(
        &self,
        requests: BTreeMap<NodeName, Request>,
        heard: &mut dyn FnMut(&NodeName, &str),
    ) -> Answers {
        let ask = |(node, request): (NodeName, Request)| {
            let answer = self.run(&request, &mut |line| heard(&node, line));
            (node, Ok(answer))
        };
        requests.into_iter().map(ask).collect()
    }
}
