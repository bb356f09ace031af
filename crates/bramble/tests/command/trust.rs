//! `adopt`, `export` and `ssh`, as far as they go without a node that answers.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use bramble_testkit::RECIPE;

use crate::typed::Place;

#[test]
fn adopting_says_that_it_is_about_the_key() {
    let ended = Place::with(RECIPE).types(&["adopt", "node3"]);
    assert_eq!(ended.status, 2);
    assert!(ended.complaint.contains("--rekey"), "{}", ended.complaint);
}

#[test]
fn a_fingerprint_of_another_kind_is_refused_before_anything_is_asked() {
    let place = Place::with(RECIPE);
    let ended = place.types(&["adopt", "node3", "--rekey", "--fingerprint", "16:27:ac:a5"]);
    assert_eq!(ended.status, 2);
    assert!(
        ended.complaint.contains("as `ssh-keygen -l` prints it"),
        "{}",
        ended.complaint
    );
    assert!(!fs::exists(place.path(".bramble")).unwrap());
}

#[test]
fn several_nodes_are_not_adopted_at_once() {
    let ended = Place::with(RECIPE).types(&["adopt", "@worker", "--rekey"]);
    assert_eq!(ended.status, 2);
    assert_eq!(ended.complaint, "error: `@worker` is not one node\n");
}

#[test]
fn an_exported_configuration_can_be_included_and_is_its_owners_alone() {
    let place = Place::with(RECIPE);
    let ended = place.types(&[
        "export",
        "ssh-config",
        "-o",
        "config",
        "--prefix",
        "garden-",
    ]);
    assert_eq!((ended.status, ended.output.as_str()), (0, ""));
    assert!(
        ended.complaint.contains("\n  Include \"HERE/config\"\n"),
        "{}",
        ended.complaint
    );
    let file = place.path("config");
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut ssh = Command::new("ssh");
    let Ok(told) = ssh
        .arg("-F")
        .arg(&file)
        .args(["-G", "garden-node3"])
        .output()
    else {
        return;
    };
    let told = String::from_utf8(told.stdout).unwrap();
    let key = place.path(".bramble/keys/owner");
    for line in [
        "hostname 10.55.0.4",
        "proxyjump garden-head",
        "stricthostkeychecking true",
        "user pi",
        &format!("identityfile {}", key.display()),
    ] {
        assert!(
            told.lines().any(|told| told == line),
            "no `{line}` in:\n{told}"
        );
    }
}

#[test]
fn a_configuration_goes_to_standard_output_by_default() {
    let ended = Place::with(RECIPE).types(&["export", "ssh-config"]);
    assert_eq!(ended.status, 0);
    assert!(ended.output.contains("\nHost node5\n"), "{}", ended.output);
    assert!(ended.complaint.starts_with("next: "), "{}", ended.complaint);
}

#[test]
fn a_prefix_is_the_beginning_of_a_name() {
    for odd in ["a b", "*", "-x", "a\nHost"] {
        let option = format!("--prefix={odd}");
        let ended = Place::with(RECIPE).types(&["export", "ssh-config", &option]);
        assert_eq!(ended.status, 2, "{odd}");
        assert!(ended.complaint.contains("`garden-`"), "{}", ended.complaint);
    }
}

#[test]
fn known_hosts_lists_every_node_under_all_its_names() {
    let ended = Place::with(RECIPE).types(&["export", "known-hosts"]);
    assert_eq!((ended.status, ended.complaint.as_str()), (0, ""));
    assert_eq!(ended.output.lines().count(), 6);
    let found = ended
        .output
        .lines()
        .find(|line| line.starts_with("node3,10.55.0.4,node3.garden.lan ssh-ed25519 "));
    assert!(found.is_some(), "{}", ended.output);
}

#[test]
fn a_machine_without_ssh_is_told_what_to_install() {
    let place = Place::with(RECIPE);
    let mut command = place.command(["ssh", "node3"]);
    let ended = command.env("PATH", "/nowhere").output().unwrap();
    let complaint = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(6), "{complaint}");
    assert!(
        complaint.contains("apt-get install openssh-client"),
        "{complaint}"
    );
}

#[test]
fn a_key_with_a_pass_phrase_and_no_agent_says_what_to_do() {
    let place = Place::with(RECIPE);
    assert_eq!(place.types(&["export", "known-hosts"]).status, 0);
    let key = place.path(".bramble/keys/owner");
    let mut seal = Command::new("ssh-keygen");
    seal.args(["-q", "-p", "-P", "", "-N", "a pass phrase", "-f"]);
    let Ok(sealed) = seal.arg(&key).output() else {
        return;
    };
    assert!(sealed.status.success());
    let ended = place.types(&["run", "node3", "--", "true"]);
    assert_eq!(ended.status, 6);
    assert!(
        ended
            .complaint
            .contains("hint: `ssh-add HERE/.bramble/keys/owner`"),
        "{}",
        ended.complaint
    );
}
