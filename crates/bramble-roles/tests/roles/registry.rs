//! The list of roles and their folders.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use bramble_roles::registry::{ROLES, assigned};

#[test]
fn every_role_explains_itself_under_its_name() {
    for role in ROLES {
        let (title, text) = role.about.split_once("\n\n").unwrap_or_default();
        assert_eq!(
            title,
            format!("# {}", role.name),
            "src/{}/role.md",
            role.name
        );
        assert!(
            text.len() > 100,
            "src/{}/role.md says hardly anything",
            role.name
        );
    }
}

/// The page: what each role says of itself, those first that the file gives.
fn page() -> String {
    let mut page =
        "# Roles\n\nWhat a node is for. The cluster file gives roles to nodes by `roles = \
        [...]`; those marked\n*by itself* are on every node that needs them. Each is a folder of \
        `crates/bramble-roles/src`.\n"
            .to_owned();
    for assigned in [true, false] {
        for role in ROLES.iter().filter(|role| role.assigned == assigned) {
            let text = role.about.split_once("\n\n").unwrap_or_default().1;
            let mark = if assigned { "" } else { " (by itself)" };
            page.extend(["\n## ", role.name, mark, "\n\n", text.trim_end(), "\n"]);
        }
    }
    page
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the crate is pure; its test keeps a file of the project fresh"
)]
fn the_page_of_roles_says_what_they_say() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/roles.md");
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, page()).unwrap();
    }
    assert!(
        fs::read_to_string(&file).unwrap_or_default() == page(),
        "docs/roles.md is stale: UPDATE_DOCS=1 cargo test -p bramble-roles"
    );
}

#[test]
fn every_role_has_a_name_of_its_own_and_a_folder_of_that_name_with_cases() {
    let names: BTreeSet<_> = ROLES.iter().map(|role| role.name).collect();
    assert_eq!(names.len(), ROLES.len());
    for name in names {
        let cases = Path::new("src").join(name).join("cases");
        assert!(cases.join("recipe.snap").exists(), "{}", cases.display());
    }
}

#[test]
fn the_roles_that_a_cluster_file_may_give_are_those_of_the_documentation() {
    assert_eq!(
        assigned(),
        ["gateway", "time", "storage", "scheduler", "worker"]
    );
}
