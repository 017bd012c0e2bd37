//! What templates see as `.Profile`: the content of the file that a profile's `template-data` names.

use std::sync::Arc;

use helm_template::Value;
use helm_template::yaml::{self, Root};
use serde_json::{Map, Value as Json};

use super::json::{Reader, to_value};

/// Data of a profile for templates; empty without `template-data`. Cheap to clone.
///
/// Kept as JSON and not as a value of templates: their functions, such as `set`, change maps in place, and what one job's
/// rendering does must not be seen by the next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProfileData(Arc<Map<String, Json>>);

/// Why a file is no data for templates.
#[derive(Debug, thiserror::Error)]
pub enum ProfileDataError {
    /// It is no YAML.
    #[error("it is not valid YAML: {0}")]
    Yaml(#[source] yaml::ReadError),
    /// It is no JSON.
    #[error("it is not valid JSON: {0}")]
    Json(#[source] serde_json::Error),
    /// It is something else than names with values.
    #[error("it holds {found}, where names with values are expected, such as 'cost-centre: 4711'")]
    NoMap {
        /// What it holds.
        found: &'static str,
    },
}

impl ProfileData {
    /// From YAML, as Helm reads it: whole numbers are `int64`, others `float64`. An empty text is an empty map.
    ///
    /// # Errors
    /// [`ProfileDataError`].
    pub fn from_yaml(text: &[u8]) -> Result<Self, ProfileDataError> {
        Self::of(yaml::read(text, Root::Any, &mut Reader).map_err(ProfileDataError::Yaml)?)
    }

    /// From JSON, with numbers as in [`ProfileData::from_yaml`].
    ///
    /// # Errors
    /// [`ProfileDataError`].
    pub fn from_json(text: &[u8]) -> Result<Self, ProfileDataError> {
        Self::of(serde_json::from_slice(text).map_err(ProfileDataError::Json)?)
    }

    fn of(content: Json) -> Result<Self, ProfileDataError> {
        match content {
            Json::Object(entries) => Ok(Self(Arc::new(entries))),
            Json::Null => Ok(Self::default()),
            other => Err(ProfileDataError::NoMap { found: super::what(&other) }),
        }
    }

    /// A map of one's own.
    pub(super) fn to_value(&self) -> Value {
        Value::map(self.0.iter().map(|(name, value)| (name.as_str(), to_value(value))))
    }
}

impl ProfileDataError {
    /// The line that is at fault, from 1, where it is known.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Yaml(error) => error.line(),
            Self::Json(error) => Some(error.line()).filter(|line| *line > 0),
            Self::NoMap { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use helm_template::{Mode, System, Templates};

    use super::*;

    fn rendered(data: &ProfileData, template: &str) -> String {
        let mut templates = Templates::with_world(Mode::Go, Arc::new(System));
        templates.add("t", template).expect("a template");
        templates.render("t", &Value::map([("Profile", data.to_value())])).expect("rendered")
    }

    #[test]
    fn numbers_are_as_helm_reads_them_from_yaml_and_from_json() {
        let template =
            r#"{{ printf "%T %T %T %v" .Profile.whole .Profile.part .Profile.word .Profile.deep.er }}"#;
        let yaml = ProfileData::from_yaml(b"whole: 4711\npart: 0.5\nword: \"1\"\ndeep:\n  er: [yes, 2]\n");
        let json = ProfileData::from_json(
            br#"{"whole": 4711, "part": 0.5, "word": "1", "deep": {"er": [true, 2]}}"#,
        );
        for data in [yaml.expect("YAML"), json.expect("JSON")] {
            assert_eq!(rendered(&data, template), "int64 float64 string [true 2]");
        }
    }

    #[test]
    fn what_a_template_changes_is_not_seen_by_the_next() {
        let data = ProfileData::from_yaml(b"inner: {}\n").expect("YAML");
        let changing = r#"{{ $_ := set .Profile.inner "x" 1 }}{{ $_ := set .Profile "y" 2 }}"#;
        let counting = "{{ len .Profile.inner }} {{ len .Profile }}";
        assert_eq!(rendered(&data, &format!("{changing}{counting}")), "1 2");
        assert_eq!(rendered(&data, counting), "0 1");
    }

    #[test]
    fn nothing_is_an_empty_map_and_anything_but_a_map_is_refused() {
        assert_eq!(ProfileData::from_yaml(b"# nothing yet\n").expect("empty"), ProfileData::default());
        assert_eq!(rendered(&ProfileData::default(), "{{ .Profile }}"), "map[]");
        for (text, told, line) in [
            (
                "- a\n",
                "it holds a list, where names with values are expected, such as 'cost-centre: 4711'",
                None,
            ),
            (
                "7",
                "it holds a number, where names with values are expected, such as 'cost-centre: 4711'",
                None,
            ),
            (
                "a: 1\nb: c: d\n",
                "it is not valid YAML: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in \
                 this context",
                Some(2),
            ),
        ] {
            let error = ProfileData::from_yaml(text.as_bytes()).expect_err("refused");
            assert_eq!((error.to_string().as_str(), error.line()), (told, line), "{text}");
        }
        let error = ProfileData::from_json(b"{\n\"a\": }").expect_err("refused");
        assert_eq!(
            (error.to_string().as_str(), error.line()),
            ("it is not valid JSON: expected value at line 2 column 6", Some(2))
        );
    }
}
