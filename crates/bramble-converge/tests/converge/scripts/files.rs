//! Files.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::process::Command;

use bramble_cluster::Secret;
use bramble_converge::Resource;
use bramble_converge::record::encode;
use bramble_converge::resource::{File, Line};

use crate::machine::{Machine, machines, make_folder};
use crate::wishes::desired;

fn file(machine: &Machine, path: &str, content: &str) -> Vec<Box<dyn Resource>> {
    vec![Box::new(File::new(path, content).owner(machine.owner()))]
}

fn secret(machine: &Machine, path: &str, content: &[u8]) -> Vec<Box<dyn Resource>> {
    let file = File::secret(path, Secret::new(content.to_vec()));
    vec![Box::new(file.owner(machine.owner()))]
}

#[test]
fn a_file_is_made_with_its_folders_and_a_second_run_changes_nothing() {
    for machine in machines() {
        let path = machine.path("a/b/hosts");
        machine.comes_to("create", || file(&machine, &path, "127.0.0.1 localhost\n"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "127.0.0.1 localhost\n");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o644);
        let entries = fs::read_dir(machine.path("a/b")).unwrap().count();
        assert_eq!(entries, 1, "nothing is left beside it");
    }
}

#[test]
fn content_of_every_kind_arrives_as_it_is() {
    let long = "0123456789abcdef\n".repeat(6_000);
    for machine in machines() {
        for (name, content) in [
            ("empty", ""),
            ("no-line-break", "a\nb"),
            ("line-breaks", "\n\n\n"),
            ("blanks", "  a\tb  \n"),
            ("shell", "$HOME `id` \\ ' \" %s\n"),
            ("unicode", "gr\u{fc}n \u{1f33f}\n"),
            ("separator", "a\u{1f}b\n"),
            ("long", &long),
        ] {
            let path = machine.path(name);
            machine.comes_to("create", || file(&machine, &path, content));
            assert_eq!(fs::read_to_string(&path).unwrap(), content, "{name}");
        }
        let path = machine.path("binary");
        let bytes: Vec<u8> = (0..=255).collect();
        machine.comes_to("create", || secret(&machine, &path, &bytes));
        assert_eq!(fs::read(&path).unwrap(), bytes);
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
    }
}

#[test]
fn a_path_may_hold_what_a_shell_would_read_otherwise() {
    for machine in machines() {
        for name in [
            "two words",
            " edges ",
            "it's \"so\"",
            "$HOME `id`",
            "*",
            "[a]",
            r"srv-my\x2ddata.mount",
            "-rf",
            "%n",
            "name: OK",
        ] {
            let path = machine.path(name);
            machine.comes_to("create", || file(&machine, &path, "x\n"));
            machine.comes_to("replace", || file(&machine, &path, "y\n"));
            assert_eq!(fs::read_to_string(&path).unwrap(), "y\n", "{name}");
        }
    }
}

#[test]
fn a_change_by_hand_is_shown_line_by_line_and_put_right() {
    for machine in machines() {
        let path = machine.path("slurm.conf");
        fs::write(&path, "a\nb\nc\nd\ne\nmine\ng\n").unwrap();
        let wish = || file(&machine, &path, "a\nb\nc\nd\ne\nf\ng\n");
        let plan = machine.plan(&desired(&["here"], wish));
        let text = |text: &str| text.to_owned();
        assert_eq!(
            plan.changes[0].lines,
            [
                Line::Gap(3),
                Line::Context(text("d")),
                Line::Context(text("e")),
                Line::Removed(text("mine")),
                Line::Added(text("f")),
                Line::Context(text("g")),
            ]
        );
        machine.comes_to("replace", wish);
    }
}

#[test]
fn a_change_of_mode_alone_is_put_right_and_shows_no_content() {
    for machine in machines() {
        let path = machine.path("sudoers");
        fs::write(&path, "pi ALL\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        let wish = || file(&machine, &path, "pi ALL\n");
        let plan = machine.plan(&desired(&["here"], wish));
        let lines = ["mode 666", "mode 644"].map(str::to_owned);
        let [old, new] = lines;
        assert_eq!(
            plan.changes[0].lines,
            [Line::Removed(old), Line::Added(new)]
        );
        machine.comes_to("replace", wish);
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o644);
    }
}

#[test]
fn a_link_in_place_of_a_file_is_replaced_and_its_target_left_alone() {
    for machine in machines() {
        let (path, target) = (machine.path("resolv.conf"), machine.path("target"));
        fs::write(&target, "wanted\n").unwrap();
        symlink(&target, &path).unwrap();
        machine.comes_to("replace", || file(&machine, &path, "wanted\n"));
        assert!(fs::symlink_metadata(&path).unwrap().is_file());
        symlink("/nowhere", machine.path("dangling")).unwrap();
        let path = machine.path("dangling");
        machine.comes_to("replace", || file(&machine, &path, "wanted\n"));
        assert_eq!(fs::read_to_string(&target).unwrap(), "wanted\n");
    }
}

#[test]
fn a_directory_or_a_pipe_in_place_of_a_file_is_left_to_the_owner() {
    for machine in machines() {
        let path = machine.path("hosts");
        make_folder(&path);
        let reason = machine.refuses(|| file(&machine, &path, ""));
        assert!(
            reason.contains("hosts is a directory, not a file; move it away"),
            "{reason}"
        );
        let pipe = machine.path("pipe");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let reason = machine.refuses(|| file(&machine, &pipe, ""));
        assert!(reason.contains("pipe is a fifo, not a file"), "{reason}");
    }
}

#[test]
fn what_a_secret_file_held_before_stays_on_the_node() {
    for machine in machines() {
        let path = machine.path("munge.key");
        fs::write(&path, "the old secret").unwrap();
        let desired = desired(&["here"], || secret(&machine, &path, b"the new secret"));
        let nodes = [crate::wishes::name("here")].into();
        let seen = bramble_converge::rounds::observe(&machine.shell, &desired, &nodes);
        let told = format!("{seen:?}");
        assert!(told.contains("other"), "{told}");
        assert!(!told.contains(&encode(b"the old secret")), "{told}");
        machine.comes_to("replace", || secret(&machine, &path, b"the new secret"));
    }
}

#[test]
fn an_empty_file_in_place_of_a_full_one_and_the_other_way_round() {
    for machine in machines() {
        let path = machine.path("conf");
        machine.comes_to("create", || file(&machine, &path, "full\n"));
        machine.comes_to("replace", || file(&machine, &path, ""));
        assert_eq!(fs::metadata(&path).unwrap().len(), 0);
        machine.comes_to("replace", || file(&machine, &path, "full\n"));
    }
}
