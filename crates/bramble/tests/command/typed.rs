//! Typing commands, in a directory of one's own. Not in here: any test.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A directory to type commands in, where nothing of this machine's user shows.
pub(crate) struct Place {
    folder: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) output: String,
    pub(crate) complaint: String,
}

impl Place {
    /// With nothing in it.
    pub(crate) fn empty() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    /// With a cluster file.
    pub(crate) fn with(cluster_file: impl AsRef<[u8]>) -> Self {
        let place = Self::empty();
        fs::write(place.path("bramble.toml"), cluster_file).unwrap();
        place
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    /// The command with `args`, not yet started.
    pub(crate) fn command(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bramble"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("HOME", self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Types `args`, waits, and replaces the place's own path by `HERE`.
    pub(crate) fn types(&self, args: &[&str]) -> Ended {
        let output = self.command(args).output().unwrap();
        let here = self.path("").display().to_string();
        let here = here.trim_end_matches('/');
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(here, "HERE");
        Ended {
            status: output.status.code().unwrap(),
            output: text(output.stdout),
            complaint: text(output.stderr),
        }
    }
}
