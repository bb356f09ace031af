//! `os-release`: nodes that run jobs together have one release.

use bramble_cluster::catalogue::Image;
use bramble_cluster::diagnostic::Severity;

use super::Check;
use super::placed::Placed;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "os-release",
    text: include_str!("os_release.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let takes_part =
        |placed: &Placed<'_>| placed.has_role("scheduler") || placed.has_role("worker");
    let parts: Vec<_> = Placed::all(site).filter(takes_part).collect();
    let Some(first) = parts.first() else {
        return Vec::new();
    };
    let of_first = |placed: &&Placed<'_>| id(placed) == id(first);
    if parts.iter().all(|placed| of_first(&placed)) {
        return Vec::new();
    }
    let base = parts
        .iter()
        .find_map(|placed| Some((placed, release(placed)?)));
    let others = parts
        .iter()
        .filter_map(|placed| match (release(placed), base) {
            (None, _) => Some(unknown(placed)),
            (Some(own), Some((first, release))) if own != release => {
                Some(differs(placed, own, first, release))
            }
            _ => None,
        });
    others.collect()
}

fn image<'a>(placed: &Placed<'a>) -> Option<&'a Image> {
    placed.hardware().image.as_deref()
}

fn id<'a>(placed: &Placed<'a>) -> Option<&'a str> {
    image(placed).map(|image| image.id.as_str())
}

fn release<'a>(placed: &Placed<'a>) -> Option<&'a str> {
    image(placed)?.release.as_deref()
}

fn differs(placed: &Placed<'_>, own: &str, first: &Placed<'_>, release: &str) -> Finding {
    let members = first.group.members(placed.site.cluster);
    let name = members.first().map(|node| node.name.as_str());
    let name = name.unwrap_or("the head");
    let title = format!(
        "nodes that run jobs have different releases, {own} here and {release} on {name}: their Slurm and MPI do not talk to each other"
    );
    placed
        .found(CHECK.id, Severity::Error, "image", title)
        .label(format!("is {own}"))
        .remedy(format!(
            "choose one release for all nodes that run jobs, such as {release}"
        ))
}

fn unknown(placed: &Placed<'_>) -> Finding {
    let name = image(placed).map_or("its image", |image| &image.name);
    let title = format!(
        "whether all nodes have one release cannot be checked: that of {name} is not known"
    );
    let remedy = match image(placed).filter(|image| !image.id.contains(['/', '.'])) {
        Some(image) => format!(
            "add `[catalogue.images.{}]` with `release = \"debian 13\"`",
            image.id
        ),
        None => "use one image for all nodes that run jobs, or images of the catalogue".to_owned(),
    };
    placed.unknown(CHECK.id, "image", title).remedy(remedy)
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity;

    use super::super::fixture::{file, of};
    use crate::finding::Finding;

    fn nodes(keys: &str) -> Vec<Finding> {
        of(
            "os-release",
            &file(&format!(
                "[[nodes]]\nnames = \"node[1-3]\"\nboard = \"rpi3b\"\n{keys}"
            )),
        )
    }

    #[test]
    fn two_releases_do_not_run_jobs_together() {
        let found = nodes("image = \"debian-12\"");
        assert_eq!((found.len(), found[0].severity), (1, Severity::Error));
        assert!(
            found[0]
                .title
                .contains("debian 12 here and debian 13 on head:"),
            "{}",
            found[0].title
        );
    }

    #[test]
    fn two_images_of_one_release_do() {
        assert!(nodes("image = \"debian-13\"").is_empty());
        assert!(nodes("").is_empty());
    }

    #[test]
    fn a_node_without_a_part_in_jobs_may_have_what_it_likes() {
        assert!(nodes("image = \"debian-12\"\nroles = [\"storage\"]").is_empty());
    }

    #[test]
    fn an_unknown_release_beside_another_is_said() {
        let found = nodes("image = \"./mine.img\"");
        assert_eq!((found.len(), found[0].severity), (1, Severity::Note));
    }

    #[test]
    fn one_image_for_all_has_one_release_whatever_it_is() {
        let text = file(
            "[os]\nimage = \"./mine.img\"\n[[nodes]]\nnames = \"node[1-3]\"\nboard = \"rpi3b\"",
        );
        assert!(of("os-release", &text).is_empty());
    }
}
