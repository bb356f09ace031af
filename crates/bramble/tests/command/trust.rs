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
    let hint = "hint: to take its new host key: `bramble adopt node3 --rekey`\n";
    assert!(ended.complaint.ends_with(hint), "{}", ended.complaint);
}

#[test]
fn what_is_said_of_a_machine_goes_with_its_address_alone() {
    let place = Place::with(RECIPE);
    for typed in [
        &["adopt", "node3", "--rekey", "--address", "10.55.0.9"][..],
        &["adopt", "node3", "--rekey", "--user", "khadas"],
        &[
            "adopt",
            "node3",
            "--address",
            "10.55.0.9",
            "--user",
            "Khadas",
        ],
    ] {
        assert_eq!(place.types(typed).status, 2, "{typed:?}");
    }
    assert!(!fs::exists(place.path(".bramble")).unwrap());
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
fn what_is_in_the_format_of_another_program_is_not_told_as_json() {
    let place = Place::with(RECIPE);
    for typed in [
        &["--json", "export", "ssh-config"][..],
        &["export", "known-hosts", "--json"],
        &["ssh", "node3", "--json"],
    ] {
        let ended = place.types(typed);
        assert_eq!((ended.status, ended.output.as_str()), (2, ""));
        let told = "cannot be used together: ";
        assert!(ended.complaint.contains(told), "{}", ended.complaint);
    }
    assert!(!fs::exists(place.path(".bramble")).unwrap());
}

#[test]
fn a_file_that_cannot_be_where_it_was_typed_is_a_slip_and_no_file_beside_is_named() {
    let place = Place::with(RECIPE);
    let ended = place.types(&["export", "ssh-config", "-o", "no/such/place"]);
    assert_eq!(ended.status, 2);
    assert_eq!(
        ended.complaint,
        "error: cannot write no/such/place: No such file or directory (os error 2)\n"
    );
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

#[test]
fn a_private_key_that_is_gone_is_not_replaced_in_silence() {
    let place = Place::with(RECIPE);
    for name in ["owner", "hosts/node3"] {
        assert_eq!(place.types(&["export", "known-hosts"]).status, 0);
        let private = place.path(&format!(".bramble/keys/{name}"));
        let public = private.with_extension("pub");
        let (kept, known) = (fs::read(&private).unwrap(), fs::read(&public).unwrap());
        fs::remove_file(&private).unwrap();
        let ended = place.types(&["export", "known-hosts"]);
        assert_eq!((ended.status, ended.output.as_str()), (6, ""));
        assert_eq!(
            ended.complaint,
            format!(
                "error: the private key HERE/.bramble/keys/{name} is not there, but its public \
                 half is\nhint: put it back from where you keep a copy\n\
                 hint: or, if it is lost, remove HERE/.bramble/keys/{name}.pub too: a new pair \
                 is made, and nodes that know the old one must be set up again\n"
            )
        );
        assert_eq!(fs::read(&public).unwrap(), known);
        fs::write(&private, kept).unwrap();
    }
    let owner = place.path(".bramble/keys/owner");
    let before = fs::read(&owner).unwrap();
    fs::remove_file(&owner).unwrap();
    fs::remove_file(owner.with_extension("pub")).unwrap();
    assert_eq!(place.types(&["export", "known-hosts"]).status, 0);
    assert_ne!(fs::read(&owner).unwrap(), before);
}

#[test]
fn a_public_key_that_is_gone_is_had_from_the_private_one_also_from_a_sealed_one() {
    let place = Place::with(RECIPE);
    assert_eq!(place.types(&["export", "known-hosts"]).status, 0);
    let key = place.path(".bramble/keys/owner");
    let public = key.with_extension("pub");
    let known = fs::read_to_string(&public).unwrap();
    let restored = || {
        fs::remove_file(&public).unwrap();
        // With a sealed key and no agent it goes no further than that.
        place.types(&["export", "known-hosts"]);
        fs::read_to_string(&public).unwrap()
    };
    assert_eq!(restored(), known);
    let mut seal = Command::new("ssh-keygen");
    seal.args(["-q", "-p", "-P", "", "-N", "a pass phrase", "-f"]);
    let Ok(sealed) = seal.arg(&key).output() else {
        return;
    };
    assert!(sealed.status.success());
    assert_eq!(restored(), known);
    fs::write(&key, "-----BEGIN RSA PRIVATE KEY-----\n").unwrap();
    fs::remove_file(&public).unwrap();
    let ended = place.types(&["export", "known-hosts"]);
    assert_eq!(ended.status, 6);
    let hint = "hint: make it: `ssh-keygen -y -f HERE/.bramble/keys/owner > \
                HERE/.bramble/keys/owner.pub`\n";
    assert!(ended.complaint.ends_with(hint), "{}", ended.complaint);
}
