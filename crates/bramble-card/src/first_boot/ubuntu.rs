//! Ubuntu Server for the Raspberry Pi: cloud-init, which finds its files by the label of
//! the partition. Not in here: what the files say (`seed`).

use super::cloud_init;
use super::format::{BootPartition, Format, Reach};
use crate::seed::Renderer;

pub(super) static FORMAT: Format = Format {
    name: "Ubuntu's cloud-init",
    documents: "Ubuntu documentation, Ubuntu on Raspberry Pi; cloud-init documentation, NoCloud",
    reach: Reach::Everything,
    note: None,
    is_in: |partition: &BootPartition| partition.is_called("system-boot"),
    files: |partition, order| cloud_init::files(partition, order, Renderer::Networkd),
};
