//! Go's answers about YAML, replayed.

#![expect(clippy::unwrap_used, reason = "a broken case file fails the test")]

#[path = "yaml_support/question.rs"]
mod question;

use helm_template::yaml::{Root, Values, read};
use question::{answer, is_same, joined};
use serde_json::{Value as Json, json};

/// Replays a file of cases: questions, each with the answer that Go gave.
fn replay(file: &str) {
    let cases: Vec<Json> = serde_json::from_str(file).unwrap();
    assert!(!cases.is_empty());
    let different: Vec<String> = cases
        .iter()
        .map(|case| (case, answer(case)))
        .filter(|(case, ours)| !is_same(case, &case["go"], ours))
        .map(|(case, ours)| format!("{case}\n  ours {ours}"))
        .collect();
    assert!(different.is_empty(), "{} of {} differ:\n{}", different.len(), cases.len(), different.join("\n"));
}

#[test]
fn known_values_are_written_as_go_writes_them() {
    replay(include_str!("yaml/values.json"));
}

#[test]
fn known_documents_are_read_and_refused_as_go_does() {
    replay(include_str!("yaml/documents.json"));
}

#[test]
fn generated_values_are_written_as_go_writes_them() {
    replay(include_str!("yaml/generated-values.json"));
}

#[test]
fn generated_documents_are_read_and_refused_as_go_does() {
    replay(include_str!("yaml/generated-documents.json"));
}

#[test]
fn nesting_ends_where_it_ends_in_go() {
    let cases: Vec<Json> = serde_json::from_str(include_str!("yaml/nesting.json")).unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let result = read(joined(&case["parts"]).as_bytes(), Root::Mapping, &mut Values);
        let ours = result.map_or_else(|error| json!(error.to_string()), |_| Json::Null);
        assert_eq!(ours, case["go"]["error"], "{}", case["parts"]);
    }
}
