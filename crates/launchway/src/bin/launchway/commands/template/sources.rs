//! The files of a set.

use std::path::{Path, PathBuf};

use helm_template::diagnostic;

use crate::failure::Failure;

/// The texts of a set, in the order of their names.
#[derive(Debug)]
pub(super) struct Sources(Vec<Source>);

/// One file.
#[derive(Debug)]
pub(super) struct Source {
    /// What templates and errors call it: the name of the file without its folder.
    pub(super) name: String,
    path: String,
    pub(super) text: Vec<u8>,
}

/// The files of a set: the file itself, or those of a folder that end with `.tpl`, by name.
pub(super) fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let failed = |source| Failure::ReadFile { path: path.to_owned(), source };
    let entries = std::fs::read_dir(path).map_err(failed)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files: Vec<PathBuf> = entries.collect::<Result<_, _>>().map_err(failed)?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "tpl") && !file.is_dir());
    files.sort();
    Ok(files)
}

impl Sources {
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let files = files(path)?;
        if files.is_empty() {
            return Err(Failure::NoTemplates { path: path.to_owned() });
        }
        let read = |path: PathBuf| match std::fs::read(&path) {
            Ok(text) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Ok(Source { name, path: path.display().to_string(), text })
            }
            Err(source) => Err(Failure::ReadFile { path, source }),
        };
        files.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Source> {
        self.0.iter().find(|source| source.name == name)
    }

    /// A file as errors are drawn with it.
    pub(super) fn drawn(&self, name: &str) -> Option<diagnostic::Source<'_>> {
        self.get(name).map(|source| diagnostic::Source { path: &source.path, text: &source.text })
    }

    /// All, with the one of that name last: it is parsed after those that it uses, as in `oracle/helm`.
    pub(super) fn with_last(&self, name: &str) -> impl Iterator<Item = &Source> {
        let (last, first): (Vec<&Source>, Vec<&Source>) =
            self.0.iter().partition(|source| source.name == name);
        first.into_iter().chain(last)
    }
}
