//! Putting an image together without mounting anything: a root made by mmdebstrap,
//! file systems written into one sparse file. Not in here: what is in them.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use bramble_cluster::event::{Event, Watch};

use super::division::{Content, Division, SECTOR, digits};
use super::order::ImageOrder;
use super::place::Place;
use super::{BuiltImage, checksum, content, files, recipe};
use crate::LabError;
use crate::base::{Debian, Interpreter, has_room};
use crate::error::at;
use crate::program::Program;

/// A root with a kernel takes about 1.3 GB and the packages lie beside it while it is
/// made; the image holds it once more.
const NEEDED_MB: u64 = 4000;

/// Where the boot partition's files lie in the root until they are moved there.
const FIRMWARE: &str = "boot/firmware";

/// How Raspberry Pi OS names its file systems.
const BOOT_LABEL: &str = "bootfs";
const ROOT_LABEL: &str = "rootfs";

/// Makes the image of an order.
pub(super) fn build(
    order: &ImageOrder,
    watch: Watch<'_>,
    stop: &AtomicBool,
) -> Result<BuiltImage, LabError> {
    if !rustix::process::geteuid().is_root() {
        return Err(LabError::NotRoot);
    }
    let place = Place::claim(&order.output)?;
    has_room(place.folder(), NEEDED_MB, "making the image")?;
    make(order, &place, watch, stop).map_err(|error| {
        // Ctrl-C in a terminal ends the programs that were at work, too.
        if stop.load(Ordering::Relaxed) {
            LabError::Interrupted
        } else {
            error
        }
    })
}

fn make(
    order: &ImageOrder,
    place: &Place,
    watch: Watch<'_>,
    stop: &AtomicBool,
) -> Result<BuiltImage, LabError> {
    let interpreter = Interpreter::needed_for(order.architecture)?;
    let debian = Debian {
        suite: order.suite.as_str(),
        options: recipe::options(order, place.folder()),
        hooks: recipe::hooks(order.firmware),
        interpreter: interpreter.as_ref(),
    };
    for (name, script) in recipe::BESIDE {
        write(&place.folder().join(name), script)?;
    }
    let root = debian.make(place.folder(), watch, stop)?;
    for file in files::files(order) {
        write(&root.join(file.path), &file.content)?;
    }
    tell("writing the file systems", watch);
    let boot = take_out_boot(&root, place.folder())?;
    let image = place.folder().join("image");
    let (division, content) = write_image(&image, order, &root, &boot)?;
    if stop.load(Ordering::Relaxed) {
        return Err(LabError::Interrupted);
    }
    tell("taking its SHA-256", watch);
    let sha256 = checksum::of(&image, stop)?;
    keep(&image, &sha256, &order.output)?;
    Ok(BuiltImage {
        path: order.output.clone(),
        sha256,
        length: division.length,
        content: content.bytes,
        architecture: order.architecture,
        disk_id: digits(order.disk_id),
    })
}

fn tell(step: &str, watch: Watch<'_>) {
    watch(Event::Progress {
        message: step.to_owned(),
    });
}

fn write(path: &Path, content: &str) -> Result<(), LabError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(at("create", folder))?;
    }
    fs::write(path, content).map_err(at("write", path))?;
    // Whatever this process makes files with: others read them on the node.
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
        .map_err(at("set the mode of", path))
}

/// Moves the files of the boot partition out of the root, in which its folder stays.
fn take_out_boot(root: &Path, folder: &Path) -> Result<PathBuf, LabError> {
    let (inside, outside) = (root.join(FIRMWARE), folder.join("boot"));
    fs::rename(&inside, &outside).map_err(at("move", &inside))?;
    fs::create_dir(&inside).map_err(at("create", &inside))?;
    fs::set_permissions(&inside, fs::Permissions::from_mode(0o755))
        .map_err(at("set the mode of", &inside))?;
    Ok(outside)
}

/// Writes table and file systems of `root` and `boot` into a new file.
fn write_image(
    image: &Path,
    order: &ImageOrder,
    root: &Path,
    boot: &Path,
) -> Result<(Division, Content), LabError> {
    let content = content::of(root)?;
    let division = Division::of(order.size, content)?;
    let table = division.table(order.disk_id)?;
    let mut file = File::create_new(image).map_err(at("create", image))?;
    file.set_len(division.length)
        .map_err(at("set the length of", image))?;
    file.write_all(&table).map_err(at("write", image))?;
    write_boot(image, &division, order.disk_id, boot)?;
    write_root(image, &division, root)?;
    Ok((division, content))
}

/// Clusters of one sector, as Raspberry Pi OS has them.
fn write_boot(
    image: &Path,
    division: &Division,
    disk_id: u32,
    boot: &Path,
) -> Result<(), LabError> {
    let part = division.boot;
    Program::new("mkfs.fat")
        .args(["-F", "32", "-s", "1", "-n", BOOT_LABEL])
        .args(["-i", &digits(disk_id)])
        .args(["--offset", &(part.start / SECTOR).to_string()])
        .args([image.as_os_str()])
        .args([(part.length / 1024).to_string()])
        .remedy("install dosfstools 4.2 or newer")
        .run()?;
    let mut entries = Vec::new();
    for entry in fs::read_dir(boot).map_err(at("read", boot))? {
        entries.push(entry.map_err(at("read", boot))?.path());
    }
    // The order in which the folder lists them is nobody's wish.
    entries.sort();
    Program::new("mcopy")
        // The partition has no size of a disk in its parameters, which mtools would ask for.
        .env("MTOOLS_SKIP_CHECK", "1")
        .args(["-s", "-Q", "-i"])
        .args([format!("{}@@{}", image.display(), part.start)])
        .args(&entries)
        .args(["::/"])
        .remedy("install mtools")
        .run()
        .map(drop)
}

/// Without features that boot loaders of boards do not know. The file is new, so what
/// was not written is zero and need not be.
fn write_root(image: &Path, division: &Division, root: &Path) -> Result<(), LabError> {
    let part = division.root;
    Program::new("mke2fs")
        .args(["-q", "-F", "-t", "ext4", "-L", ROOT_LABEL])
        .args(["-O", "^64bit,^huge_file"])
        .args([
            "-E",
            &format!("offset={},assume_storage_prezeroed=1", part.start),
        ])
        .args([Path::new("-d"), root, image])
        .args([format!("{}k", part.length / 1024)])
        .remedy("install e2fsprogs 1.47 or newer")
        .run()
        .map(drop)
}

/// Gives the finished image and its digest their names, when they are on the disk. At no
/// moment is there an image beside another one's digest.
fn keep(image: &Path, sha256: &str, output: &Path) -> Result<(), LabError> {
    let file = File::open(image).map_err(at("open", image))?;
    file.sync_all().map_err(at("write out", image))?;
    let told = checksum::file(image);
    checksum::write(&told, sha256, output.file_name().unwrap_or_default())?;
    let beside = checksum::file(output);
    checksum::forget(&beside)?;
    fs::rename(image, output).map_err(at("move the image to", output))?;
    fs::rename(&told, &beside).map_err(at("move the digest to", &beside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_replaces_another_takes_its_digest_along() {
        let folder = tempfile::tempdir().unwrap();
        let (image, output) = (folder.path().join("image"), folder.path().join("pi.img"));
        fs::write(&output, "old").unwrap();
        fs::write(checksum::file(&output), "old").unwrap();
        fs::write(&image, "new").unwrap();
        keep(&image, "0123", &output).unwrap();
        let told = fs::read_to_string(folder.path().join("pi.img.sha256")).unwrap();
        assert_eq!(told, "0123  pi.img\n");
        assert_eq!(fs::read_to_string(&output).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
