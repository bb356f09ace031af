//! The programs that cards are written with today. Not in here: what they are held
//! against.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::desk::Desk;
use crate::failure::Failure;
use crate::program::{self, command};

/// The version that is measured; its options differ from one to the next.
const CALIGULA: &str = "0.5.0";

/// `dd` as it is recommended: large blocks, past the system's memory, flushed at the end.
pub(super) fn dd(image: &Path, disk: &str) -> Command {
    let mut dd = command("dd");
    dd.arg(format!("if={}", image.display()));
    dd.arg(format!("of={disk}"));
    dd.args(["bs=4M", "oflag=direct", "conv=fsync", "status=none"]);
    dd
}

/// The same, and then all of the device is read once.
pub(super) fn dd_and_read(image: &Path, disk: &str) -> Command {
    shell(
        "dd if=\"$1\" of=\"$2\" bs=4M oflag=direct conv=fsync status=none \
         && dd if=\"$2\" of=/dev/null bs=4M iflag=direct status=none",
        &[&image.display().to_string(), disk],
    )
}

/// What one types without any tool.
pub(super) fn xz_and_dd(image: &Path, disk: &str) -> Command {
    shell(
        "xz -dc \"$1\" | dd of=\"$2\" bs=4M iflag=fullblock oflag=direct conv=fsync status=none",
        &[&image.display().to_string(), disk],
    )
}

/// Six copies, holes left out; the disk has them at the end, as it has ours.
pub(super) fn copies(image: &Path, folder: &Path) -> Command {
    shell(
        "for node in 1 2 3 4 5 6; do cp --sparse=always \"$1\" \"$2/node$node.img\" || exit; done; \
         sync \"$2\"/*",
        &[&image.display().to_string(), &folder.display().to_string()],
    )
}

fn shell(script: &str, words: &[&str]) -> Command {
    let mut shell = command("sh");
    shell.args(["-c", script, "sh"]).args(words);
    shell
}

/// `bmaptool copy` by a block map that `bmaptool create` has made.
pub(super) fn bmaptool(image: &Path, map: &Path, disk: &str) -> Command {
    let mut copy = command("bmaptool");
    copy.args(["--quiet", "copy", "--bmap"]).arg(map);
    copy.arg(image).arg(disk);
    copy
}

/// The image's block map, from the holes that its file has.
pub(super) fn block_map(desk: &Desk, image: &Path) -> Result<PathBuf, Failure> {
    install("bmaptool", "bmap-tools")?;
    // Not beside the image, where bramble would find it.
    let map = desk.path("blocks.map");
    let mut create = command("bmaptool");
    create.args(["--quiet", "create", "--output"]).arg(&map);
    program::output(create.arg(image))?;
    Ok(map)
}

/// `caligula burn`, which reads back what it has written.
pub(super) fn caligula(program: &Path, image: &Path, disk: &str) -> Command {
    let mut burn = command(program);
    burn.arg("burn").arg(image).args(["-o", disk, "-f"]);
    burn.args(["--interactive", "never", "--root", "never"]);
    burn.args(["--compression", "auto", "--hash", "skip"]);
    burn
}

/// Where caligula is, which cargo builds if it is not there.
pub(super) fn caligula_program(desk: &Desk) -> Result<PathBuf, Failure> {
    let place = desk.installed.join("bin/caligula");
    if !place.exists() {
        println!("installing caligula {CALIGULA}");
        let mut install = command("cargo");
        install.args(["install", "--quiet", "--locked", "--version", CALIGULA]);
        install.arg("--root").arg(&desk.installed).arg("caligula");
        program::output(&mut install)?;
    }
    Ok(place)
}

/// Has a package installed unless its program is there.
pub(super) fn install(program: &str, package: &str) -> Result<(), Failure> {
    if program::is_there(program) {
        return Ok(());
    }
    println!("installing {package}");
    let mut install = command("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    install.args(["install", "--yes", "--no-install-recommends", package]);
    program::output(&mut install).map(drop)
}

/// What each says of itself in its first line.
pub(super) fn versions(desk: &Desk) -> Vec<String> {
    let caligula = desk.installed.join("bin/caligula");
    let asked = [
        Path::new("dd"),
        Path::new("xz"),
        Path::new("bmaptool"),
        &caligula,
    ];
    asked.into_iter().filter_map(first_line).collect()
}

fn first_line(program: &Path) -> Option<String> {
    let said = program::output(command(program).arg("--version")).ok()?;
    said.lines().next().map(str::to_owned)
}
