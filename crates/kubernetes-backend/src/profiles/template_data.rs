//! Which data templates may meet.

use std::path::Path;

use super::{Audience, Profiles};
use crate::templates::ProfileData;

/// What templates see as `.Profile` for some users.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateData<'a> {
    /// The file that a profile's `template-data` names; `None` for users whose profile names none.
    pub file: Option<&'a Path>,
    /// Its content; empty without a file.
    pub content: ProfileData,
}

impl Profiles {
    /// All that templates may see as `.Profile`, each file once, in the order of the profiles; first an empty one, if there may
    /// be users without data. What a later section for everyone overrides is not among it, nor are files that were not read
    /// ([`Profiles::with_template_data`]).
    pub fn possible_template_data(&self) -> Vec<TemplateData<'_>> {
        let mut files: Vec<Option<&Path>> = Vec::new();
        let mut says_something_for_everyone = false;
        for section in self.sections.iter().rev() {
            let data = &section.profile.template_data;
            if data.place.is_none() {
                continue;
            }
            files.push(data.value.as_deref());
            if section.audience == Audience::Everyone {
                says_something_for_everyone = true;
                break;
            }
        }
        if !says_something_for_everyone {
            files.push(None);
        }
        files.reverse();
        files.sort_by_key(Option::is_some);
        let mut possible: Vec<TemplateData<'_>> = Vec::new();
        for file in files {
            let content = match file {
                None => Some(ProfileData::default()),
                Some(file) => self.template_data.get(file).cloned(),
            };
            if let Some(content) = content
                && possible.iter().all(|known| known.file != file)
            {
                possible.push(TemplateData { file, content });
            }
        }
        possible
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::*;
    use crate::profiles::{FileLine, Given, Profile, Section};

    /// Sections as `who=file`; `who=` is an empty value, `who` alone says nothing.
    fn profiles(sections: &[&str]) -> Profiles {
        let section = |(index, text): (usize, &&str)| {
            let (who, file) = text.split_once('=').map_or((*text, None), |(who, file)| (who, Some(file)));
            let audience = match who {
                "*" => Audience::Everyone,
                user => Audience::User(user.to_owned()),
            };
            let template_data = match file {
                None => Given::default(),
                Some(file) => Given {
                    value: Some(PathBuf::from(file)).filter(|file| !file.as_os_str().is_empty()),
                    place: Some(FileLine { path: Path::new("p").into(), line: index + 1 }),
                },
            };
            Section { audience, profile: Profile { template_data, ..Profile::default() } }
        };
        Profiles::new(sections.iter().enumerate().map(section).collect())
    }

    #[test]
    fn what_templates_may_meet_follows_from_the_order_of_the_sections() {
        for (sections, expected) in [
            (&[][..], "none"),
            (&["*", "ada"], "none"),
            (&["ada=a"], "none a"),
            (&["*=all"], "all"),
            (&["*=all", "ada=a", "bob=b"], "all a b"),
            (&["*=all", "ada=a", "bob="], "none all a"),
            (&["ada=a", "*=all", "bob=b"], "all b"),
            (&["ada=a", "*="], "none"),
            (&["*", "ada=a", "bob=a"], "none a"),
            (&["*=all", "ada=unread"], "all"),
        ] {
            let read = ["all", "a", "b"].map(|name| (PathBuf::from(name), ProfileData::default()));
            let profiles = profiles(sections).with_template_data(BTreeMap::from(read));
            let possible = profiles.possible_template_data();
            let names = possible.iter().map(|data| data.file.map_or("none".into(), Path::to_string_lossy));
            assert_eq!(names.collect::<Vec<_>>().join(" "), expected, "{sections:?}");
        }
    }
}
