//! The templates of an administrator: files in the scratch path.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use helm_template::{Mode, Templates};

use super::version::{Told, told};
use super::world::PluginWorld;
use super::{
    BUILT_IN_JOB, BUILT_IN_SERVICE, LoadError, LoadFault, ObjectKind, ObjectTemplates, TemplateVersion,
    functions,
};

/// Template files are below this; what is larger is something else.
const LARGEST_FILE: u64 = 4 * 1024 * 1024;

/// A folder with templates, and how they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFolder {
    /// The folder: the scratch path.
    pub path: PathBuf,
    /// Which version the templates have to be of.
    pub version: TemplateVersion,
    /// How long a program that a template runs may take.
    pub exec_limit: Duration,
}

impl TemplateFolder {
    /// Reads all files of the folder whose names end in `.tpl`, as one set.
    ///
    /// # Errors
    /// All that is wrong with them; the set is whole or not there.
    pub fn load(&self) -> Result<ObjectTemplates, Vec<LoadError>> {
        let mut errors = Vec::new();
        let mut files = self.files().map_err(|error| vec![error])?;
        for kind in [ObjectKind::Job, ObjectKind::Service] {
            match files.iter().find(|file| file.name == kind.file()) {
                Some(file) => errors.extend(self.check_version(file)),
                None => {
                    errors.push(LoadError::of(self.path.join(kind.file()), LoadFault::Missing));
                }
            }
        }
        let world = Arc::new(PluginWorld::new(self.exec_limit));
        let mut templates = Templates::with_world(Mode::Go, world).with_functions(functions::all());
        // What others include comes first, so that checks know it.
        files.sort_by_key(|file| (ObjectKind::of_file(&file.name).is_some(), file.name.clone()));
        for File { name, path, text } in files {
            let found = templates.check(&name, &text);
            if found.is_empty() {
                // What was just checked can be added.
                errors.extend(templates.add(&name, &text).err().map(|error| syntax(&path, &text, error)));
            }
            errors.extend(found.into_iter().map(|error| syntax(&path, &text, error)));
        }
        if errors.is_empty() { Ok(ObjectTemplates::of_folder(templates)) } else { Err(errors) }
    }

    /// Writes `job.tpl` and `service.tpl` where there are none, and makes the folder if need be. Returns what was written.
    ///
    /// # Errors
    /// A file that can't be written, and why.
    pub fn write_missing(&self) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
        std::fs::create_dir_all(&self.path).map_err(|error| (self.path.clone(), error))?;
        let mut written = Vec::new();
        for (kind, text) in [(ObjectKind::Job, BUILT_IN_JOB), (ObjectKind::Service, BUILT_IN_SERVICE)] {
            let path = self.path.join(kind.file());
            match write_new(&path, text) {
                Ok(()) => written.push(path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err((path, error)),
            }
        }
        Ok(written)
    }

    /// All files of the set, as they are now.
    pub(super) fn files(&self) -> Result<Vec<File>, LoadError> {
        let failed = |path: &Path, error| LoadError::of(path.to_owned(), LoadFault::Unreadable(error));
        let mut files = Vec::new();
        let entries = std::fs::read_dir(&self.path).map_err(|error| failed(&self.path, error))?;
        for entry in entries {
            let path = entry.map_err(|error| failed(&self.path, error))?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()).map(str::to_owned) else {
                continue;
            };
            // Editors keep half-finished and former texts beside a file, under names with a dot first.
            if !name.ends_with(".tpl") || name.starts_with('.') {
                continue;
            }
            let size = std::fs::metadata(&path).map_err(|error| failed(&path, error))?.len();
            if size > LARGEST_FILE {
                return Err(LoadError::of(path, LoadFault::TooLarge { size, limit: LARGEST_FILE }));
            }
            let text = std::fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
            files.push(File { name, path, text });
        }
        Ok(files)
    }

    fn check_version(&self, file: &File) -> Option<LoadError> {
        let expected = self.version;
        let fault = match told(&file.text) {
            Told::Version { line, word } => {
                // Newer templates in use begin with comments of their own.
                let in_place = line == 1 || expected != TemplateVersion::ONE;
                (word != expected.as_str() || !in_place).then_some(LoadFault::Version {
                    line,
                    found: word,
                    expected,
                })
            }
            Told::Nothing { first } => Some(LoadFault::NoVersion { first, expected }),
        };
        fault.map(|fault| LoadError::in_text(&file.path, &file.text, fault))
    }
}

/// A file of the set.
pub(super) struct File {
    pub(super) name: String,
    path: PathBuf,
    pub(super) text: String,
}

fn syntax(path: &Path, text: &str, error: helm_template::Error) -> LoadError {
    LoadError::in_text(path, text, LoadFault::Syntax(error))
}

/// Writes a file that must not be there: whole, or not at all.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes()).inspect_err(|_| {
        // Half a template would be taken for one that somebody has changed.
        drop(std::fs::remove_file(path));
    })
}

#[cfg(test)]
mod tests;
