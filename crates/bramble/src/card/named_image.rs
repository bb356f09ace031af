//! Which image is meant: by the command line, or by what the cluster file says of the
//! nodes. Not in here: opening it (`given_image`).

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

use bramble_cluster::catalogue::Image;
use bramble_cluster::nodeset::NodeSet;
use bramble_cluster::{Cluster, NodeName};
use bramble_media::ImageError;
use bramble_media::source::{Expected, Source, SourceError};

use super::given_image::{ImageArgs, wrong};
use crate::cluster_folder::ClusterFolder;
use crate::exit::Exit;
use crate::failure::Failure;

impl ImageArgs {
    /// The image for all of `nodes`, which is there and not plainly something else. What
    /// is no file was not looked into: a pipe is read only once.
    pub(crate) fn find(
        &self,
        folder: &ClusterFolder,
        cluster: &Cluster,
        nodes: &[NodeName],
    ) -> Result<PathBuf, Failure> {
        let path = self.path(folder, cluster, nodes)?;
        if !self.is_standard_input() {
            look(&path).map_err(|error| wrong("", &ImageError::Source(error)))?;
        }
        Ok(path)
    }

    /// What was named, or what the cluster file in `folder` says of all these nodes.
    fn path(
        &self,
        folder: &ClusterFolder,
        cluster: &Cluster,
        nodes: &[NodeName],
    ) -> Result<PathBuf, Failure> {
        if let Some(path) = &self.image {
            return match path.to_str().filter(|path| is_address(path)) {
                Some(address) => Err(to_download("images are read from files", address)),
                None => Ok(path.clone()),
            };
        }
        let files = files(cluster, nodes);
        if files.len() > 1 {
            return Err(several(&files));
        }
        if let Some(file) = files.into_keys().flatten().next() {
            // It was written in the file, and is meant from there.
            let folder = folder.file().parent();
            return Ok(folder.unwrap_or(Path::new("")).join(file));
        }
        Err(unnamed(only(cluster, nodes)))
    }
}

fn look(path: &Path) -> Result<(), SourceError> {
    let found = fs::metadata(path).map(|found| found.file_type());
    if found.is_ok_and(|kind| !kind.is_file() && !kind.is_block_device()) {
        return Ok(());
    }
    Source::open(path, Expected::default()).map(drop)
}

fn is_address(text: &str) -> bool {
    text.contains("://")
}

/// The files that the cluster file names, with their nodes.
fn files<'a>(cluster: &'a Cluster, nodes: &[NodeName]) -> BTreeMap<Option<&'a str>, NodeSet> {
    let mut files: BTreeMap<_, NodeSet> = BTreeMap::new();
    for name in nodes {
        let node = cluster.node(name);
        let file = node.and_then(|node| node.hardware.image.as_ref()?.file());
        files
            .entry(file)
            .or_default()
            .absorb([name.clone()].into_iter().collect());
    }
    files
}

/// The one image that the cluster file names for all nodes that have any.
fn only<'a>(cluster: &'a Cluster, nodes: &[NodeName]) -> Option<&'a Image> {
    let image = |name| cluster.node(name)?.hardware.image.as_deref();
    let mut images = nodes.iter().filter_map(image);
    let first = images.next()?;
    images.all(|other| other.id == first.id).then_some(first)
}

/// By the cluster file, none of the nodes' images is a file, and if all have one it is
/// `image`.
fn unnamed(image: Option<&Image>) -> Failure {
    let Some(Image {
        id, name, os_list, ..
    }) = image
    else {
        return with_ways(Failure::new(Exit::Usage, "no image is named"));
    };
    if is_address(id) {
        return to_download("the cluster file gives the image's address", id);
    }
    let message =
        format!("no image is named; by the cluster file it is to be `{id}`, which is {name}");
    let failure = Failure::new(Exit::Usage, message);
    with_ways(match os_list {
        Some(list) => failure.hint(format!(
            "its address stands in {list}; with that list beside it, `--os-list` takes its SHA-256"
        )),
        None => failure,
    })
}

fn with_ways(failure: Failure) -> Failure {
    failure
        .hint("name the file that you downloaded: `--image raspios.img.xz`")
        .hint("or take it as it comes: `curl -L URL | bramble card ... --image -`")
}

fn to_download(why: &str, address: &str) -> Failure {
    let message = format!("{why}, and bramble downloads nothing: {address}");
    Failure::new(Exit::Usage, message)
        .hint(format!(
            "take it as it comes: `curl -L {address} | bramble card ... --image -`"
        ))
        .hint(format!(
            "or keep it: `curl -LO {address}`, then `--image FILE`"
        ))
}

fn several(said: &BTreeMap<Option<&str>, NodeSet>) -> Failure {
    let each = said.iter().map(|(image, nodes)| match image {
        Some(image) => format!("{nodes}: {image}"),
        None => format!("{nodes}: none"),
    });
    let each: Vec<_> = each.collect();
    let message = format!(
        "by the cluster file, these nodes are not made from one image: {}",
        each.join("; ")
    );
    Failure::new(Exit::Usage, message)
        .hint("make them in several commands, each with the nodes of one image")
        .hint("or name one image for all of them: `--image FILE`")
}
