//! `no-shared-directory`: workers that have to be given every file.

use bramble_cluster::diagnostic::Severity;

use super::Check;
use super::placed::Placed;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "no-shared-directory",
    text: include_str!("no_shared_directory.md"),
    find: |site| no_shared_directory(site).into_iter().collect(),
};

fn no_shared_directory(site: &Site<'_>) -> Option<Finding> {
    let first = Placed::with_role(site, "worker").next()?;
    if !site.cluster.shares.is_empty() || site.cluster.nodes.len() < 2 {
        return None;
    }
    let title = "there is no shared directory: programs and data have to be copied to every worker";
    let finding = Finding::new(CHECK.id, Severity::Note, title, first.key("roles"))
        .label("has only its own files")
        .remedy(format!(
            "add `[storage]` with `shared = [{{ on = \"{}\", path = \"/srv/home\", mount = \"/home/shared\" }}]`",
            site.cluster.head().name
        ));
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};

    #[test]
    fn without_a_shared_directory_everything_is_copied() {
        let text = file("[[nodes]]\nnames = \"node1\"\nboard = \"rpi3b\"");
        let found = of("no-shared-directory", &text);
        assert!(found[0].title.starts_with("there is no shared directory"));
    }
}
