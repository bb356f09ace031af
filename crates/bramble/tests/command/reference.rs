//! What can be typed, as `--help` tells it.

use crate::typed::Place;

/// The help of a command and of all commands below it.
fn help(place: &Place, command: &[&str], into: &mut String) {
    let ended = place.types(&[command, &["--help"]].concat());
    assert_eq!(
        (ended.status, ended.complaint.as_str()),
        (0, ""),
        "{command:?}"
    );
    let title = ["bramble"]
        .iter()
        .chain(command)
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    into.extend(["# ", &title, "\n\n", &ended.output, "\n"]);
    let commands = ended.output.split("Commands:\n").nth(1).unwrap_or_default();
    let commands = commands.lines().take_while(|line| line.starts_with("  "));
    let names = commands.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    for name in names.filter(|name| *name != "help") {
        help(place, &[command, &[name]].concat(), into);
    }
}

#[test]
fn the_whole_reference() {
    let mut reference = String::new();
    help(&Place::empty(), &[], &mut reference);
    insta::assert_snapshot!(reference);
}

#[test]
fn every_shell_has_its_completions() {
    for (shell, mark) in [
        ("bash", "complete -F _bramble"),
        ("zsh", "#compdef bramble"),
        ("fish", "complete -c bramble"),
        ("elvish", "edit:completion"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let ended = Place::empty().types(&["completions", shell]);
        assert_eq!(ended.status, 0, "{shell}");
        assert!(ended.output.contains(mark), "{shell}: {}", ended.output);
    }
}
