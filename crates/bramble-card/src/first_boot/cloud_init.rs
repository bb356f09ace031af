//! cloud-init on Raspberry Pi OS since trixie, and on other images that have its files in
//! their boot partition (Armbian's with cloud-init). Not in here: what the files say
//! (`seed`).

use super::boot_files;
use super::cmdline::Wish;
use super::format::{BootFile, BootPartition, Format, Reach};
use crate::order::{Order, OrderError};
use crate::seed::{Instance, Renderer};

pub(super) static FORMAT: Format = Format {
    name: "cloud-init",
    documents: "cloud-init documentation, NoCloud; Raspberry Pi documentation, cloud-init",
    reach: Reach::Everything,
    note: None,
    is_in,
    files: |partition, order| files(partition, order, Renderer::Any),
};

/// Images come with files to fill in.
fn is_in(partition: &BootPartition) -> bool {
    partition.has("user-data") && partition.has("meta-data")
}

/// cloud-init does not look for anything else where the kernel is told of its source,
/// nor wait for it.
pub(super) fn files(
    partition: &BootPartition,
    order: &Order<'_>,
    renderer: Renderer,
) -> Result<Vec<BootFile>, OrderError> {
    let instance = Instance::of(order, renderer)
        .ok_or_else(|| OrderError::NoHostKey(order.node.name.clone()))?;
    let source = Wish::Is("ds", format!("nocloud;i={}", instance.id));
    let written = instance.files.into_iter();
    let mut files: Vec<_> = written
        .map(|(name, content)| BootFile::new(name, content))
        .collect();
    files.extend(boot_files::changed(partition, order, [source]));
    Ok(files)
}
