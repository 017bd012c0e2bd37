//! User and group profiles: what is allowed and assumed for whom (product document 3.1.2 and 3.1.3).
//!
//! [`load`] reads the file, [`files::complete`] the files that it names; what holds for whom is the backend's business
//! ([`kubernetes_backend::profiles`]).

mod error;
pub mod files;
mod ini;
pub mod key;
mod overrides;
pub mod show;
mod template_data;
mod value;

use std::io;
use std::path::Path;

use kubernetes_backend::Profiles;
use kubernetes_backend::profiles::{Audience, Directory, FileLine, Profile, Section};

pub use error::ProfileError;
use ini::Line;

use crate::config::ConfigWarning;

/// A profiles file, read.
#[derive(Debug, Default)]
pub struct ProfilesFile {
    /// What it says. The files that it names are still to be read.
    pub profiles: Profiles,
    /// Every heading for a group, with its line.
    pub groups: Vec<(FileLine, String)>,
    /// What is odd.
    pub warnings: Vec<ConfigWarning>,
}

/// Reads a profiles file, and looks its groups up. One that does not exist is the same as an empty one.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(path: &Path, directory: &dyn Directory) -> Result<ProfilesFile, Vec<ProfileError>> {
    let (mut file, mut errors) = read(path, &bytes(path)?);
    for (place, group) in file.groups.clone() {
        match directory.has_group(&group) {
            Ok(true) => {}
            Ok(false) => errors.push(ProfileError::UnknownGroup { place, group }),
            Err(error) => {
                let cause = error.to_string();
                file.warnings.push(ConfigWarning::GroupNotLookedUp { place, group, cause });
            }
        }
    }
    finished(file, errors)
}

/// Reads a profiles file as [`load`] does, but looks no group up: for what is the same on machines that do not have them.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load_without_groups(path: &Path) -> Result<ProfilesFile, Vec<ProfileError>> {
    parse(path, &bytes(path)?)
}

/// The content of a file; nothing if there is none.
fn bytes(path: &Path) -> Result<Vec<u8>, Vec<ProfileError>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(cause) => Err(vec![ProfileError::Unreadable { path: path.to_owned(), cause }]),
    }
}

/// Reads the content of a profiles file. Groups are not looked up.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(path: &Path, bytes: &[u8]) -> Result<ProfilesFile, Vec<ProfileError>> {
    let (file, errors) = read(path, bytes);
    finished(file, errors)
}

fn finished(file: ProfilesFile, mut errors: Vec<ProfileError>) -> Result<ProfilesFile, Vec<ProfileError>> {
    errors.sort_by(|one, other| one.place().cmp(&other.place()));
    if errors.is_empty() { Ok(file) } else { Err(errors) }
}

fn read(path: &Path, bytes: &[u8]) -> (ProfilesFile, Vec<ProfileError>) {
    let mut errors = Vec::new();
    let mut groups = Vec::new();
    let mut sections: Vec<Section> = Vec::new();
    for line in ini::read(path, bytes, &mut errors) {
        match line {
            Line::Section { place, section: audience } => {
                if let Audience::Group(group) = &audience {
                    groups.push((place, group.clone()));
                }
                sections.push(Section { audience, profile: Profile::default() });
            }
            Line::Entry { place, name, value } => {
                let Some(key) = key::find(&name) else {
                    errors.push(ProfileError::UnknownKey { place, key: name });
                    continue;
                };
                // The keys under a refused heading are checked, though they concern nobody.
                let mut nobody = Profile::default();
                let profile = sections.last_mut().map_or(&mut nobody, |section| &mut section.profile);
                if let Err(refusal) = key.set(profile, &value, place.clone()) {
                    errors.push(ProfileError::Value { place, key: key.name, value, refusal });
                }
            }
        }
    }
    (ProfilesFile { profiles: Profiles::new(sections), groups, warnings: Vec::new() }, errors)
}

#[cfg(test)]
mod tests {
    use kubernetes_backend::profiles::Person;
    use proptest::prelude::*;

    use super::*;

    fn image_of(content: &[u8], person: Person<'_>) -> Option<String> {
        let file = parse(Path::new("p"), content).unwrap();
        file.profiles.effective(person).default_container_image.value.clone()
    }

    #[test]
    fn values_may_hold_what_begins_a_comment_at_the_start_of_a_line() {
        let content = b"\n; images\n[*]\r\n# more\ndefault-container-image = registry.example/r:4.2#1;2 \r\n";
        assert_eq!(image_of(content, Person::Anyone).as_deref(), Some("registry.example/r:4.2#1;2"));
    }

    #[test]
    fn a_user_s_image_is_not_everyone_s() {
        let content = b"[jsmith]\ndefault-container-image=secret:1\n";
        assert_eq!(image_of(content, Person::User { name: "ada", groups: &[] }), None);
        assert_eq!(
            image_of(content, Person::User { name: "jsmith", groups: &[] }).as_deref(),
            Some("secret:1")
        );
    }

    #[test]
    fn a_missing_file_is_an_empty_one() {
        let directory = kubernetes_backend::profiles::SystemDirectory;
        let file = load(Path::new("/nonexistent/profiles.conf"), &directory).unwrap();
        assert_eq!(file.profiles, Profiles::default());
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
