//! What rows call by name: paths, the namespace, and what they kept from answers.

use std::collections::BTreeMap;

/// Values by name; `$name` stands for one in a row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    values: BTreeMap<String, String>,
}

impl Names {
    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.values.insert(name.to_owned(), value);
    }

    /// Puts values and the usual paths in.
    pub(crate) fn fill(&self, text: &str) -> String {
        let mut text = text
            .replace("JOBS", "/apis/batch/v1/namespaces/$namespace/jobs")
            .replace("NS/", "/api/v1/namespaces/$namespace/");
        // The longer name first: it may begin with the shorter one.
        let mut names: Vec<(&String, &String)> = self.values.iter().collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        for (name, value) in names {
            text = text.replace(&format!("${name}"), value);
        }
        text
    }

    /// Puts the names back where their values are. Plain numbers are left alone: too much else looks like them.
    pub(crate) fn unfill(&self, text: &str) -> String {
        let mut values: Vec<(&String, &String)> = self
            .values
            .iter()
            .filter(|(_, value)| value.len() >= 4 && !value.bytes().all(|byte| byte.is_ascii_digit()))
            .collect();
        values.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        let mut text = text.to_owned();
        for (name, value) in values {
            if text.contains(value.as_str()) {
                text = text.replace(value.as_str(), &format!("${name}"));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn a_longer_name_is_filled_before_a_shorter_one_that_begins_it() {
        let mut names = Names::default();
        names.set("port", "1".to_owned());
        names.set("portal", "2".to_owned());
        assert_eq!(names.fill("$portal $port"), "2 1");
    }

    #[test]
    fn values_become_their_names_again_but_numbers_do_not() {
        let mut names = Names::default();
        names.set("namespace", "conformance-abc".to_owned());
        names.set("version", "12345".to_owned());
        assert_eq!(names.unfill("in conformance-abc at 12345"), "in $namespace at 12345");
    }
}
