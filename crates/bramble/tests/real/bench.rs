//! Devices to write to, that are gone with their test however it ends. Not in here: any
//! test.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bramble_testkit::RECIPE;
use tempfile::TempDir;

/// Length of the image, in bytes.
pub(crate) const IMAGE: usize = 48 << 20;

/// A directory with a cluster file and an image, and devices.
pub(crate) struct Bench {
    folder: TempDir,
    loops: Vec<PathBuf>,
    mounts: Vec<PathBuf>,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) text: String,
}

impl Bench {
    /// A bench, if this machine can have one: only root has loop devices.
    pub(crate) fn new() -> Option<Self> {
        let can = rustix::process::geteuid().is_root() && Path::new("/dev/loop-control").exists();
        if !can {
            assert!(std::env::var_os("CI").is_none(), "no loop devices on CI");
            println!("skipped: loop devices are root's");
            return None;
        }
        let bench = Self {
            folder: TempDir::new_in("/var/tmp").unwrap(),
            loops: Vec::new(),
            mounts: Vec::new(),
        };
        let wired = "uplink = { ethernet = \"eth1\" }";
        let file = RECIPE.replace("uplink = { wifi = \"HomeWifi\" }", wired);
        fs::write(bench.path("bramble.toml"), file).unwrap();
        fs::write(bench.path("system.img"), image()).unwrap();
        Some(bench)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A loop device over `length` bytes that all are 0xa5.
    pub(crate) fn card(&mut self, name: &str, length: usize) -> PathBuf {
        fs::write(self.path(name), vec![0xa5; length]).unwrap();
        self.attach(&self.path(name))
    }

    /// A loop device that claims `length` bytes on a file system of only `room`: it
    /// fails when that is full.
    pub(crate) fn failing_card(&mut self, name: &str, length: u64, room: u64) -> PathBuf {
        let point = self.path(&format!("{name}.d"));
        fs::create_dir(&point).unwrap();
        let size = format!("size={room}");
        run(
            "mount",
            &["-t", "tmpfs", "-o", &size, "tmpfs", text(&point)],
        );
        self.mounts.push(point.clone());
        let file = point.join("card");
        File::create(&file).unwrap().set_len(length).unwrap();
        self.attach(&file)
    }

    fn attach(&mut self, file: &Path) -> PathBuf {
        let said = run("losetup", &["--find", "--show", text(file)]);
        let device = PathBuf::from(said.trim());
        self.loops.push(device.clone());
        device
    }

    /// Mounts `device` somewhere.
    pub(crate) fn mount(&mut self, device: &Path) -> PathBuf {
        let point = self.path("mounted");
        fs::create_dir(&point).unwrap();
        run("mount", &[text(device), text(&point)]);
        self.mounts.push(point.clone());
        point
    }

    /// `bramble` with these arguments, not yet started.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bramble"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Writes cards, and returns how that ended with all that was said.
    pub(crate) fn write(&self, cards: &[(&str, &Path)]) -> Ended {
        let pairs: Vec<_> = cards
            .iter()
            .map(|(node, device)| format!("{node}={}", device.display()))
            .collect();
        let mut args = vec!["card", "write", "--yes", "--image", "system.img"];
        args.extend(pairs.iter().map(String::as_str));
        let output = self.command(&args).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        Ended {
            status: output.status.code().unwrap(),
            text: String::from_utf8(said).unwrap(),
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        for device in &self.loops {
            // What is mounted from it goes with the mount.
            quiet("losetup", &["--detach", text(device)]);
        }
        for point in &self.mounts {
            quiet("umount", &[text(point)]);
        }
    }
}

/// The first bytes of a device, as it has them now.
pub(crate) fn start(device: &Path, length: usize) -> Vec<u8> {
    let input = format!("if={}", device.display());
    let count = format!("count={length}");
    let args = [
        &input,
        "bs=1M",
        "iflag=count_bytes,nocache",
        &count,
        "status=none",
    ];
    let done = Command::new("dd").args(args).output().unwrap();
    done.stdout
}

/// An image with a partition table, in which all is used and no two blocks are alike.
pub(crate) fn image() -> Vec<u8> {
    let word = |index: usize| {
        (index as u64)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .to_le_bytes()
    };
    let mut bytes: Vec<u8> = (0..IMAGE / 8).flat_map(word).collect();
    bytes[..512].fill(0);
    let sectors = |bytes: usize| u32::try_from(bytes / 512).unwrap().to_le_bytes();
    bytes[450] = 0xda;
    bytes[454..458].copy_from_slice(&sectors(1 << 20));
    bytes[458..462].copy_from_slice(&sectors(IMAGE - (1 << 20)));
    bytes[510..512].copy_from_slice(&[0x55, 0xaa]);
    bytes
}

fn run(program: &str, args: &[&str]) -> String {
    let done = Command::new(program).args(args).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program} {args:?}: {said}");
    String::from_utf8(done.stdout).unwrap()
}

fn quiet(program: &str, args: &[&str]) {
    Command::new(program).args(args).output().ok();
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
