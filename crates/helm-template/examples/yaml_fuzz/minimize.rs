//! Shortening a question while its answers still differ.

use serde_json::{Value as Json, json};

use crate::generate::text;
use crate::question::bytes;

/// The shortest question found for which `is_different` holds.
pub(crate) fn minimize(question: &Json, mut is_different: impl FnMut(&Json) -> bool) -> Json {
    let mut best = question.clone();
    while let Some(smaller) = candidates(&best).into_iter().find(|candidate| is_different(candidate)) {
        best = smaller;
    }
    best
}

fn candidates(question: &Json) -> Vec<Json> {
    let op = &question["op"];
    match question.get("value") {
        Some(value) => {
            smaller_values(value).into_iter().map(|value| json!({ "op": op, "value": value })).collect()
        }
        None => smaller_texts(&bytes(&question["text"]))
            .map(|cut| json!({ "op": op, "text": text(&cut) }))
            .collect(),
    }
}

fn smaller_texts(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    let steps = [64, 16, 8, 4, 3, 2, 1];
    steps.into_iter().flat_map(move |step| {
        (0..(bytes.len() + 1).saturating_sub(step))
            .map(move |at| [&bytes[..at], &bytes[at + step..]].concat())
    })
}

fn smaller_values(value: &Json) -> Vec<Json> {
    let mut smaller = Vec::new();
    match value {
        Json::Array(items) => {
            smaller.extend(items.iter().cloned());
            for at in 0..items.len() {
                let mut fewer = items.clone();
                fewer.remove(at);
                smaller.push(Json::Array(fewer));
            }
            for (at, item) in items.iter().enumerate() {
                for item in smaller_values(item) {
                    let mut items = items.clone();
                    items[at] = item;
                    smaller.push(Json::Array(items));
                }
            }
        }
        Json::Object(object) if object.contains_key("map") => {
            let entries = object["map"].as_array().unwrap();
            smaller.extend(entries.iter().map(|entry| entry[1].clone()));
            for at in 0..entries.len() {
                let mut fewer = entries.clone();
                fewer.remove(at);
                smaller.push(json!({ "map": fewer }));
            }
            for (at, entry) in entries.iter().enumerate() {
                let keys = smaller_values(&entry[0]).into_iter().filter(Json::is_string);
                let replaced = keys.map(|key| json!([key, entry[1]]));
                let values = smaller_values(&entry[1]).into_iter().map(|value| json!([entry[0], value]));
                for entry in replaced.chain(values) {
                    let mut entries = entries.clone();
                    entries[at] = entry;
                    smaller.push(json!({ "map": entries }));
                }
            }
        }
        Json::Object(object) if object.contains_key("base64") => {
            smaller.extend(smaller_texts(&bytes(value)).map(|cut| text(&cut)));
        }
        Json::String(string) => smaller.extend(smaller_texts(string.as_bytes()).map(|cut| text(&cut))),
        _ => {}
    }
    smaller
}
