//! Lists in code that must name all of a kind of file or folder. Not in here:
//! what is in those files.

use std::collections::BTreeSet;
use std::path::Path;

use super::Finding;
use super::project::Project;

/// A list, and how it names what it lists.
#[derive(Debug)]
struct Registry {
    list: &'static str,
    /// Where the things lie, of which each is listed.
    folder: &'static str,
    /// What is known by: a file of this name, in a folder of its own.
    mark: &'static str,
    /// How the list names the folder `{}`.
    entry: &'static str,
}

const REGISTRIES: &[Registry] = &[
    Registry {
        list: "crates/bramble-roles/src/registry.rs",
        folder: "crates/bramble-roles/src",
        mark: "role.md",
        entry: "crate::{}::ROLE,",
    },
    Registry {
        list: "crates/bramble-converge/src/resource/mod.rs",
        folder: "crates/bramble-converge/src/resource",
        mark: "mod.rs",
        entry: "&{}::KIND,",
    },
    Registry {
        list: "crates/bramble-converge/src/resource/mod.rs",
        folder: "crates/bramble-converge/src/resource",
        mark: "apply.sh",
        entry: "&{}::KIND,",
    },
];

pub(super) fn complete(project: &Project) -> Vec<Finding> {
    REGISTRIES
        .iter()
        .flat_map(|registry| missing(project, registry))
        .collect()
}

fn missing(project: &Project, registry: &Registry) -> Vec<Finding> {
    let list = Path::new(registry.list);
    let text = project.text(list).unwrap_or_default();
    let folder = Path::new(registry.folder);
    let listed: BTreeSet<_> = project
        .texts
        .iter()
        .filter_map(|(file, _)| marked(file.strip_prefix(folder).ok()?, registry.mark))
        .collect();
    let entry = |name: &&str| registry.entry.replace("{}", name);
    listed
        .iter()
        .map(entry)
        .filter(|entry| !text.contains(entry))
        .map(|entry| Finding::new(list, format!("does not list `{entry}`: add it")))
        .collect()
}

/// The folder of a file that is called `mark`.
fn marked<'a>(file: &'a Path, mark: &str) -> Option<&'a str> {
    let parts: Vec<_> = file.iter().filter_map(|part| part.to_str()).collect();
    match parts.as_slice() {
        [name, found] if *found == mark => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::project::project;

    #[test]
    fn a_role_that_is_not_listed_is_found() {
        let list = (
            "crates/bramble-roles/src/registry.rs",
            "const A: B = [crate::time::ROLE,];\n",
        );
        let time = ("crates/bramble-roles/src/time/role.md", "");
        let mpi = ("crates/bramble-roles/src/mpi/role.md", "");
        let found = complete(&project(&[list, time, mpi]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].what, "does not list `crate::mpi::ROLE,`: add it");
    }
}
