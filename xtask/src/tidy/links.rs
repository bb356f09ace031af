//! Links in documents to files of the project. Not in here: links to the world,
//! which come and go.

use std::path::{Component, Path, PathBuf};

use super::Finding;
use super::project::Project;

pub(super) fn lead_somewhere(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in project.with_extension(&["md"]) {
        for (line, link) in links(text) {
            let folder = file.parent().unwrap_or(Path::new(""));
            let target = within(&folder.join(path_of(link)));
            if !target.is_some_and(|target| project.holds(&target)) {
                let what = format!("links to `{link}`, which is not there");
                findings.push(Finding::at(file, line, what));
            }
        }
    }
    findings
}

/// Links to files, with their lines; examples in fences are none.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut in_fence = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        }
        if in_fence {
            continue;
        }
        let targets = line
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split([')', ' ']).next());
        let is_file =
            |target: &&str| !target.is_empty() && !target.starts_with('#') && !target.contains(':');
        found.extend(targets.filter(is_file).map(|target| (index + 1, target)));
    }
    found
}

fn path_of(link: &str) -> &str {
    link.split('#').next().unwrap_or(link)
}

/// The path without `..`; none if it leaves the project.
fn within(path: &Path) -> Option<PathBuf> {
    let mut found = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => found.push(name),
            Component::ParentDir => {
                if !found.pop() {
                    return None;
                }
            }
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::project::project;

    #[test]
    fn a_link_to_nothing_is_found() {
        let text =
            "[a](../a.md#part) [b](b.md)\n```\n[c](c.md)\n```\n[d](https://d.example) [e](#e)\n";
        let found = lead_somewhere(&project(&[("docs/x.md", text), ("a.md", "")]));
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["docs/x.md:1: links to `b.md`, which is not there"]);
    }

    #[test]
    fn a_link_out_of_the_project_leads_nowhere() {
        assert_eq!(
            lead_somewhere(&project(&[("x.md", "[a](../../etc/passwd)\n")])).len(),
            1
        );
    }

    #[test]
    fn a_folder_is_somewhere() {
        assert_eq!(
            lead_somewhere(&project(&[("x.md", "[a](docs)\n"), ("docs/y.md", "")])),
            []
        );
    }
}
