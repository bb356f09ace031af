//! What can be typed, as `--help` tells it: `docs/commands.md` is that text.

use std::path::Path;
use std::{env, fs};

use crate::typed::Place;

const INTRODUCTION: &str = "\
# Commands

What `--help` says, for every command. A test holds this page to it; `UPDATE_DOCS=1 cargo test
-p bramble` writes it anew.
";

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
    let lines: Vec<_> = ended.output.lines().map(str::trim_end).collect();
    let text = lines.join("\n");
    into.extend(["\n## ", &title, "\n\n```text\n", text.trim_end(), "\n```\n"]);
    let commands = ended.output.split("Commands:\n").nth(1).unwrap_or_default();
    let commands = commands.lines().take_while(|line| line.starts_with("  "));
    // What is indented more belongs to the line before.
    let names = commands.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    for name in names.filter(|name| !["", "help"].contains(name)) {
        help(place, &[command, &[name]].concat(), into);
    }
}

#[test]
fn the_page_of_commands_says_what_help_says() {
    let mut reference = INTRODUCTION.to_owned();
    help(&Place::empty(), &[], &mut reference);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/commands.md");
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&page, &reference).unwrap();
    }
    let written = fs::read_to_string(&page).unwrap_or_default();
    assert!(
        written == reference,
        "docs/commands.md is stale: UPDATE_DOCS=1 cargo test -p bramble"
    );
}

#[test]
fn the_picture_of_the_readme_is_what_draw_draws() {
    let example =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/002-recipe/bramble.toml");
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/garden.svg");
    let drawn = Place::with(fs::read(example).unwrap()).types(&["draw"]);
    assert_eq!(drawn.status, 0, "{}", drawn.complaint);
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&picture, &drawn.output).unwrap();
    }
    let written = fs::read_to_string(&picture).unwrap_or_default();
    assert!(
        written == drawn.output,
        "docs/garden.svg is stale: UPDATE_DOCS=1 cargo test -p bramble"
    );
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
