//! Who made a disk and how it is connected. Not in here: what is on it.

use std::path::{Path, PathBuf};

use super::blocks::Block;
use super::content::Noted;
use super::shown::shown;
use super::world::{self, World};
use super::{Bus, MmcKind};

/// Who a disk says that it is, made harmless.
#[derive(Debug, Default)]
pub(super) struct Identity {
    pub(super) vendor: Option<String>,
    pub(super) model: Option<String>,
    pub(super) serial: Option<String>,
}

/// Makers by the number in a card's identification register, as the kernel names them
/// (`CID_MANFID_...` in Linux' `drivers/mmc/core/card.h`).
const MAKERS: &[(u64, &str)] = &[
    (0x02, "SanDisk"),
    (0x03, "SanDisk"),
    (0x09, "ATP"),
    (0x11, "Toshiba"),
    (0x12, "Gigastone"),
    (0x13, "Micron"),
    (0x15, "Samsung"),
    (0x27, "Apacer"),
    (0x70, "Kingston"),
    (0x90, "Hynix"),
    (0x9f, "Kingston"),
    (0xfe, "Numonyx"),
];

/// How the disk that the kernel calls `name` is connected.
pub(super) fn bus(world: &World, name: &str, block: &Block) -> Bus {
    let way = |prefix: &str| connected_by(world, &block.folder, prefix);
    match name {
        _ if name.starts_with("loop") => Bus::Loop {
            backing: block.backing.clone(),
        },
        _ if name.starts_with("mmcblk") => mmc(block),
        _ if way("usb") => Bus::Usb,
        _ if name.starts_with("nvme") => Bus::Nvme,
        _ if way("virtio") => Bus::Virtio,
        _ if way("ata") => Bus::Ata,
        _ => Bus::Other,
    }
}

/// Whether one of the devices on the way to `folder` is called `prefix` and a number.
fn connected_by(world: &World, folder: &Path, prefix: &str) -> bool {
    let sys = std::fs::canonicalize(&world.sys).unwrap_or_default();
    let way = folder.strip_prefix(sys).unwrap_or(folder);
    way.components().any(|step| {
        let number = step
            .as_os_str()
            .to_str()
            .and_then(|step| step.strip_prefix(prefix));
        number
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit()))
    })
}

/// What does not say that it is an SD card is taken for soldered memory: that is asked
/// about more strictly.
fn mmc(block: &Block) -> Bus {
    let attribute = |name: &str| world::attribute(&block.folder.join("device").join(name));
    let is_sd = attribute("type").is_some_and(|kind| kind.starts_with("SD"));
    Bus::Mmc {
        kind: if is_sd { MmcKind::Sd } else { MmcKind::Emmc },
        cid: attribute("cid").as_deref().and_then(shown),
    }
}

pub(super) fn identity(world: &World, bus: &Bus, block: &Block) -> Identity {
    let told = match bus {
        Bus::Mmc { .. } => of_mmc(&block.folder.join("device")),
        Bus::Usb => of_usb(&block.folder),
        _ => of_disk(&block.folder),
    };
    let noted = Noted::read(world, block.number);
    Identity {
        vendor: told.vendor.or_else(|| noted.property("ID_VENDOR")),
        model: told.model.or_else(|| noted.property("ID_MODEL")),
        serial: told.serial.or_else(|| noted.property("ID_SERIAL_SHORT")),
    }
}

fn of_mmc(device: &Path) -> Identity {
    let maker = world::attribute(&device.join("manfid")).and_then(|text| {
        let digits = text.strip_prefix("0x")?;
        let number = u64::from_str_radix(digits, 16).ok()?;
        MAKERS.iter().find(|(id, _)| *id == number)
    });
    Identity {
        vendor: maker.map(|(_, name)| (*name).to_owned()),
        model: text(&device.join("name")),
        serial: text(&device.join("serial")),
    }
}

/// A card reader's names are those of its slots, which tell more than those of the
/// whole; its serial number only the whole has.
fn of_usb(folder: &Path) -> Identity {
    let disk = of_disk(folder);
    let usb = usb_device(folder);
    let of_usb = |name: &str| usb.as_ref().and_then(|usb| text(&usb.join(name)));
    Identity {
        vendor: disk.vendor.or_else(|| of_usb("manufacturer")),
        model: disk.model.or_else(|| of_usb("product")),
        serial: of_usb("serial").or(disk.serial),
    }
}

/// The nearest device above that has the numbers of a USB device.
fn usb_device(folder: &Path) -> Option<PathBuf> {
    let mut above = folder.ancestors();
    let found = above.find(|folder| folder.join("idVendor").exists())?;
    Some(found.to_owned())
}

fn of_disk(folder: &Path) -> Identity {
    let device = folder.join("device");
    Identity {
        // `ATA` and `0x1af4` are no makers: the first stands for the kind of
        // connection, the second is what virtio has.
        vendor: text(&device.join("vendor"))
            .filter(|name| name != "ATA" && !name.starts_with("0x")),
        model: text(&device.join("model")),
        serial: text(&device.join("serial"))
            .or_else(|| text(&folder.join("serial")))
            .or_else(|| unit_serial(&device.join("vpd_pg80"))),
    }
}

/// The serial number in a SCSI device's page 80: four bytes, the last two of which are
/// the length, and then the text.
fn unit_serial(path: &Path) -> Option<String> {
    let page = world::file(path)?;
    let length = u16::from_be_bytes(*page.get(2..)?.first_chunk()?);
    let serial = page.get(4..)?;
    let serial = &serial[..serial.len().min(length.into())];
    shown(&String::from_utf8_lossy(serial))
}

fn text(path: &Path) -> Option<String> {
    shown(&world::attribute(path)?)
}
