//! Armbian's `armbian_first_run.txt`, which knows the network and nothing else. Not in
//! here: Armbian's images with cloud-init (`cloud_init`), and those that ask at the first
//! login, whose answers lie on a file system that is not FAT.

use super::boot_files;
use super::format::{BootFile, BootPartition, Format, Reach};
use crate::order::{Order, OrderError};

const NAME: &str = "Armbian's first run";

/// How the file begins, with the node's name after it. It is read as a shell reads it.
pub(super) const MARK: &str = "# Written by bramble for ";

pub(super) static FORMAT: Format = Format {
    name: NAME,
    documents: "the file armbian_first_run.txt.template in the image's boot partition",
    reach: Reach::Address,
    note: Some(
        "it sets the address only: name, account and keys are made by `bramble adopt` afterwards",
    ),
    is_in: |partition: &BootPartition| {
        partition.has("armbian_first_run.txt.template") || partition.has("armbian_first_run.txt")
    },
    files,
};

fn files(partition: &BootPartition, order: &Order<'_>) -> Result<Vec<BootFile>, OrderError> {
    let (gateway, dns) = order.only_network(NAME)?;
    let text = format!(
        "{MARK}{}
FR_general_delete_this_file_after_completion=1
FR_net_change_defaults=1
FR_net_ethernet_enabled=1
FR_net_wifi_enabled=0
FR_net_use_static=1
FR_net_static_ip='{}'
FR_net_static_mask='{}'
FR_net_static_gateway='{gateway}'
FR_net_static_dns='{dns}'
",
        order.node.name,
        order.node.address,
        order.cluster.network.subnet.netmask(),
    );
    let mut files = vec![BootFile::new("armbian_first_run.txt", text)];
    files.extend(boot_files::changed(partition, order, []));
    Ok(files)
}
