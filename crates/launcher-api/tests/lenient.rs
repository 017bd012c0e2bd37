//! What is read leniently, as the public SDKs write it in more than one way: each case is a message as it may come, and the
//! same message as it is written here.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use std::fs;
use std::path::Path;

use launcher_api::{Request, Response};
use serde_json::Value;

fn cases(file: &str) -> Vec<(String, Value, Value)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(file);
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert!(!cases.is_empty());
    cases
        .into_iter()
        .map(|mut case| {
            (case["what"].as_str().unwrap().to_owned(), case["read"].take(), case["written"].take())
        })
        .collect()
}

#[test]
fn requests_are_read_in_every_known_form() {
    for (what, read, written) in cases("lenient_requests.json") {
        let request =
            Request::from_json(read.to_string().as_bytes()).unwrap_or_else(|error| panic!("{what}: {error}"));
        let rewritten: Value = serde_json::from_slice(&request.to_json()).unwrap();
        assert_eq!(rewritten, written, "{what}");
    }
}

#[test]
fn responses_are_read_in_every_known_form() {
    for (what, read, written) in cases("lenient_responses.json") {
        let (response_id, response) = Response::from_json(read.to_string().as_bytes())
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        let rewritten: Value = serde_json::from_slice(&response.to_json(response_id)).unwrap();
        assert_eq!(rewritten, written, "{what}");
    }
}
