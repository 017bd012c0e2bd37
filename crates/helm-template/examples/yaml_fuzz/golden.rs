//! The files of generated cases that plain `cargo test` replays.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::generate::{Random, document, text, value};
use super::oracle::Oracle;
use super::question::joined;

/// Asks Go again about every case in `tests/yaml` (a new one needs only its question) and writes
/// `generated-*.json` anew. Questions on which Go wavers are left out.
pub(crate) fn write(oracle: &mut Oracle) {
    for file in ["values", "documents", "nesting"] {
        let path = path(file);
        let cases: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        write_cases(&path, &cases.iter().filter_map(|case| answered(oracle, case)).collect::<Vec<_>>());
    }
    let mut random = Random::new(2026);
    let values = generate(oracle, 2500, |index| {
        let op = ["toYaml", "toYamlPretty"][index % 2];
        json!({ "op": op, "value": value(&mut random, 3) })
    });
    write_cases(&path("generated-values"), &values);
    let documents = generate(oracle, 5000, |index| {
        let op = ["toJson", "fromYaml", "fromYamlArray", "toJsonStrict"][index % 4];
        json!({ "op": op, "text": text(&document(&mut random)) })
    });
    write_cases(&path("generated-documents"), &documents);
}

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/yaml").join(file).with_extension("json")
}

/// Cases from questions that are not too long for a file.
fn generate(oracle: &mut Oracle, count: usize, mut question: impl FnMut(usize) -> Json) -> Vec<Json> {
    const MAX_LENGTH: usize = 500;
    let mut cases = Vec::new();
    while cases.len() < count {
        let question = question(cases.len());
        if question.to_string().len() < MAX_LENGTH {
            cases.extend(answered(oracle, &question));
        }
    }
    cases
}

/// The question with Go's answer, if there is one answer.
fn answered(oracle: &mut Oracle, case: &Json) -> Option<Json> {
    let mut question = case.as_object().unwrap().clone();
    question.remove("go");
    let mut asked = question.clone();
    let parts = asked.remove("parts");
    if let Some(parts) = &parts {
        asked.insert("text".to_owned(), json!(joined(parts)));
    }
    let asked = Json::Object(asked);
    if !oracle.is_stable(&asked) {
        return None;
    }
    let mut answer = oracle.ask(&[asked]).remove(0);
    if parts.is_some() {
        // Of deep nesting only the error is of interest.
        answer.as_object_mut().unwrap().remove("json");
    }
    question.insert("go".to_owned(), answer);
    Some(Json::Object(question))
}

fn write_cases(path: &Path, cases: &[Json]) {
    let lines: Vec<String> = cases.iter().map(Json::to_string).collect();
    std::fs::write(path, format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
}
