//! How long Go and this crate take for the same values and documents.
//!
//! ```text
//! cargo run --release -p helm-template --example yaml_speed
//! ```
//!
//! Needs Go; the oracle is `oracle/yaml`.

#![expect(clippy::print_stdout, reason = "a program for a terminal")]
#![expect(clippy::unwrap_used, reason = "a broken oracle ends the run")]

#[path = "../yaml_fuzz/oracle.rs"]
#[expect(dead_code, reason = "only timing is asked for")]
mod oracle;

use std::hint::black_box;
use std::time::Instant;

use helm_template::yaml::{Root, Value, Values, read, to_yaml, to_yaml_pretty};
use oracle::Oracle;
use serde_json::{Value as Json, json};

const MANIFEST: &str = include_str!("manifest.yaml");

fn main() {
    let manifest = read(MANIFEST.as_bytes(), Root::Any, &mut Values).unwrap();
    let prose = Value::Mapping((0..50).map(|at| (format!("key{at}"), Value::Text(prose(at)))).collect());
    let table = Value::Mapping(
        (0..500)
            .map(|at| (format!("item{at}"), Value::Sequence(vec![Value::Int(at), Value::Float(0.5)])))
            .collect(),
    );
    let mut oracle = Oracle::start();
    println!("{:<28}{:>10}{:>12}{:>12}{:>8}", "", "bytes", "Go, ns", "ours, ns", "ratio");
    for (name, value) in [("a manifest", &manifest), ("long texts", &prose), ("500 short lists", &table)] {
        let text = to_yaml(value).unwrap();
        let mut row = |op: &str, question: Json, ours: &mut dyn FnMut()| {
            let mut question = question;
            question["op"] = json!(op);
            // The fastest of twenty measurements of some ten milliseconds: other work on the machine only adds.
            let rounds = 1 + 500_000 / text.len() as u64;
            question["times"] = json!(rounds);
            let go = oracle.ask(&[question]).remove(0)["nanoseconds"].as_u64().unwrap();
            let measurements = (0..20).map(|_| {
                let start = Instant::now();
                (0..rounds).for_each(|_| ours());
                start.elapsed().as_nanos() / u128::from(rounds)
            });
            let ours = measurements.min().unwrap();
            let ratio = go as f64 / ours as f64;
            println!("{:<28}{:>10}{go:>12}{ours:>12}{ratio:>8.1}", format!("{op} of {name}"), text.len());
        };
        row("toYaml", json!({ "value": tagged(value) }), &mut || drop(black_box(to_yaml(black_box(value)))));
        row("toYamlPretty", json!({ "value": tagged(value) }), &mut || {
            drop(black_box(to_yaml_pretty(black_box(value))));
        });
        row("fromYaml", json!({ "text": text }), &mut || {
            drop(black_box(read(black_box(text.as_bytes()), Root::Mapping, &mut Values)));
        });
    }
}

fn prose(seed: usize) -> String {
    let words = ["the", "quick", "brown", "fox", "jumps", "over", "it's", "lazy:", "dog", "#1"];
    (0..60).map(|at| words[(at * 7 + seed * 3) % words.len()]).collect::<Vec<_>>().join(" ")
}

/// The value in the form of a question.
fn tagged(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!({ "int": value.to_string() }),
        Value::Uint(value) => json!({ "uint": value.to_string() }),
        Value::Float(value) => json!({ "float": value.to_string() }),
        Value::Text(text) => json!(text),
        Value::Sequence(items) => items.iter().map(tagged).collect(),
        Value::Mapping(entries) => {
            let entries: Vec<Json> = entries.iter().map(|(key, value)| json!([key, tagged(value)])).collect();
            json!({ "map": entries })
        }
    }
}
