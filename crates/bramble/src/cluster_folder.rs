//! The folder of a cluster: the cluster file, and `.bramble/` beside it with all
//! that is kept and must not be shown.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use bramble_cluster::Cluster;
use bramble_cluster::catalogue::Catalogue;
use bramble_cluster::diagnostic::Diagnostic;
use bramble_cluster::file::{self, Vocabulary};
use bramble_cluster::place::Places;
use rustix::fs::{FlockOperation, flock};

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::safe_file;

/// Longest cluster file, in bytes: a longer one was not written as such.
const LONGEST: u64 = 4_000_000;

/// What a cluster file is called.
pub(crate) const FILE_NAME: &str = "bramble.toml";

/// A cluster file and what is kept beside it.
#[derive(Debug, Clone)]
pub(crate) struct ClusterFolder {
    file: PathBuf,
    kept: PathBuf,
}

/// The right to work on a cluster; given back when dropped, also by a crash.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: fs::File,
}

/// A cluster file as it was read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) text: String,
    pub(crate) cluster: Option<Cluster>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Where everything stands in the text.
    pub(crate) places: Places,
    /// The hardware that is known, the file's own included.
    pub(crate) catalogue: Catalogue,
}

impl ClusterFolder {
    /// The folder of `file`.
    pub(crate) fn of(file: &Path) -> Result<Self, Failure> {
        let file = file.canonicalize().map_err(|error| {
            Failure::new(
                Exit::Usage,
                format!("cannot read {}: {error}", file.display()),
            )
            .hint("name the cluster file with `-f FILE`")
        })?;
        if file.is_dir() {
            let message = format!("{} is a directory, not a cluster file", file.display());
            return Err(Failure::new(Exit::Usage, message).hint(format!(
                "name the file in it: `-f {}`",
                file.join(FILE_NAME).display()
            )));
        }
        let kept = file.parent().unwrap_or(Path::new("/")).join(".bramble");
        Ok(Self { file, kept })
    }

    /// The folder of the nearest cluster file, from `start` upwards.
    pub(crate) fn nearest(start: &Path) -> Option<PathBuf> {
        start
            .ancestors()
            .map(|folder| folder.join(FILE_NAME))
            .find(|file| file.is_file())
    }

    /// The cluster file's path, with no symbolic link in it.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// The path of `name` in `.bramble/`, which is there afterwards.
    pub(crate) fn kept(&self, name: &str) -> Result<PathBuf, Failure> {
        safe_file::make_folder(&self.kept, &self.file)
            .map_err(|error| Failure::file("make", &self.kept, &error))?;
        Ok(self.kept.join(name))
    }

    /// The folder at `name` in `.bramble/`, which is there afterwards with all above it.
    pub(crate) fn kept_folder(&self, name: &str) -> Result<PathBuf, Failure> {
        let mut folder = self.kept("")?;
        for part in name.split('/') {
            folder.push(part);
            safe_file::make_folder(&folder, &self.kept)
                .map_err(|error| Failure::file("make", &folder, &error))?;
        }
        Ok(folder)
    }

    /// Removes all that is remembered under `target`: its name is a part of the names of
    /// the files. A socket is left to the process that listens at it.
    pub(crate) fn forget(&self, target: &str) -> Result<(), Failure> {
        let Ok(entries) = fs::read_dir(&self.kept) else {
            return Ok(());
        };
        let is_meant = |name: &str| name.split(['-', '.']).any(|part| part == target);
        for entry in entries.flatten() {
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if is_file && entry.file_name().to_str().is_some_and(is_meant) {
                let path = entry.path();
                fs::remove_file(&path).map_err(|error| Failure::file("remove", &path, &error))?;
            }
        }
        Ok(())
    }

    /// Reads and checks the cluster file.
    pub(crate) fn read(&self) -> Result<Read, Failure> {
        let bytes = self.bytes()?;
        let text = String::from_utf8(bytes).map_err(|error| not_utf8(&self.file, &error))?;
        let catalogue = Catalogue::builtin();
        let roles = bramble_roles::registry::assigned();
        let reading = file::read(
            &text,
            &Vocabulary {
                catalogue: &catalogue,
                roles: &roles,
            },
        );
        Ok(Read {
            text,
            cluster: reading.cluster,
            diagnostics: reading.diagnostics,
            places: reading.places,
            catalogue: catalogue.with(reading.own),
        })
    }

    /// The file's content; of one that is too long nothing.
    fn bytes(&self) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let read = fs::File::open(&self.file)
            .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes));
        read.map_err(|error| {
            Failure::new(
                Exit::Usage,
                format!("cannot read {}: {error}", self.file.display()),
            )
        })?;
        if bytes.len() as u64 <= LONGEST {
            return Ok(bytes);
        }
        let most = LONGEST / 1_000_000;
        Err(Failure::new(
            Exit::Usage,
            format!("{} is longer than {most} MB", self.file.display()),
        )
        .hint("name a cluster file: even one of 10,000 single nodes has less than 2 MB"))
    }

    /// The cluster; what is wrong with the file is shown first.
    pub(crate) fn cluster(&self, console: &mut Console) -> Result<Cluster, Failure> {
        let read = self.read()?;
        if !read.diagnostics.is_empty() {
            console.say(&self.show(&read));
        }
        read.cluster
            .ok_or_else(|| Failure::new(Exit::Usage, format!("{} has errors", self.name())))
    }

    /// What is wrong with the file, as text.
    pub(crate) fn show(&self, read: &Read) -> String {
        bramble_view::diagnostics::diagnostics(&self.name(), &read.text, &read.diagnostics)
    }

    /// The cluster file's path as one would type it from here.
    pub(crate) fn name(&self) -> String {
        let here = std::env::current_dir().ok();
        let below = here.and_then(|here| self.file.strip_prefix(here).ok());
        below.unwrap_or(&self.file).display().to_string()
    }

    /// The right to work on the cluster, held by one process at a time.
    pub(crate) fn lock(&self, command: &str) -> Result<Lock, Failure> {
        let path = self.kept("lock")?;
        let failed = |error: std::io::Error| Failure::file("lock", &path, &error);
        let mut file = safe_file::open(&path).map_err(failed)?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            let mut holder = String::new();
            file.read_to_string(&mut holder).map_err(failed)?;
            return Err(Failure::new(
                Exit::Busy,
                format!(
                    "{} is being worked on by {}",
                    self.file.display(),
                    holder.trim()
                ),
            )
            .hint("wait for it to end, or end it by its number"));
        }
        let holder = format!("`bramble {command}`, process {}\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.write_all(holder.as_bytes()))
            .map_err(failed)?;
        Ok(Lock { _file: file })
    }
}

fn not_utf8(file: &Path, error: &std::string::FromUtf8Error) -> Failure {
    let valid = error.utf8_error().valid_up_to();
    let before = String::from_utf8_lossy(&error.as_bytes()[..valid]);
    let line = before.matches('\n').count() + 1;
    Failure::new(
        Exit::Usage,
        format!("{}:{line}: this is no UTF-8 text", file.display()),
    )
    .hint("save the file as UTF-8; TOML allows no other encoding")
}

#[cfg(test)]
mod tests;
