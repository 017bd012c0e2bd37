//! Jobs that lead through every branch of the templates.

use launcher_api::Job;

/// Each with what is special about it.
pub(super) fn all() -> Vec<(&'static str, Job)> {
    let jobs: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(include_str!("test_jobs.json")).unwrap_or_default();
    NAMES
        .into_iter()
        .filter_map(|name| Some((name, serde_json::from_value(jobs.get(name)?.clone()).ok()?)))
        .collect()
}

/// The jobs of the file, in the order in which they are rendered.
const NAMES: [&str; 5] = ["plain", "session", "everything", "as-root", "image-only"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_of_the_file_is_there() {
        assert_eq!(all().len(), NAMES.len());
    }
}
