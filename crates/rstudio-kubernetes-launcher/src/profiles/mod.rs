//! User and group profiles: what is allowed and assumed for whom (product document 3.1.2).
//!
//! Of the file's keys one is acted upon so far: `default-container-image` under `[*]`. Everything else is checked and
//! answered with a warning, so that no limit is believed to hold that does not.

mod error;
mod ini;
pub mod key;

use std::io;
use std::path::Path;

use kubernetes_backend::Profiles;

pub use error::ProfileError;
use ini::{Line, Section};
use key::Key;

use crate::config::ConfigWarning;

/// A profiles file, read.
#[derive(Debug, Default)]
pub struct ProfilesFile {
    /// What is acted upon.
    pub profiles: Profiles,
    /// What is not.
    pub warnings: Vec<ConfigWarning>,
}

/// Reads a profiles file. One that does not exist is the same as an empty one.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(path: &Path) -> Result<ProfilesFile, Vec<ProfileError>> {
    match std::fs::read(path) {
        Ok(bytes) => parse(path, &bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(ProfilesFile::default()),
        Err(cause) => Err(vec![ProfileError::Unreadable { path: path.to_owned(), cause }]),
    }
}

/// Reads the content of a profiles file.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(path: &Path, bytes: &[u8]) -> Result<ProfilesFile, Vec<ProfileError>> {
    let mut errors = Vec::new();
    let mut file = ProfilesFile::default();
    let mut everyone = false;
    for line in ini::read(path, bytes, &mut errors) {
        match line {
            Line::Section { place, section } => {
                everyone = section == Section::Everyone;
                if !everyone {
                    let what = format!("the section '{section}'");
                    file.warnings.push(ConfigWarning::ProfileNotServedYet { place, what });
                }
            }
            Line::Entry { place, name, value } => {
                let Some(key) = key::find(&name) else {
                    errors.push(ProfileError::UnknownKey { place, key: name });
                    continue;
                };
                if let Err(refusal) = key.check(&value) {
                    errors.push(ProfileError::Value { place, key: key.name, value, refusal });
                } else if everyone {
                    apply(&mut file, key, value, place);
                }
            }
        }
    }
    errors.sort_by(|one, other| one.place().cmp(&other.place()));
    if errors.is_empty() { Ok(file) } else { Err(errors) }
}

fn apply(file: &mut ProfilesFile, key: &Key, value: String, place: crate::config::FileLine) {
    if key.name == key::DEFAULT_CONTAINER_IMAGE {
        file.profiles.default_container_image = Some(value).filter(|image| !image.is_empty());
    } else {
        file.warnings.push(ConfigWarning::ProfileNotServedYet { place, what: format!("'{}'", key.name) });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_default_image_of_everyone_is_acted_upon() {
        let content =
            b"; images\n[*]\ndefault-container-image = r:4.2 # not a comment\n[@staff]\nmax-cpus=2\n";
        let errors = parse(Path::new("p"), content).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        let content = b"\n; images\n[*]\r\ndefault-container-image = registry.example/r:4.2 \r\n";
        let file = parse(Path::new("p"), content).unwrap();
        assert_eq!(file.profiles.default_container_image.as_deref(), Some("registry.example/r:4.2"));
        assert!(file.warnings.is_empty());
    }

    #[test]
    fn a_user_s_image_is_not_taken_for_everyone_s() {
        let file = parse(Path::new("p"), b"[jsmith]\ndefault-container-image=secret:1\n").unwrap();
        assert_eq!(file.profiles.default_container_image, None);
        assert_eq!(file.warnings.len(), 1);
    }

    #[test]
    fn a_missing_file_is_an_empty_one() {
        let file = load(Path::new("/nonexistent/profiles.conf")).unwrap();
        assert_eq!(file.profiles.default_container_image, None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) {
            let lines = bytes.split(|byte| *byte == b'\n').count();
            let mistakes = parse(Path::new("p"), &bytes).err().map_or(0, |errors| errors.len());
            prop_assert!(mistakes <= lines);
        }
    }
}
