//! A volume called `CIDATA`, where cloud-init looks by itself, on whatever image. Not in
//! here: what the files say (`seed`).

use super::cloud_init;
use super::format::{BootPartition, Format, Reach};
use crate::seed::Renderer;

pub(super) static FORMAT: Format = Format {
    name: "cloud-init's CIDATA volume",
    documents: "cloud-init documentation, NoCloud",
    reach: Reach::Everything,
    note: None,
    is_in: |partition: &BootPartition| partition.is_called("cidata"),
    files: |partition, order| cloud_init::files(partition, order, Renderer::Any),
};
