//! A file system whose files can share blocks, mounted for nobody else to see. Not in
//! here: what is written to it.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::desk::{self, Desk};
use super::image::tool;
use super::peers;
use crate::failure::Failure;
use crate::program::{self, command};

/// Mounts, and stays until nobody holds its standard input any more.
const HOLD: &str = "mount -o loop \"$1\" \"$2\" && echo mounted && read -r _";

/// XFS in a file, in a mount namespace that ends with its only process.
#[derive(Debug)]
pub(super) struct Mounted {
    pub(super) folder: PathBuf,
    holder: Child,
}

impl Mounted {
    /// One of `length` bytes, of which only those take room that are used.
    pub(super) fn new(desk: &Desk, length: u64) -> Result<Self, Failure> {
        peers::install("mkfs.xfs", "xfsprogs")?;
        let (file, folder) = (desk.path("xfs"), desk.path("mounted"));
        let made = File::create(&file).and_then(|made| made.set_len(length));
        made.map_err(|error| Failure::file("make", &file, &error))?;
        program::output(tool("mkfs.xfs").args(["-q", "-m", "reflink=1"]).arg(&file))?;
        desk::make_folder(&folder)?;
        let mut hold = tool("unshare");
        hold.args([
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            HOLD,
            "sh",
        ]);
        hold.arg(&file).arg(&folder);
        hold.stdin(Stdio::piped()).stdout(Stdio::piped());
        let holder = hold.spawn();
        let mut holder = holder.map_err(|error| Failure::file("mount", &file, &error))?;
        wait(&mut holder, &file)?;
        Ok(Self { folder, holder })
    }

    /// The same command where this is mounted.
    pub(super) fn inside(&self, inner: &Command) -> Command {
        let mut inside = command("nsenter");
        inside.arg(format!("--mount=/proc/{}/ns/mnt", self.holder.id()));
        inside.arg("--").arg(inner.get_program());
        inside.args(inner.get_args());
        inside
    }

    /// How much of it is used, in bytes.
    pub(super) fn used(&self) -> Result<f64, Failure> {
        let mut sync = command("sync");
        program::output(&mut self.inside(sync.arg("--file-system").arg(&self.folder)))?;
        let mut df = command("df");
        df.args(["--block-size=1", "--output=used"]);
        let told = program::output(&mut self.inside(df.arg(&self.folder)))?;
        let used = told
            .lines()
            .last()
            .and_then(|line| line.trim().parse().ok());
        used.ok_or_else(|| Failure::new(format!("`df` tells no size: {told}")))
    }
}

/// Until it is mounted.
fn wait(holder: &mut Child, file: &Path) -> Result<(), Failure> {
    let mut said = String::new();
    let read = holder.stdout.take().map(BufReader::new);
    let read = read.map_or(Ok(0), |mut read| read.read_line(&mut said));
    match read {
        Ok(_) if said == "mounted\n" => Ok(()),
        _ => Err(Failure::new(format!(
            "{} cannot be mounted; `mount` says above why",
            file.display()
        ))),
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        // What cannot be waited for has ended.
        self.holder.wait().ok();
    }
}
