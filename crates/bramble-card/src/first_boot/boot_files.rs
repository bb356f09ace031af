//! The boot loader's files, where there are any: the same for all formats. Not in here:
//! the files that a format reads.

use super::cmdline::{self, Wish};
use super::format::{BootFile, BootPartition};
use super::{config, settings};
use crate::order::Order;

/// `cmdline.txt` and `config.txt`, if they are there and differ from what they are to
/// be. Boards that have none are no Raspberry Pis.
pub(super) fn changed(
    partition: &BootPartition,
    order: &Order<'_>,
    wishes: impl IntoIterator<Item = Wish>,
) -> Vec<BootFile> {
    let mut kernel = settings::kernel(order);
    kernel.extend(wishes);
    let lines = settings::config(order.cluster, order.node);
    let cmdline = changed_file(partition, "cmdline.txt", |text| {
        cmdline::with(text, &kernel)
    });
    let config = changed_file(partition, "config.txt", |text| config::with(text, &lines));
    cmdline.into_iter().chain(config).collect()
}

fn changed_file(
    partition: &BootPartition,
    name: &str,
    change: impl FnOnce(&[u8]) -> Vec<u8>,
) -> Option<BootFile> {
    let was = partition.text(name)?;
    let is = change(was);
    (is != was).then(|| BootFile::new(name, is))
}
