//! Login with the keys of a real ssh-agent.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use bramble_cluster::Secret;
use bramble_converge::Unreachable;
use bramble_fleet::{AddressBook, Fleet, Identity, keys};

use crate::security_key::SecurityKey;
use crate::sshd::{Sshd, ask, fleet, node, say, soon, user, write_private};

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

fn with_agent(sshd: &Sshd, key: Option<Secret<String>>) -> Fleet {
    let identity = Identity {
        user: user(),
        key,
        agent: Some(sshd.dir.path().join("agent")),
    };
    fleet(&[("node1", sshd.entry("127.0.0.1"))], identity)
}

fn login(sshd: &Sshd, key: Option<Secret<String>>) -> String {
    say(&with_agent(sshd, key), "node1", "echo in")
}

/// Makes a key pair `name` in the server's directory; `authorized` lets it in.
fn make(sshd: &Sshd, name: &str, kind: &[&str], authorized: bool) {
    let path = |name: &str| sshd.dir.path().join(name);
    let mut make = Command::new("ssh-keygen");
    make.args(["-q", "-N", "", "-t"]).args(kind);
    assert!(make.arg("-f").arg(path(name)).status().unwrap().success());
    if authorized {
        std::fs::copy(path(&format!("{name}.pub")), path("authorized")).unwrap();
    }
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
    make(&sshd, "rsa", &["rsa", "-b", "2048"], true);
    let _agent = start(&sshd, &["rsa"]);
    assert_eq!(login(&sshd, None), "in");
    assert!(
        sshd.log().contains("Accepted publickey"),
        "a SHA-1 signature would not have been"
    );
}

#[test]
fn an_ecdsa_key_of_the_agent_is_good() {
    let Some(sshd) = Sshd::start() else { return };
    for bits in ["256", "521"] {
        make(&sshd, bits, &["ecdsa", "-b", bits], true);
        let _agent = start(&sshd, &[bits]);
        assert_eq!(login(&sshd, None), "in", "{bits} bits");
        std::fs::remove_file(sshd.dir.path().join("agent")).unwrap();
    }
}

#[test]
fn a_security_key_of_the_agent_is_good() {
    let Some(sshd) = Sshd::start() else { return };
    let key = SecurityKey::new();
    std::fs::write(sshd.dir.path().join("authorized"), key.public()).unwrap();
    key.serve(&sshd.dir.path().join("agent"));
    assert_eq!(login(&sshd, None), "in");
    sshd.wait_for("Accepted publickey");
    assert!(sshd.log().contains("ED25519-SK"), "{}", sshd.log());
}

#[test]
fn a_key_with_a_pass_phrase_is_used_by_the_agent_that_has_it() {
    let Some(sshd) = Sshd::start() else { return };
    let path = |name| sshd.dir.path().join(name);
    write_private(&path("open"), sshd.login.private.expose());
    write_private(&path("sealed"), sshd.login.private.expose());
    let mut seal = Command::new("ssh-keygen");
    seal.args(["-q", "-p", "-P", "", "-N", "a pass phrase", "-f"]);
    assert!(seal.arg(path("sealed")).status().unwrap().success());
    let sealed = || Secret::new(std::fs::read_to_string(path("sealed")).unwrap());

    let agent = start(&sshd, &["open"]);
    assert_eq!(login(&sshd, Some(sealed())), "in");
    drop(agent);
    std::fs::remove_file(path("agent")).unwrap();
    make(&sshd, "other", &["ed25519"], false);
    let _agent = start(&sshd, &["other"]);
    let reason = ask(&with_agent(&sshd, Some(sealed())), &["node1"], "true")
        .remove(&node("node1"))
        .unwrap()
        .unwrap_err();
    assert!(
        matches!(&reason, Unreachable::RefusedWithoutKey { offered: 1, reason, .. }
            if reason.contains("pass phrase") && reason.contains("ssh-add")),
        "{reason}"
    );
}

#[test]
fn a_key_with_a_pass_phrase_and_no_agent_is_refused_with_the_remedy() {
    let Some(sshd) = Sshd::start() else { return };
    let path = sshd.dir.path().join("sealed");
    let mut make = Command::new("ssh-keygen");
    make.args(["-q", "-t", "ed25519", "-N", "a pass phrase", "-f"]);
    assert!(make.arg(&path).status().unwrap().success());
    let identity = Identity {
        key: Some(Secret::new(std::fs::read_to_string(&path).unwrap())),
        ..sshd.identity()
    };
    let error = Fleet::new(AddressBook::default(), identity, Arc::default()).unwrap_err();
    assert!(error.to_string().contains("`ssh-add`"), "{error}");
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
