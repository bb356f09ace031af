//! The files of the project, as they lie in the working tree. Not in here: what
//! must be true of them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Made by tools or by running bramble; nobody writes these.
const NOT_OURS: &[&str] = &[".git", "target", ".bramble"];

/// The project's files, named by their path from its root.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) root: PathBuf,
}

impl Tree {
    pub(crate) fn of_this_project() -> Self {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = own.parent().unwrap_or(own).to_owned();
        Self { root }
    }

    /// All files, in order.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>, Failure> {
        let mut found = Vec::new();
        self.collect(Path::new(""), &mut found)?;
        found.sort();
        Ok(found)
    }

    /// Those whose name ends in `.extension`.
    pub(crate) fn with_extension(&self, extension: &str) -> Result<Vec<PathBuf>, Failure> {
        let mut files = self.files()?;
        files.retain(|file| file.extension().is_some_and(|found| found == extension));
        Ok(files)
    }

    pub(crate) fn read(&self, file: &Path) -> Result<String, Failure> {
        let path = self.root.join(file);
        fs::read_to_string(&path).map_err(|error| Failure::file("read", &path, &error))
    }

    /// A program that cargo built: beside this one, wherever cargo was told to
    /// build.
    pub(crate) fn built(&self, profile: &str, program: &str) -> PathBuf {
        let own = std::env::current_exe().ok();
        let target = own.as_deref().and_then(|own| own.parent()?.parent());
        let target = target.map_or_else(|| self.root.join("target"), Path::to_owned);
        target.join(profile).join(program)
    }

    fn collect(&self, folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
        let path = self.root.join(folder);
        let failed = |error: std::io::Error| Failure::file("read", &path, &error);
        for entry in fs::read_dir(&path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let below = folder.join(&name);
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_file() {
                found.push(below);
            } else if kind.is_dir() && !NOT_OURS.iter().any(|&other| name == other) {
                self.collect(&below, found)?;
            }
        }
        Ok(())
    }
}
