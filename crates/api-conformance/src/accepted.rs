//! The differences between two clusters that are meant to be.

use serde::Deserialize;

use crate::Difference;

/// One difference that is meant to be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptedDifference {
    /// The place: names and `*` (one part) and `**` (any number of them), joined by `/`.
    pub path: String,
    /// The group that it is accepted in. Default: all.
    pub group: Option<String>,
    /// The row that it is accepted in, by its sentence. Default: all.
    pub row: Option<String>,
    /// Why.
    pub reason: String,
}

/// The whole list.
#[derive(Clone, Debug)]
pub struct Accepted {
    entries: Vec<AcceptedDifference>,
}

/// A list that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the list of accepted differences cannot be read")]
pub struct AcceptedError(#[from] serde_saphyr::Error);

impl Accepted {
    /// The list that comes with the table: what an embedded cluster is not for.
    ///
    /// # Errors
    /// As [`Accepted::read`].
    pub fn usual() -> Result<Accepted, AcceptedError> {
        Accepted::read(include_str!("../accepted.yaml"))
    }

    /// Reads a list in YAML.
    ///
    /// # Errors
    /// It is none, or has unknown fields.
    pub fn read(yaml: &str) -> Result<Accepted, AcceptedError> {
        Ok(Accepted { entries: serde_saphyr::from_str(yaml)? })
    }

    /// The entry that a difference is covered by.
    #[must_use]
    pub fn entry(&self, group: &str, row: &str, difference: &Difference) -> Option<&AcceptedDifference> {
        let parts: Vec<&str> = difference.path.split('/').collect();
        self.entries.iter().find(|entry| {
            entry.group.as_deref().is_none_or(|wanted| wanted == group)
                && entry.row.as_deref().is_none_or(|wanted| wanted == row)
                && matches(&entry.path.split('/').collect::<Vec<_>>(), &parts)
        })
    }

    /// All entries.
    pub fn entries(&self) -> impl Iterator<Item = &AcceptedDifference> {
        self.entries.iter()
    }
}

fn matches(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => (0..=path.len()).any(|skipped| matches(rest, &path[skipped..])),
        (Some((part, rest)), Some((found, further))) => {
            (*part == "*" || part == found) && matches(rest, further)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Accepted, matches};
    use crate::Difference;

    fn holds(pattern: &str, path: &str) -> bool {
        matches(&pattern.split('/').collect::<Vec<_>>(), &path.split('/').collect::<Vec<_>>())
    }

    #[test]
    fn a_star_is_one_part_and_two_are_any_number() {
        assert!(holds("body/*/name", "body/metadata/name"));
        assert!(!holds("body/*/name", "body/a/b/name"));
        assert!(holds("**/managedFields", "body/items/0/metadata/managedFields"));
        assert!(holds("**/managedFields", "managedFields"));
        assert!(!holds("**/managedFields", "body/managedFields/0"));
    }

    #[test]
    fn the_usual_list_gives_a_reason_for_each_entry() {
        let list = Accepted::usual().unwrap();
        assert!(list.entries().count() > 0);
        assert!(list.entries().all(|entry| entry.reason.len() > 20));
    }

    #[test]
    fn an_entry_may_be_for_one_row_only() {
        let list = Accepted::read("- {path: a, group: g, row: r, reason: because}").unwrap();
        let difference = Difference { path: "a".to_owned(), left: None, right: None };
        assert!(list.entry("g", "r", &difference).is_some());
        assert!(list.entry("g", "other", &difference).is_none());
        assert!(list.entry("other", "r", &difference).is_none());
    }
}
