//! The files that `job-json-overrides` names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kubernetes_backend::Profiles;
use kubernetes_backend::profiles::{FileLine, OverrideFile, lost_needs};
use serde_json::Value;

use super::ProfileError;
use crate::config::ConfigWarning;

/// What the files of overrides hold.
pub(super) type FileValues = BTreeMap<PathBuf, Arc<Value>>;

/// Reads the files of all overrides, each once.
pub(super) fn read(
    profiles: &Profiles,
    errors: &mut Vec<ProfileError>,
    warnings: &mut Vec<ConfigWarning>,
) -> FileValues {
    let mut values = FileValues::new();
    for (place, file) in profiles.override_files() {
        if !values.contains_key(&file.path) {
            match value(place, file) {
                Ok(value) => values.insert(file.path.clone(), Arc::new(value)),
                Err(error) => {
                    errors.push(error);
                    continue;
                }
            };
        }
        let lost = values.get(&file.path).map(|value| lost_needs(&file.pointer, value)).unwrap_or_default();
        warnings.extend(lost.into_iter().map(|lost| ConfigWarning::OverrideLoses {
            place: place.clone(),
            pointer: file.pointer.to_string(),
            lost,
        }));
    }
    values
}

/// What is said of overrides where templates make the objects, so that nothing is overridden (product document 3.1).
pub(super) fn ignored(profiles: &Profiles) -> Vec<ConfigWarning> {
    let mut places: Vec<&FileLine> = profiles.override_files().map(|(place, _)| place).collect();
    places.dedup();
    places.into_iter().map(|place| ConfigWarning::OverridesIgnored { place: place.clone() }).collect()
}

fn value(place: &FileLine, file: &OverrideFile) -> Result<Value, ProfileError> {
    let (place, pointer) = (place.clone(), file.pointer.to_string());
    let path: &Path = &file.path;
    match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|cause| ProfileError::OverrideNotJson {
            place,
            pointer,
            path: path.to_owned(),
            cause,
        }),
        Err(cause) => Err(ProfileError::OverrideUnreadable { place, pointer, path: path.to_owned(), cause }),
    }
}

#[cfg(test)]
mod tests {
    use kubernetes_backend::TemplateSource;
    use kubernetes_backend::templates::{TemplateFolder, TemplateVersion};

    use super::super::files::{Complete, complete};
    use super::*;

    fn completed(content: &str) -> Result<Complete, Vec<ProfileError>> {
        complete(profiles(content), &TemplateSource::BuiltIn)
    }

    fn profiles(content: &str) -> Profiles {
        super::super::parse(Path::new("p"), content.as_bytes()).unwrap().profiles
    }

    #[test]
    fn files_are_read_and_what_is_wrong_with_them_is_told_all_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().display();
        std::fs::write(folder.path().join("good"), "[1]").unwrap();
        std::fs::write(folder.path().join("bad"), "[1,\n]").unwrap();
        let good = format!("[*]\njob-json-overrides=\"/spec/a\":\"{dir}/good\",\"/spec/b\":\"{dir}/good\"\n");
        let (read_in, warnings) = completed(&good).unwrap();
        assert_eq!(warnings, []);
        assert_eq!(read_in.override_value(&folder.path().join("good")), Some(&serde_json::json!([1])));

        let bad = format!(
            "{good}[ada]\njob-json-overrides=\"/spec/a\":\"{dir}/bad\"\n[bob]\n\
             job-json-overrides=\"/b~1c\":\"{dir}/none\"\n"
        );
        let errors: Vec<String> = completed(&bad).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            errors,
            [
                format!(
                    "p:4: the value for '/spec/a' in the file '{dir}/bad' is not valid JSON: trailing comma at line 2 \
                     column 1"
                ),
                format!(
                    "p:6: cannot read the value for '/b~1c' from the file '{dir}/none': No such file or directory (os \
                     error 2)"
                ),
            ]
        );
    }

    #[test]
    fn nothing_is_read_where_templates_make_the_objects() {
        let content = "[*]\njob-json-overrides=\"/a\":\"/none\",\"/b\":\"/none\"\n";
        let folder = TemplateFolder {
            path: "/nonexistent".into(),
            version: TemplateVersion::ONE,
            exec_limit: std::time::Duration::from_secs(1),
        };
        let (profiles, warnings) = complete(profiles(content), &TemplateSource::Folder(folder)).unwrap();
        let texts: Vec<String> = warnings.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["p:2: 'job-json-overrides' has no effect while 'use-templating' is on"]);
        let person = kubernetes_backend::profiles::Person::Anyone;
        assert!(profiles.effective(person).overrides.is_empty());
    }

    #[test]
    fn a_change_that_takes_away_what_the_plugin_needs_is_warned_of() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("containers");
        std::fs::write(&file, r#"[{"name": "mine"}]"#).unwrap();
        let line = format!("\"/spec/template/spec/containers\":\"{}\"", file.display());
        let (_, warnings) = completed(&format!("[*]\njob-json-overrides={line}\n")).unwrap();
        let texts: Vec<String> = warnings.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "p:2: 'job-json-overrides' takes away what the plugin needs by changing '/spec/template/spec/containers': the \
              container that runs the job"
            ]
        );
    }
}
