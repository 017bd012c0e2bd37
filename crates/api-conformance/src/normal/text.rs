//! What any text may contain.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Patterns with what takes their place, in order.
static MARKS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<uid>"),
        (r"\beyJ[\w-]+\.[\w-]+\.[\w-]+", "<token>"),
        (r"\b[a-z]+://[0-9a-f]{64}\b", "<runtime>://<id>"),
        (r"\b(sha256:)?[0-9a-f]{64}\b", "<digest>"),
        (r"hash=[0-9A-F]{64,}", "hash=<digest>"),
        (r"\.[0-9a-f]{16}$", ".<random>"),
        (r"\bkube-api-access-[a-z0-9]{5}\b", "kube-api-access-<random>"),
        (r"\bdefault-scheduler-[\w-]+", "default-scheduler-<host>"),
        (r"\bcurrent: \d+", "current: <version>"),
        (r"(too old resource version: \d+) \(\d+\)", "$1 (<version>)"),
        (r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", "<ip>"),
    ]
    .into_iter()
    .filter_map(|(pattern, mark)| Regex::new(pattern).ok().map(|pattern| (pattern, mark)))
    .collect()
});

static TIME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)").ok());

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b3[0-2]\d{3}\b").ok());

/// Puts marks for whatever is accidental.
pub(super) fn replace_all(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(time) = &*TIME {
        text = time.replace_all(&text, time_mark).into_owned();
    }
    for (pattern, mark) in &*MARKS {
        text = pattern.replace_all(&text, *mark).into_owned();
    }
    if let Some(number) = &*NUMBER {
        text = number.replace_all(&text, port_mark).into_owned();
    }
    text
}

fn time_mark(captures: &Captures<'_>) -> String {
    match captures.get(1) {
        None => "<time>".to_owned(),
        Some(fraction) => format!("<time with {} digits>", fraction.len() - 1),
    }
}

/// The bounds of the range are named in messages and stay.
fn port_mark(captures: &Captures<'_>) -> String {
    match &captures[0] {
        bound @ ("30000" | "32767") => bound.to_owned(),
        number if ("30000".."32767").contains(&number) => "<node port>".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{MARKS, NUMBER, TIME, replace_all};

    #[test]
    fn all_patterns_are_patterns() {
        assert_eq!(MARKS.len(), 11);
        assert!(TIME.is_some() && NUMBER.is_some());
    }

    #[test]
    fn versions_of_software_and_ranges_stay_as_they_are() {
        let text = "v1.37.2, valid ports is 30000-32767";
        assert_eq!(replace_all(text), text);
        assert_eq!(replace_all("port 31999 at 10.0.0.1:80"), "port <node port> at <ip>:80");
    }

    #[test]
    fn digests_and_containers_are_told_apart() {
        let hex = "0123456789abcdef".repeat(4);
        assert_eq!(replace_all(&format!("containerd://{hex}")), "<runtime>://<id>");
        assert_eq!(replace_all(&format!("docker.io/x@sha256:{hex}")), "docker.io/x@<digest>");
    }
}
