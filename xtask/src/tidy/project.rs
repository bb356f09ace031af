//! The project as rules see it: all text, and Rust parsed. Rules read nothing
//! else, so each is tested on a project made of a few lines. Not in here: rules.

use std::path::{Path, PathBuf};

use super::source::Source;
use crate::failure::Failure;
use crate::tree::Tree;

/// Every file that is text.
#[derive(Debug, Default)]
pub(super) struct Project {
    pub(super) texts: Vec<(PathBuf, String)>,
    pub(super) sources: Vec<Source>,
}

impl Project {
    pub(super) fn read(tree: &Tree) -> Result<Self, Failure> {
        let mut texts = Vec::new();
        for file in tree.files()? {
            // Pictures and the like are nobody's to tidy.
            if let Ok(text) = tree.read(&file) {
                texts.push((file, text));
            }
        }
        Self::of(texts)
    }

    pub(super) fn of(texts: Vec<(PathBuf, String)>) -> Result<Self, Failure> {
        let rust = texts.iter().filter(|(file, _)| has_extension(file, "rs"));
        let sources = rust
            .map(|(file, text)| Source::parse(file, text))
            .collect::<Result<_, _>>()?;
        Ok(Self { texts, sources })
    }

    pub(super) fn text(&self, file: &Path) -> Option<&str> {
        let found = self.texts.iter().find(|(other, _)| other == file);
        found.map(|(_, text)| text.as_str())
    }

    /// Whether there is such a file, or a folder with files.
    pub(super) fn holds(&self, path: &Path) -> bool {
        self.texts.iter().any(|(file, _)| file.starts_with(path))
    }

    /// The files whose name ends in one of these.
    pub(super) fn with_extension<'a>(
        &'a self,
        extensions: &'a [&str],
    ) -> impl Iterator<Item = &'a (PathBuf, String)> {
        let wanted = |file: &Path| extensions.iter().any(|one| has_extension(file, one));
        self.texts.iter().filter(move |(file, _)| wanted(file))
    }
}

fn has_extension(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|found| found == extension)
}

#[cfg(test)]
pub(super) fn project(texts: &[(&str, &str)]) -> Project {
    let owned = |&(file, text): &(&str, &str)| (PathBuf::from(file), text.to_owned());
    Project::of(texts.iter().map(owned).collect()).unwrap()
}
