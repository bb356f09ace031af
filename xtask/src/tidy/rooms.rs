//! What each crate may depend on: the architecture's arrows. Not in here: what it
//! does with that, which clippy holds by the crate's own `clippy.toml`.

use std::path::{Path, PathBuf};

use toml::Table;

use super::Finding;
use super::project::Project;

/// A crate.
#[derive(Debug)]
struct Room {
    name: &'static str,
    /// Those of our crates that it may know.
    knows: &'static [&'static str],
    /// Whether it cannot look at the world.
    pure: bool,
}

const ROOMS: &[Room] = &[
    Room {
        name: "bramble-cluster",
        knows: &[],
        pure: true,
    },
    Room {
        name: "bramble-card",
        knows: &["bramble-cluster"],
        pure: true,
    },
    Room {
        name: "bramble-converge",
        knows: &["bramble-cluster"],
        pure: true,
    },
    Room {
        name: "bramble-roles",
        knows: &["bramble-cluster", "bramble-converge"],
        pure: true,
    },
    Room {
        name: "bramble-plan",
        knows: &["bramble-cluster"],
        pure: true,
    },
    Room {
        name: "bramble-view",
        knows: &["bramble-cluster", "bramble-converge", "bramble-plan"],
        pure: true,
    },
    Room {
        name: "bramble-fleet",
        knows: &["bramble-cluster", "bramble-converge"],
        pure: false,
    },
    Room {
        name: "bramble-lab",
        knows: &["bramble-card", "bramble-cluster"],
        pure: false,
    },
    Room {
        name: "bramble-media",
        knows: &["bramble-card", "bramble-cluster"],
        pure: false,
    },
    // Only tests know it.
    Room {
        name: "bramble-testkit",
        knows: &["bramble-cluster", "bramble-converge", "bramble-roles"],
        pure: false,
    },
    Room {
        name: "bramble",
        knows: &[
            "bramble-card",
            "bramble-cluster",
            "bramble-converge",
            "bramble-fleet",
            "bramble-lab",
            "bramble-media",
            "bramble-plan",
            "bramble-roles",
            "bramble-view",
        ],
        pure: false,
    },
];

/// What a pure crate may take from others: nothing that opens, connects, waits or
/// looks at a clock.
const PURE_TAKES: &[&str] = &[
    "annotate-snippets",
    "anstyle",
    "base64",
    "ipnet",
    "roxmltree",
    "serde",
    "serde_json",
    "sha2",
    "similar",
    "strsim",
    "thiserror",
    "toml",
    "toml_edit",
];

const HERE: &str = "xtask/src/tidy/rooms.rs";

pub(super) fn dependencies(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, name) in manifests(project) {
        let Some(room) = ROOMS.iter().find(|room| room.name == name) else {
            let what = format!("has no place among the crates: give it one in {HERE}");
            findings.push(Finding::new(&file, what));
            continue;
        };
        let text = project.text(&file).unwrap_or_default();
        let Ok(manifest) = text.parse::<Table>() else {
            findings.push(Finding::new(&file, "is no TOML: correct it"));
            continue;
        };
        let wrong = taken(&manifest).filter_map(|taken| refusal(room, taken));
        findings.extend(wrong.map(|what| Finding::new(&file, what)));
    }
    findings
}

/// The names of what a crate is built with.
fn taken(manifest: &Table) -> impl Iterator<Item = &str> {
    let tables = ["dependencies", "build-dependencies"];
    let tables = tables
        .into_iter()
        .filter_map(|name| manifest.get(name)?.as_table());
    tables.flat_map(|table| table.keys().map(String::as_str))
}

fn refusal(room: &Room, taken: &str) -> Option<String> {
    let is_ours = ROOMS.iter().any(|room| room.name == taken);
    if is_ours && !room.knows.contains(&taken) {
        return Some(format!(
            "depends on {taken}, which is not below it: see ARCHITECTURE.md and {HERE}"
        ));
    }
    if room.pure && !is_ours && !PURE_TAKES.contains(&taken) {
        return Some(format!(
            "depends on {taken}: a pure crate takes only what {HERE} lists, which cannot look \
             at the world"
        ));
    }
    None
}

/// Each pure crate carries the bans that make it pure, the same in all.
pub(super) fn pure_lints(project: &Project) -> Vec<Finding> {
    let pure = ROOMS.iter().filter(|room| room.pure);
    let lints = |room: &Room| Path::new("crates").join(room.name).join("clippy.toml");
    let model = lints(&ROOMS[0]);
    let expected = project.text(&model);
    pure.filter(|room| project.holds(&Path::new("crates").join(room.name)))
        .map(lints)
        .filter(|file| project.text(file) != expected || expected.is_none())
        .map(|file| {
            let what = format!("is not as {}: copy that", model.display());
            Finding::new(&file, what)
        })
        .collect()
}

/// The manifests of the product's crates, with their folders' names.
fn manifests(project: &Project) -> Vec<(PathBuf, String)> {
    let manifest = |file: &PathBuf| {
        let parts: Vec<_> = file.iter().filter_map(|part| part.to_str()).collect();
        match parts.as_slice() {
            ["crates", name, "Cargo.toml"] => Some((file.clone(), (*name).to_owned())),
            _ => None,
        }
    };
    project
        .texts
        .iter()
        .filter_map(|(file, _)| manifest(file))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::project::project;

    fn found(name: &str, dependencies: &str) -> Vec<String> {
        let file = format!("crates/{name}/Cargo.toml");
        let text = format!("[dependencies]\n{dependencies}\n[dev-dependencies]\ntokio = \"1\"\n");
        let findings = super::dependencies(&project(&[(&file, &text)]));
        findings.into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn a_pure_crate_takes_nothing_that_can_look_at_the_world() {
        assert_eq!(found("bramble-roles", "serde.workspace = true"), [""; 0]);
        assert!(found("bramble-roles", "rustix = \"1\"")[0].starts_with("depends on rustix"));
        assert_eq!(found("bramble-fleet", "rustix = \"1\""), [""; 0]);
    }

    #[test]
    fn a_crate_does_not_know_those_above_it() {
        let wrong = found("bramble-converge", "bramble-roles.workspace = true");
        assert!(wrong[0].starts_with("depends on bramble-roles, which is not below it"));
    }

    #[test]
    fn a_new_crate_is_asked_for_its_place() {
        assert!(found("bramble-new", "")[0].starts_with("has no place"));
    }

    #[test]
    fn the_bans_of_pure_crates_are_all_the_same() {
        let same = ("crates/bramble-cluster/clippy.toml", "a = 1\n");
        let other = ("crates/bramble-roles/clippy.toml", "a = 2\n");
        let lacks = ("crates/bramble-view/Cargo.toml", "");
        let found = pure_lints(&project(&[same, other, lacks]));
        let files: Vec<_> = found.iter().map(|one| one.file.to_str().unwrap()).collect();
        assert_eq!(files, [other.0, "crates/bramble-view/clippy.toml"]);
    }
}
