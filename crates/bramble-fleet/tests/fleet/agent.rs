//! Login with the keys of a real ssh-agent.

use std::process::{Child, Command, Stdio};

use bramble_fleet::{Identity, keys};

use crate::sshd::{Sshd, fleet, say, soon, user, write_private};

struct Agent(Child);

impl Drop for Agent {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// An agent at `agent` in the server's directory, holding the key files.
fn start(sshd: &Sshd, key_files: &[&str]) -> Agent {
    let socket = sshd.dir.path().join("agent");
    let mut command = Command::new("ssh-agent");
    command
        .arg("-D")
        .arg("-a")
        .arg(&socket)
        .stdout(Stdio::null());
    let agent = Agent(command.spawn().unwrap());
    assert!(soon(|| socket.exists()));
    for file in key_files {
        let mut add = Command::new("ssh-add");
        add.arg("-q")
            .arg(sshd.dir.path().join(file))
            .env("SSH_AUTH_SOCK", &socket);
        assert!(add.status().unwrap().success());
    }
    agent
}

fn login(sshd: &Sshd, key: Option<bramble_cluster::Secret<String>>) -> String {
    let identity = Identity {
        user: user(),
        key,
        agent: Some(sshd.dir.path().join("agent")),
    };
    let fleet = fleet(&[("node1", sshd.entry("127.0.0.1"))], identity);
    say(&fleet, "node1", "echo in")
}

#[test]
fn the_agent_is_asked_after_the_key() {
    let Some(sshd) = Sshd::start() else { return };
    let path = |name| sshd.dir.path().join(name);
    write_private(&path("other"), keys::generate("").unwrap().private.expose());
    write_private(&path("right"), sshd.login.private.expose());
    let _agent = start(&sshd, &["other", "right"]);
    assert_eq!(login(&sshd, None), "in");
    assert_eq!(
        login(&sshd, Some(keys::generate("").unwrap().private)),
        "in"
    );
}

#[test]
fn an_rsa_key_of_the_agent_signs_without_sha1() {
    let Some(sshd) = Sshd::start() else { return };
    let path = |name| sshd.dir.path().join(name);
    let mut make = Command::new("ssh-keygen");
    make.args(["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f"])
        .arg(path("rsa"));
    assert!(make.status().unwrap().success());
    std::fs::copy(path("rsa.pub"), path("authorized")).unwrap();
    let _agent = start(&sshd, &["rsa"]);
    assert_eq!(login(&sshd, None), "in");
    assert!(
        sshd.log().contains("Accepted publickey"),
        "a SHA-1 signature would not have been"
    );
}

#[test]
fn an_agent_that_is_gone_is_named() {
    let Some(sshd) = Sshd::start() else { return };
    let agent = Some(sshd.dir.path().join("agent"));
    let identity = Identity {
        user: user(),
        key: None,
        agent,
    };
    let fleet = fleet(&[("node1", sshd.entry("127.0.0.1"))], identity);
    let answers = crate::sshd::ask(&fleet, &["node1"], "true");
    let reason = answers
        .into_values()
        .next()
        .unwrap()
        .unwrap_err()
        .to_string();
    assert!(
        reason.contains("ssh-agent at") && reason.contains("does not answer"),
        "{reason}"
    );
}
