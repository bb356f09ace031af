//! The script of a first boot, run for real in a folder that stands for the root.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "looks at what a script does to a machine"
)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Output};

use bramble_card::order::Order;
use bramble_cluster::cluster::Medium;
use proptest::prelude::*;
use tempfile::TempDir;

use super::{Desk, bookworm, files, garden, hash};

/// Programs that change accounts and services write down how they were called.
const RECORDER: &str = "#!/bin/sh\n{ echo \"${0##*/} $*\"; } >>\"$BRAMBLE_ROOT/calls\"\n";

/// A root with `firstrun.sh` for the head in its boot partition, and programs beside.
fn machine(ssid: &str, password: &str) -> TempDir {
    let root = TempDir::new().unwrap();
    let mut cluster = garden();
    let uplink = cluster.nodes[0].uplink.as_mut().unwrap();
    uplink.medium = Medium::Wifi(ssid.to_owned());
    let desk = Desk {
        outside: crate::home(Some(password)),
        ..Desk::of(cluster)
    };
    let hash = hash();
    let order = Order {
        password_hash: Some(&hash),
        ..desk.order("head")
    };
    for folder in [
        "boot/firmware",
        "programs",
        "var/log",
        "etc/ssh",
        "var/lib/systemd/rfkill",
    ] {
        fs::create_dir_all(root.path().join(folder)).unwrap();
    }
    for file in files(&bookworm(), &order).unwrap() {
        let path = root.path().join("boot/firmware").join(file.name);
        fs::write(path, file.content.expose()).unwrap();
    }
    for program in ["chown", "useradd", "usermod", "groupmod", "systemctl"] {
        program_called(&root, program, RECORDER);
    }
    let chpasswd = format!("{RECORDER}cat >>\"$BRAMBLE_ROOT/calls\"\n");
    program_called(&root, "chpasswd", &chpasswd);
    let getent = "#!/bin/sh\necho \"rpi:x:1000:1000::/home/rpi:/bin/bash\"\n";
    program_called(&root, "getent", getent);
    root
}

fn program_called(root: &TempDir, name: &str, text: &str) {
    let path = root.path().join("programs").join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn run(root: &TempDir) -> Output {
    let path = format!("{}:/usr/bin:/bin", root.path().join("programs").display());
    Command::new("sh")
        .arg(root.path().join("boot/firmware/firstrun.sh"))
        .env("PATH", path)
        .env("BRAMBLE_ROOT", root.path())
        .output()
        .unwrap()
}

fn read(root: &TempDir, path: &str) -> String {
    let path = root.path().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn everything_is_where_it_belongs_and_nobody_else_can_read_it() {
    let root = machine("HomeWifi", "correct horse");
    fs::write(root.path().join("etc/ssh/ssh_host_rsa_key"), "the image's").unwrap();
    let switch = root.path().join("var/lib/systemd/rfkill/soc:wlan");
    fs::write(&switch, "1\n").unwrap();
    let log = |root: &TempDir| read(root, "var/log/bramble-first-boot.log");

    let ran = run(&root);

    assert!(ran.status.success() && ran.stderr.is_empty(), "{ran:?}");
    assert_eq!(log(&root), "");
    assert_eq!(read(&root, "etc/hostname"), "head\n");
    assert!(read(&root, "etc/hosts").contains("10.55.0.4 node3.garden.lan node3\n"));
    assert!(read(&root, "etc/ssh/ssh_host_ed25519_key").contains("PRIVATE+KEY+OF+head"));
    assert!(!root.path().join("etc/ssh/ssh_host_rsa_key").exists());
    assert_eq!(fs::read_to_string(switch).unwrap(), "0\n");
    assert_eq!(
        read(&root, "home/pi/.ssh/authorized_keys").lines().count(),
        2
    );
    let zone = fs::read_link(root.path().join("etc/localtime")).unwrap();
    assert_eq!(zone, Path::new("/usr/share/zoneinfo/Europe/London"));
    let connections = "etc/NetworkManager/system-connections";
    for (path, expected) in [
        ("etc/ssh/ssh_host_ed25519_key", 0o600),
        ("etc/ssh/ssh_host_ed25519_key.pub", 0o644),
        ("etc/sudoers.d/90-bramble", 0o440),
        ("home/pi/.ssh", 0o700),
        ("home/pi/.ssh/authorized_keys", 0o600),
        (&format!("{connections}/bramble-eth0.nmconnection"), 0o600),
        (&format!("{connections}/bramble-wlan0.nmconnection"), 0o600),
        (connections, 0o755),
    ] {
        assert_eq!(mode(&root.path().join(path)), expected, "{path}");
    }
    let calls = read(&root, "calls").replace(&root.path().display().to_string(), "");
    insta::assert_snapshot!(calls, @r"
    usermod -l pi rpi
    usermod -m -d /home/pi pi
    groupmod -n pi rpi
    chpasswd -e
    pi:$y$j9T$salt$hash
    chown pi:pi /home/pi/.ssh
    chown pi:pi /home/pi/.ssh/authorized_keys
    systemctl disable regenerate_ssh_host_keys.service
    systemctl enable ssh.service
    ");
}

#[test]
fn the_script_and_what_started_it_are_gone_afterwards() {
    let root = machine("HomeWifi", "correct horse");
    let script = root.path().join("boot/firmware/firstrun.sh");
    // A second name for the same bytes, as someone has who looks at the card.
    let bytes = root.path().join("bytes");
    fs::hard_link(&script, &bytes).unwrap();
    assert!(run(&root).status.success());
    assert!(!script.exists());
    assert!(fs::read(bytes).unwrap().iter().all(|byte| *byte == 0));
    let line = read(&root, "boot/firmware/cmdline.txt");
    assert!(!line.contains("systemd.") && line.ends_with('\n'), "{line}");
    assert!(line.contains("rootwait") && line.contains("cgroup_enable=memory"));
}

/// The image's initramfs adds lines at the end, and cuts at certain ones.
#[test]
fn lines_that_the_image_adds_do_no_harm() {
    let root = machine("HomeWifi", "correct horse");
    let script = root.path().join("boot/firmware/firstrun.sh");
    let text = fs::read_to_string(&script).unwrap();
    let cuts = |line: &str| line.contains("rm") && line.ends_with("firstrun.sh");
    assert!(!text.lines().any(cuts));
    let added = "rm -f /nowhere/firstrun.sh\nsed -i 's| systemd||' /nowhere\nexit 0\n";
    fs::write(&script, text + added).unwrap();
    assert!(run(&root).status.success());
    assert_eq!(read(&root, "var/log/bramble-first-boot.log"), "");
    assert_eq!(read(&root, "etc/hostname"), "head\n");
}

#[test]
fn the_images_own_tool_gives_its_account_the_name() {
    let root = machine("HomeWifi", "correct horse");
    let folder = root.path().join("usr/lib/userconf-pi");
    fs::create_dir_all(&folder).unwrap();
    program_called(&root, "userconf", RECORDER);
    symlink(
        root.path().join("programs/userconf"),
        folder.join("userconf"),
    )
    .unwrap();
    assert!(run(&root).status.success());
    let calls = read(&root, "calls");
    assert!(calls.contains("userconf pi !\n"), "{calls}");
    assert!(!calls.contains("usermod"));
}

#[test]
fn one_step_that_fails_does_not_stop_the_others() {
    let root = machine("HomeWifi", "correct horse");
    for program in ["chown", "usermod", "systemctl", "chpasswd"] {
        program_called(&root, program, "#!/bin/sh\necho no >&2\nexit 1\n");
    }
    assert!(run(&root).status.success());
    assert!(read(&root, "var/log/bramble-first-boot.log").contains("no\n"));
    assert_eq!(read(&root, "etc/timezone"), "Europe/London\n");
    assert!(!root.path().join("boot/firmware/firstrun.sh").exists());
}

/// As `NetworkManager` reads a value: a list of bytes, or a text with escapes.
fn network(root: &TempDir) -> (Vec<u8>, String) {
    let path = "etc/NetworkManager/system-connections/bramble-wlan0.nmconnection";
    let text = read(root, path);
    let value = |key: &str| {
        let mut lines = text.lines().filter_map(|line| line.strip_prefix(key));
        lines.next().unwrap().to_owned()
    };
    let ssid = value("ssid=");
    let bytes = ssid.trim_end_matches(';').split(';');
    let bytes = bytes.map(|byte| byte.parse().unwrap()).collect();
    let phrase = value("psk=");
    assert!(!phrase.starts_with(' '));
    let mut letters = phrase.chars();
    let mut unescaped = String::new();
    while let Some(letter) = letters.next() {
        unescaped.push(match letter {
            '\\' => match letters.next() {
                Some('s') => ' ',
                other => other.filter(|c| *c == '\\').unwrap(),
            },
            other => other,
        });
    }
    (bytes, unescaped)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_name_and_pass_phrase_arrive(ssid in "\\PC{1,8}", phrase in "[ -\\[\\]-~]{8,63}") {
        let root = machine(&ssid, &phrase);
        prop_assert!(run(&root).status.success());
        prop_assert_eq!(network(&root), (ssid.into_bytes(), phrase));
    }
}

#[test]
fn awkward_names_and_pass_phrases_arrive() {
    for (ssid, phrase) in [
        ("quote'd \"twice\"", "'; rm -rf / #"),
        ("$(reboot)", "`reboot` $HOME"),
        ("1;2;3;", "   three spaces"),
        ("6", r"back\slash\n"),
        ("gr\u{fc}n \u{1f33f}", "[section] = x"),
    ] {
        let root = machine(ssid, phrase);
        assert!(run(&root).status.success());
        assert_eq!(
            network(&root),
            (ssid.as_bytes().to_vec(), phrase.to_owned())
        );
        assert_eq!(read(&root, "var/log/bramble-first-boot.log"), "");
    }
}

#[test]
fn every_script_is_one_that_shells_and_shellcheck_take() {
    let root = machine("HomeWifi", "correct horse");
    let script = root.path().join("boot/firmware/firstrun.sh");
    for program in [["dash", "-n"], ["bash", "-n"], ["shellcheck", "-s"]] {
        let mut command = Command::new(program[0]);
        command.arg(program[1]);
        if program[0] == "shellcheck" {
            // Lines below the last command are data.
            let text = fs::read_to_string(&script).unwrap();
            let (text, _) = text.split_once("# data\n").unwrap();
            fs::write(root.path().join("text.sh"), text).unwrap();
            command.arg("sh").arg(root.path().join("text.sh"));
        } else {
            command.arg(&script);
        }
        match command.output() {
            Ok(output) => assert!(output.status.success(), "{program:?}: {output:?}"),
            Err(_) => bramble_testkit::skipped(&format!("{} is not installed", program[0])),
        }
    }
}
