//! Every message of the public API, in both directions: what is read is written again as the same JSON.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use launcher_api::message_type::{RequestType, ResponseType};
use launcher_api::{Request, RequestBody, Response};
use serde_json::Value;

/// The messages in `tests/messages/<direction>`, by name.
fn messages(direction: &str) -> BTreeMap<String, Vec<u8>> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages").join(direction);
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|file| (file.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read(&file).unwrap()))
        .collect()
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

#[test]
fn each_request_is_written_as_it_was_read() {
    for (name, message) in messages("request") {
        let request = Request::from_json(&message).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(json(&request.to_json()), json(&message), "{name}");
    }
}

#[test]
fn each_response_is_written_as_it_was_read() {
    let requests = messages("request");
    for (name, message) in messages("response") {
        let (response_id, mut response) =
            Response::from_json(&message).unwrap_or_else(|error| panic!("{name}: {error}"));
        // A list of jobs with only some fields is written so because the request of the same name asked for it.
        if let (Response::JobState(state), Some(request)) = (&mut response, requests.get(&name))
            && let RequestBody::GetJobs(get_jobs) = Request::from_json(request).unwrap().body
        {
            state.fields = get_jobs.fields;
        }
        assert_eq!(json(&response.to_json(response_id)), json(&message), "{name}");
    }
}

#[test]
fn the_responses_that_do_not_count_are_written_with_response_id_0() {
    let mut not_counting = Vec::new();
    for (name, message) in messages("response") {
        let (_, response) = Response::from_json(&message).unwrap();
        let written = json(&response.to_json(77));
        let expected = if response.counts_response_id() { 77 } else { 0 };
        assert_eq!(written["responseId"], expected, "{name}");
        if !response.counts_response_id() {
            not_counting.push(response.message_type());
        }
    }
    not_counting.sort_unstable();
    not_counting.dedup();
    assert_eq!(not_counting, [-1, 0, 203]);
}

#[test]
fn no_message_is_without_an_example() {
    let numbers = |direction| -> Vec<i64> {
        messages(direction).values().map(|message| json(message)["messageType"].as_i64().unwrap()).collect()
    };
    let (requests, responses) = (numbers("request"), numbers("response"));
    for request in RequestType::ALL {
        assert!(requests.contains(&request.number()), "no request {request}");
    }
    for response in ResponseType::ALL {
        assert!(responses.contains(&response.number()), "no response {response}");
    }
}

#[test]
fn messages_are_compact_and_begin_with_their_type_and_ids() {
    let heartbeat = Request { id: launcher_api::RequestId(0), body: RequestBody::Heartbeat };
    assert_eq!(String::from_utf8(heartbeat.to_json()).unwrap(), r#"{"messageType":0,"requestId":0}"#);
    assert_eq!(
        String::from_utf8(Response::Heartbeat.to_json(5)).unwrap(),
        r#"{"messageType":0,"requestId":0,"responseId":0}"#
    );
}
