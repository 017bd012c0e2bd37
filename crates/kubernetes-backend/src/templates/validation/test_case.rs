//! A test job with the data of a profile: what templates are rendered for.

use std::path::Path;
use std::sync::Arc;

/// A test job, rendered with the data of a profile.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TestCase {
    /// The name of the job.
    pub job: &'static str,
    /// The file with the data; `None` for no data.
    pub data: Option<Arc<Path>>,
}

/// The jobs of some cases, each once, in their order.
pub(super) fn jobs(cases: &[TestCase]) -> Vec<&'static str> {
    each_once(cases.iter().map(|case| case.job))
}

/// The files with data of some cases, each once, in their order.
pub(super) fn data(cases: &[TestCase]) -> Vec<Option<&Path>> {
    each_once(cases.iter().map(|case| case.data.as_deref()))
}

fn each_once<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut once = Vec::new();
    for item in items {
        if !once.contains(&item) {
            once.push(item);
        }
    }
    once
}

/// As in "rendered with the data of a.yaml, b.yaml, and without any".
pub(super) fn in_words(data: &[Option<&Path>]) -> String {
    let files: Vec<String> = data.iter().flatten().map(|file| file.display().to_string()).collect();
    match (files.is_empty(), data.contains(&None)) {
        (true, _) => "without data of a profile".to_owned(),
        (false, true) => format!("with the data of {}, and without any", files.join(", ")),
        (false, false) => format!("with the data of {}", files.join(", ")),
    }
}
