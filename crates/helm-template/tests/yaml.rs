//! Go's answers about YAML, replayed.

#![expect(clippy::unwrap_used, reason = "a broken case file fails the test")]

#[path = "yaml_support/question.rs"]
mod question;

use helm_template::yaml::{Duplicates, Root, Value, Values, read, read_with};
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

#[test]
fn errors_tell_the_real_line_and_the_problem_apart_from_gos_text() {
    let told = |text: &str| {
        let error = read_with(text.as_bytes(), Root::Mapping, Duplicates::Refused, &mut Values).unwrap_err();
        (error.line(), error.problem(), error.to_string())
    };
    let converting = "error converting YAML to JSON: yaml: ";
    for (text, line, problem, shown) in [
        // Go counts the lines of the scanner from 1 and leaves out the first, and those of the parser from 0.
        ("a: @", Some(1), "found character that cannot start any token", ""),
        ("\na: @", Some(2), "found character that cannot start any token", "line 2: "),
        ("a: ]", Some(1), "did not find expected node content", ""),
        ("\na: ]", Some(2), "did not find expected node content", "line 1: "),
        // Go tells no line at all of what is wrong with a value.
        ("a: 1\nb: *c", Some(2), "unknown anchor 'c' referenced", ""),
        ("a: 1\nb: !!int x", Some(2), "cannot decode !!str `x` as a !!int", ""),
        ("a: 1\n[b]: c", Some(2), "invalid map key: []interface {}{\"b\"}", ""),
        ("a: 1\n<<: c", Some(2), "map merge requires map or sequence of maps as the value", ""),
        ("a: \u{7f}", None, "control characters are not allowed", ""),
    ] {
        let expected = (line, problem.to_owned(), format!("{converting}{shown}{problem}"));
        assert_eq!(told(text), expected, "{text:?}");
    }
    let (line, problem, shown) = told("a: 1\nb: 2\na: 3");
    assert_eq!(
        (line, problem.as_str()),
        (Some(3), "unmarshal errors:\n  line 3: key \"a\" already set in map")
    );
    assert_eq!(shown, format!("{converting}{problem}"));
}

#[test]
fn nothing_is_an_empty_mapping_or_list_where_one_is_asked_for() {
    for text in ["", "null", "# nothing\n", "---\n...\n"] {
        let read = |root| read(text.as_bytes(), root, &mut Values).unwrap();
        assert_eq!(read(Root::Any), Value::Null);
        assert_eq!(read(Root::Mapping), Value::Mapping(Vec::new()));
        assert_eq!(read(Root::Sequence), Value::Sequence(Vec::new()));
    }
}
