//! Messages that are wrong, each with the whole text of its error: for whoever wrote the message.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use std::fs;
use std::path::Path;

use launcher_api::{Request, RequestError, Response, ResponseError};
use serde_json::{Value, json};

fn cases(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(file);
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert!(!cases.is_empty());
    cases
}

/// A payload that is no JSON object stands in its case as a string.
fn payload(case: &Value) -> Vec<u8> {
    match &case["payload"] {
        Value::String(text) => text.clone().into_bytes(),
        object => object.to_string().into_bytes(),
    }
}

/// Compares all cases before it fails, so that a change of wording can be seen whole.
fn check(cases: &[Value], outcome: impl Fn(&[u8]) -> Value) {
    let answered = |case: &Value| {
        let mut case = case.clone();
        case["answer"] = outcome(&payload(&case));
        case
    };
    let found: Vec<Value> = cases.iter().map(answered).collect();
    let differences: Vec<&Value> =
        found.iter().zip(cases).filter(|(found, case)| found != case).map(|(found, _)| found).collect();
    assert!(differences.is_empty(), "found:\n{}", serde_json::to_string_pretty(&differences).unwrap());
}

#[test]
fn a_wrong_request_is_told_with_its_id_a_code_and_the_field() {
    check(&cases("wrong_requests.json"), |payload| {
        let error: RequestError = Request::from_json(payload).unwrap_err();
        match error.to_response() {
            Some(response) => serde_json::from_slice(&response.to_json(0)).unwrap(),
            None => json!({ "only logged": error.to_string() }),
        }
    });
}

#[test]
fn a_wrong_response_is_told_with_its_id_and_the_field() {
    check(&cases("wrong_responses.json"), |payload| {
        let error: ResponseError = Response::from_json(payload).unwrap_err();
        json!({ "id": error.request_id, "error": error.to_string() })
    });
}

#[test]
fn a_payload_that_is_not_utf_8_is_not_json() {
    let error = Request::from_json(b"{\"messageType\":0,\"requestId\":0,\"x\":\"\xff\"}").unwrap_err();
    assert_eq!(error.request_id, None);
    assert!(error.to_response().is_none());
    assert!(error.to_string().starts_with("message is not JSON: "), "{error}");
}

#[test]
fn no_more_than_the_beginning_of_a_payload_that_is_not_json_is_shown() {
    let error = Request::from_json("x".repeat(10_000).as_bytes()).unwrap_err().to_string();
    assert!(error.contains(&"x".repeat(200)), "{error}");
    assert!(!error.contains(&"x".repeat(201)), "{error}");
}
