//! The list of roles and their folders.

use std::collections::BTreeSet;
use std::path::Path;

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
