//! No message makes a reader panic, and what is read can be written and read again.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use std::fs;
use std::path::Path;

use launcher_api::message_type::{RequestType, ResponseType};
use launcher_api::{Request, Response};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

/// Reads a payload as both sides would. What could be read must survive being written.
fn read_as_both(payload: &[u8]) {
    match Request::from_json(payload) {
        Ok(request) => assert_eq!(Request::from_json(&request.to_json()).unwrap(), request),
        Err(error) => assert_one_line(&error.to_string()),
    }
    match Response::from_json(payload) {
        Ok((response_id, response)) => {
            let written = response.to_json(response_id);
            let (_, again) = Response::from_json(&written).unwrap();
            assert_eq!(json(&again.to_json(response_id)), json(&written));
        }
        Err(error) => assert_one_line(&error.to_string()),
    }
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

fn assert_one_line(text: &str) {
    assert!(!text.contains(char::is_control), "{text:?}");
}

/// All sample messages of both directions.
fn samples() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages");
    ["request", "response"]
        .into_iter()
        .flat_map(|direction| fs::read_dir(folder.join(direction)).unwrap())
        .map(|file| serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap())
        .collect()
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-3..300_i64).prop_map(Value::from),
        select(vec!["", "*", "Running", "stdout", "2026-11-24T09:30:12Z", "nfs"]).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((any_key(), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// Keys that some message has, and others.
fn any_key() -> impl Strategy<Value = String> {
    let known = samples().iter().flat_map(keys).collect::<Vec<_>>();
    prop_oneof![8 => select(known), 1 => any::<String>()]
}

fn keys(value: &Value) -> Vec<String> {
    match value {
        Value::Object(entries) => {
            entries.iter().flat_map(|(key, value)| [vec![key.clone()], keys(value)].concat()).collect()
        }
        Value::Array(items) => items.iter().flat_map(keys).collect(),
        _ => Vec::new(),
    }
}

/// How many values there are in `value`, itself included.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Object(entries) => entries.values().map(size).sum(),
        Value::Array(items) => items.iter().map(size).sum(),
        _ => 0,
    }
}

/// Puts `new` in the place of one of the values in `value`, counted from the outermost.
fn replace(value: &mut Value, place: &mut usize, new: &Value) {
    if *place == 0 {
        *value = new.clone();
        *place = usize::MAX;
        return;
    }
    *place -= 1;
    let inner: Vec<&mut Value> = match value {
        Value::Object(entries) => entries.values_mut().collect(),
        Value::Array(items) => items.iter_mut().collect(),
        _ => Vec::new(),
    };
    inner.into_iter().for_each(|value| replace(value, place, new));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(payload in prop::collection::vec(any::<u8>(), 0..300)) {
        read_as_both(&payload);
    }

    #[test]
    fn any_json_is_read_or_refused(value in any_json()) {
        read_as_both(value.to_string().as_bytes());
    }

    #[test]
    fn any_fields_of_any_message_are_read_or_refused(
        number in select([RequestType::ALL.iter().map(|of| of.number()).collect::<Vec<_>>(),
            ResponseType::ALL.iter().map(|of| of.number()).collect()].concat()),
        fields in prop::collection::vec((any_key(), any_json()), 0..6),
    ) {
        let head: Map<String, Value> = [
            ("username".to_owned(), json!("ines")),
            ("jobId".to_owned(), json!("j1")),
        ].into_iter().collect();
        let mut message: Map<String, Value> = head.into_iter().chain(fields).collect();
        message.insert("messageType".to_owned(), json!(number));
        message.insert("requestId".to_owned(), json!(5));
        read_as_both(Value::Object(message).to_string().as_bytes());
    }

    #[test]
    fn a_good_message_with_a_few_other_values_is_read_or_refused(
        sample in select(samples()),
        changes in prop::collection::vec((any::<Index>(), any_json()), 1..4),
    ) {
        let mut message = sample;
        for (place, new) in changes {
            let mut place = place.index(size(&message));
            replace(&mut message, &mut place, &new);
        }
        read_as_both(message.to_string().as_bytes());
    }

    #[test]
    fn a_good_message_with_a_few_other_bytes_is_read_or_refused(
        sample in select(samples()),
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 1..6),
        end in any::<Index>(),
    ) {
        let mut payload = sample.to_string().into_bytes();
        for (place, byte) in changes {
            let place = place.index(payload.len());
            payload[place] = byte;
        }
        read_as_both(&payload);
        payload.truncate(end.index(payload.len()));
        read_as_both(&payload);
    }
}

#[test]
fn deeply_nested_json_is_refused() {
    let payload = format!(
        "{{\"messageType\":0,\"requestId\":0,\"x\":{}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let error = Request::from_json(payload.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("recursion limit exceeded"), "{error}");
}
