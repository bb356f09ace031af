//! `adopt` at a machine that has an SSH server and is no node yet. Not in here: machines
//! that become nodes, which the end-to-end tests have.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bramble_testkit::{RECIPE, skipped};
use tempfile::TempDir;

use crate::typed::Place;

const SSHD: &str = "/usr/sbin/sshd";

/// A server that lets nobody in, at a port of this machine alone.
struct Sshd {
    port: String,
    print: String,
    _folder: TempDir,
    child: Child,
}

impl Sshd {
    fn start(passwords: &str) -> Option<Self> {
        if !Path::new(SSHD).exists() {
            skipped("/usr/sbin/sshd is not installed (package openssh-server)");
            return None;
        }
        let folder = TempDir::new().unwrap();
        let host = folder.path().join("host");
        let key = ["-q", "-t", "ed25519", "-N", "", "-f"];
        let made = Command::new("ssh-keygen").args(key).arg(&host).status();
        assert!(made.unwrap().success());
        let told = Command::new("ssh-keygen").arg("-lf").arg(&host).output();
        let told = String::from_utf8(told.unwrap().stdout).unwrap();
        let port = free_port();
        let config = folder.path().join("config");
        let lines = format!(
            "ListenAddress 127.0.0.1:{port}\nHostKey {}\nUsePAM no\nPidFile none\n\
             AuthorizedKeysFile none\nPasswordAuthentication {passwords}\n\
             KbdInteractiveAuthentication no\nPermitRootLogin {passwords}\n",
            host.display()
        );
        fs::write(&config, lines).unwrap();
        // sshd refuses to start without its directory for privilege separation.
        drop(fs::create_dir_all("/run/sshd"));
        let mut sshd = Command::new(SSHD);
        let child = sshd.args(["-D", "-e", "-f"]).arg(&config);
        let child = child.stderr(Stdio::null()).spawn().unwrap();
        let server = Self {
            port: port.to_string(),
            print: told.split(' ').nth(1).unwrap().to_owned(),
            _folder: folder,
            child,
        };
        server.wait();
        Some(server)
    }

    fn wait(&self) {
        let began = Instant::now();
        let port: u16 = self.port.parse().unwrap();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(10), "no sshd");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn the_command_to_type_again_leads_to_the_machine_that_showed_the_key() {
    let Some(sshd) = Sshd::start("no") else {
        return;
    };
    let place = Place::empty();
    fs::write(place.path("my file.toml"), RECIPE).unwrap();
    let ended = place.types(&[
        "-f",
        "my file.toml",
        "adopt",
        "node3",
        "--address",
        "127.0.0.1",
        "--port",
        &sshd.port,
        "--user",
        "khadas",
        "--identity",
        "my key",
    ]);
    assert_eq!(ended.status, 2);
    let Sshd { port, print, .. } = &sshd;
    let told = format!("The machine at 127.0.0.1:{port} shows this host key:\n  {print}\n");
    assert!(ended.complaint.starts_with(&told), "{}", ended.complaint);
    let again = format!(
        "`bramble -f 'my file.toml' adopt node3 --address 127.0.0.1 --user khadas --port {port} \
         --identity 'my key' --fingerprint SHA256:...`\n"
    );
    assert!(ended.complaint.ends_with(&again), "{}", ended.complaint);
}

#[test]
fn whoever_is_not_let_in_has_not_reached_the_machine_by_whichever_means() {
    for (passwords, given, why) in [
        ("no", None, "is not let in at 127.0.0.1:PORT by any key"),
        ("no", Some("wrong"), "it takes no passwords"),
        ("yes", Some("wrong"), "the password is not right"),
    ] {
        let Some(sshd) = Sshd::start(passwords) else {
            return;
        };
        let place = Place::with(RECIPE);
        let words = ["adopt", "node3", "--address", "127.0.0.1", "--user", "root"];
        let mut command = place.command(words);
        command.args(["--port", &sshd.port, "--fingerprint", &sshd.print]);
        command.envs(given.map(|given| ("BRAMBLE_PASSWORD", given)));
        let ended = command.output().unwrap();
        let complaint = String::from_utf8(ended.stderr).unwrap();
        let why = why.replace("PORT", &sshd.port);
        assert!(complaint.contains(&why), "{complaint}");
        assert_eq!(ended.status.code(), Some(4), "{complaint}");
    }
}

#[test]
fn where_nobody_listens_it_is_said_what_to_do() {
    let port = free_port().to_string();
    let words = ["adopt", "node3", "--address", "127.0.0.1", "--port", &port];
    let ended = Place::with(RECIPE).types(&words);
    assert_eq!(ended.status, 4);
    for told in [
        format!("error: node3: no answer at 127.0.0.1:{port}: Connection refused"),
        "hint: a machine is there, and no SSH server".to_owned(),
        "`bramble adopt node3 --address 127.0.0.1 --port PORT`".to_owned(),
    ] {
        assert!(ended.complaint.contains(&told), "{}", ended.complaint);
    }
}

#[test]
fn a_port_in_an_address_is_refused_before_anything_is_asked() {
    let place = Place::with(RECIPE);
    for address in ["127.0.0.1:2299", "[::1]:2299"] {
        let ended = place.types(&["adopt", "node3", "--address", address]);
        assert_eq!(ended.status, 2);
        assert!(
            ended.complaint.contains("--port 2299`"),
            "{}",
            ended.complaint
        );
    }
    assert!(!fs::exists(place.path(".bramble")).unwrap());
}

#[test]
fn an_address_of_the_later_kind_is_asked_and_needs_no_brackets() {
    let port = free_port().to_string();
    for address in ["::1", "[::1]"] {
        let words = ["adopt", "node3", "--address", address, "--port", &port];
        let ended = Place::with(RECIPE).types(&words);
        assert_eq!(ended.status, 4);
        let asked = format!("no answer at [::1]:{port}: ");
        assert!(ended.complaint.contains(&asked), "{}", ended.complaint);
    }
}
