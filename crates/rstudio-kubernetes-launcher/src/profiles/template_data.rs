//! The files that `template-data` names: YAML, or JSON where the name ends so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kubernetes_backend::Profiles;
use kubernetes_backend::profiles::{Audience, FileLine};
use kubernetes_backend::templates::ProfileData;

use super::ProfileError;

/// The content of all files with data for templates, each read once.
pub(super) fn read(profiles: &Profiles, errors: &mut Vec<ProfileError>) -> BTreeMap<PathBuf, ProfileData> {
    let mut contents = BTreeMap::new();
    for (section, place, path) in profiles.template_data_files() {
        if !contents.contains_key(path) {
            match content(section, place, path) {
                Ok(content) => drop(contents.insert(path.to_owned(), content)),
                Err(error) => errors.push(error),
            }
        }
    }
    contents
}

fn content(section: &Audience, place: &FileLine, path: &Path) -> Result<ProfileData, ProfileError> {
    let (section, place) = (section.to_string(), place.clone());
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(cause) => {
            return Err(ProfileError::DataUnreadable { place, section, path: path.to_owned(), cause });
        }
    };
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let read = if is_json { ProfileData::from_json(&bytes) } else { ProfileData::from_yaml(&bytes) };
    read.map_err(|cause| ProfileError::DataNotUsable {
        place,
        section,
        path: path.to_owned(),
        cause: Box::new(cause),
    })
}

#[cfg(test)]
mod tests {
    use kubernetes_backend::TemplateSource;
    use kubernetes_backend::profiles::Person;

    use super::super::{ProfileError, files, parse};
    use super::*;

    /// The folder's own path is `$DIR`.
    fn completed(folder: &tempfile::TempDir, content: &str) -> Result<Profiles, Vec<String>> {
        let here = folder.path().to_str().unwrap();
        let profiles = parse(Path::new("p"), content.replace("$DIR", here).as_bytes()).unwrap().profiles;
        let told = |error: &ProfileError| error.in_one_line().replace(here, "$DIR");
        let completed = files::complete(profiles, &TemplateSource::BuiltIn);
        completed.map(|(profiles, _)| profiles).map_err(|errors| errors.iter().map(told).collect())
    }

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        folder
    }

    #[test]
    fn the_last_file_that_concerns_a_user_counts_and_nothing_takes_it_away() {
        let folder = folder(&[
            ("all.yaml", "queue: day\n"),
            ("staff.yaml", "queue: night\n"),
            ("ada.json", "{\"queue\":\n\t\"\\ud83d\\ude00\"}"),
        ]);
        let content = "[*]\ntemplate-data=$DIR/all.yaml\n[@staff]\ntemplate-data = $DIR/staff.yaml\n[ada]\n\
                       template-data=$DIR/ada.json\n[bob]\ntemplate-data=\n";
        let profiles = completed(&folder, content).unwrap();
        let staff = ["staff".to_owned()];
        let of = |name, groups| profiles.effective(Person::User { name, groups }).profile_data;
        let yaml = |text: &str| ProfileData::from_yaml(text.as_bytes()).unwrap();
        assert_eq!(profiles.effective(Person::Anyone).profile_data, yaml("queue: day"));
        assert_eq!(of("eve", &[]), yaml("queue: day"));
        assert_eq!(of("eve", &staff), yaml("queue: night"));
        assert_eq!(of("ada", &staff), yaml("queue: 😀"));
        assert_eq!(of("bob", &staff), ProfileData::default());
    }

    #[test]
    fn what_is_wrong_with_files_is_told_all_at_once_in_the_order_of_the_lines() {
        let folder =
            folder(&[("bad.yaml", "a: 1\nb: c: d\n"), ("list.yaml", "- a\n"), ("bad.json", "{\n\"a\":}")]);
        let content = "[*]\njob-json-overrides=\"/a\":\"$DIR/none\"\n[@staff]\ntemplate-data=$DIR/none.yaml\n[ada]\n\
                       template-data=$DIR/bad.yaml\n[bob]\ntemplate-data=$DIR/list.yaml\n[eve]\n\
                       template-data=$DIR/bad.json\n";
        let errors = completed(&folder, content).unwrap_err();
        insta::assert_snapshot!(errors.join("\n"));
    }
}
