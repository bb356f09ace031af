//! The servers that answer as the nodes, one at a time. Not in here: what they
//! listen on, which is the bed's, and the cheap server's inside.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, getrlimit};

use super::bed::{self, Bed, address};
use super::keeper;
use crate::failure::Failure;
use crate::program::command;

/// Where SSH servers listen.
pub(super) const PORT: u16 = 22;

/// After this time a server that does not answer will not.
const PATIENCE: Duration = Duration::from_secs(10);

/// Open files that a kernel lets a process have, if it was told nothing else.
const MOST_FILES: u64 = 1_048_576;

/// Debian's place for it; a server that is started by another path refuses.
const SSHD: &str = "/usr/sbin/sshd";

/// OpenSSH takes as many new connections at once as it is asked for.
const ROOMY: &str = "MaxStartups 10000\nMaxSessions 64\n";

/// OpenSSH refuses some of more than ten that have not logged in yet; so it comes.
pub(super) const STOCK: &str = "MaxStartups 10:30:100\nMaxSessions 10\n";

/// A server that runs, until the value goes.
#[derive(Debug)]
pub(super) struct Server {
    process: Child,
}

impl Server {
    /// OpenSSH for all nodes.
    pub(super) fn openssh(bed: &Bed) -> Result<Self, Failure> {
        let sshd = sshd(bed, "roomy", ROOMY, &mut command(SSHD))?;
        Self::start(sshd, address(0))
    }

    /// OpenSSH that shows each of the first nodes a root directory of its own.
    pub(super) fn with_roots(bed: &Bed, roots: &[PathBuf]) -> Result<Self, Failure> {
        let mut more = ROOMY.to_owned();
        for (node, root) in (0..).zip(roots) {
            let (address, root) = (address(node), root.display());
            // Proof: writing to a string does not fail.
            let _infallible =
                writeln!(more, "Match LocalAddress {address}\nChrootDirectory {root}");
        }
        let sshd = sshd(bed, "roots", &more, &mut command(SSHD))?;
        Self::start(sshd, address(0))
    }

    /// The server that costs next to nothing.
    pub(super) fn cheap() -> Result<Self, Failure> {
        let own = std::env::current_exe()
            .map_err(|error| Failure::new(format!("cannot tell what runs here: {error}")))?;
        let mut serve = command("prlimit");
        // It holds a file for each client, and gets as many as there may be.
        let files = getrlimit(Resource::Nofile).maximum.unwrap_or(MOST_FILES);
        serve.arg(format!("--nofile={files}:{files}"));
        serve.arg(own).args(["bench", "fleet-server"]);
        Self::start(serve, address(0))
    }

    /// OpenSSH in a network namespace, where nobody waits for it from here.
    pub(super) fn within(bed: &Bed, network: &str, limits: &str) -> Result<Self, Failure> {
        let mut inside = command("ip");
        inside.args(["netns", "exec", network, SSHD]);
        let mut sshd = sshd(bed, network, limits, &mut inside)?;
        Self::spawn(&mut sshd)
    }

    fn start(mut command: Command, answers: Ipv4Addr) -> Result<Self, Failure> {
        let server = Self::spawn(&mut command)?;
        wait_for(IpAddr::V4(answers))?;
        Ok(server)
    }

    fn spawn(command: &mut Command) -> Result<Self, Failure> {
        let process = command.spawn();
        process
            .map(|process| Self { process })
            .map_err(|error| Failure::new(format!("cannot start a server: {error}")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        keeper::end();
        // One that has ended by itself was noticed by who asked it something.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Waits until the server of this address greets.
pub(super) fn wait_for(address: IpAddr) -> Result<(), Failure> {
    let server = SocketAddr::new(address, PORT);
    let started = Instant::now();
    while TcpStream::connect_timeout(&server, PATIENCE).is_err() {
        if started.elapsed() > PATIENCE {
            return Err(Failure::new(format!("no server answers at {server}")));
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// OpenSSH's server in the foreground, with a configuration of its own.
fn sshd(bed: &Bed, name: &str, limits: &str, start: &mut Command) -> Result<Command, Failure> {
    let config = bed.path(&format!("sshd-{name}"));
    bed::write(&config, &sshd_config(bed, limits))?;
    let mut sshd = command(start.get_program());
    sshd.args(start.get_args()).args(["-D", "-f"]).arg(&config);
    sshd.arg("-E").arg(log(&config));
    Ok(sshd)
}

fn log(config: &Path) -> PathBuf {
    config.with_extension("log")
}

fn sshd_config(bed: &Bed, limits: &str) -> String {
    format!(
        "Port {PORT}\nHostKey {host}\nAuthorizedKeysFile {authorized}\nStrictModes no\n\
         UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
         PrintMotd no\nPidFile none\nLogLevel ERROR\n\
         Subsystem sftp /usr/lib/openssh/sftp-server\n{limits}",
        host = bed.host_key().display(),
        authorized = bed.path("authorized_keys").display(),
    )
}
