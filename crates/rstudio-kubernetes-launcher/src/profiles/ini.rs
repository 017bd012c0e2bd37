//! The syntax of profiles files (plugin API 1.4): sections, `key=value`, and comments at the start of a line only.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use kubernetes_backend::profiles::Audience;

use super::ProfileError;
use crate::config::FileLine;

/// Whom the keys under a heading concern.
fn audience(name: &str) -> Option<Audience> {
    match name.strip_prefix('@').map(str::trim) {
        Some("") => None,
        Some(group) => Some(Audience::Group(group.to_owned())),
        None if name == "*" => Some(Audience::Everyone),
        None if name.is_empty() => None,
        None => Some(Audience::User(name.to_owned())),
    }
}

/// A line that says something.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A heading.
    Section { place: FileLine, section: Audience },
    /// A key under the last heading.
    Entry { place: FileLine, name: String, value: String },
}

/// The lines of a file, in order. Whatever is wrong goes to `errors`, and reading goes on with the next line.
pub(super) fn read(path: &Path, bytes: &[u8], errors: &mut Vec<ProfileError>) -> Vec<Line> {
    let mut reader =
        Reader { path: path.into(), sections: HashMap::new(), keys: HashMap::new(), headed: false };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = Vec::new();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        match reader.line(index + 1, line) {
            Ok(line) => lines.extend(line),
            Err(error) => errors.push(error),
        }
    }
    lines
}

struct Reader {
    path: Arc<Path>,
    /// The line of every heading so far.
    sections: HashMap<Audience, usize>,
    /// The line of every key under the present heading.
    keys: HashMap<String, usize>,
    /// Whether there was a heading; a refused one counts, so that the keys under it are not reported for lacking one.
    headed: bool,
}

impl Reader {
    fn line(&mut self, number: usize, line: &[u8]) -> Result<Option<Line>, ProfileError> {
        let place = FileLine { path: Arc::clone(&self.path), line: number };
        let Ok(line) = std::str::from_utf8(line) else {
            return Err(ProfileError::NotText { place });
        };
        let line = line.trim();
        if line.is_empty() || line.starts_with([';', '#']) {
            Ok(None)
        } else if let Some(heading) = line.strip_prefix('[') {
            self.keys.clear();
            self.headed = true;
            let section = self.section(&place, line, heading)?;
            Ok(Some(Line::Section { place, section }))
        } else {
            let Some((name, value)) = line.split_once('=') else {
                return Err(ProfileError::NoEquals { place, text: line.to_owned() });
            };
            let name = name.trim_end().to_owned();
            if !self.headed {
                return Err(ProfileError::NoSection { place, key: name });
            }
            if let Some(first) = self.keys.get(&name) {
                return Err(ProfileError::KeyTwice { place, key: name, first: *first });
            }
            self.keys.insert(name.clone(), number);
            Ok(Some(Line::Entry { place, name, value: value.trim_start().to_owned() }))
        }
    }

    fn section(&mut self, place: &FileLine, line: &str, heading: &str) -> Result<Audience, ProfileError> {
        let place = place.clone();
        let Some(name) = heading.strip_suffix(']') else {
            return Err(ProfileError::SectionNotClosed { place, text: line.to_owned() });
        };
        let Some(section) = audience(name.trim()) else {
            return Err(ProfileError::SectionWithoutName { place, text: line.to_owned() });
        };
        if let Some(first) = self.sections.get(&section) {
            return Err(ProfileError::SectionTwice { place, section: line.to_owned(), first: *first });
        }
        self.sections.insert(section.clone(), place.line);
        Ok(section)
    }
}
