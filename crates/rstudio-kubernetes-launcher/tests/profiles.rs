//! Profiles files, and what users are told and get by them.
//!
//! A case is a file in `tests/profiles` with three parts that begin with `=== NAME`: the `profiles`, the `questions` (one a
//! line: `info USER`, or `job USER JSON`; groups follow the user's name as `user@group@group`), and the `result`.
//! `UPDATE_CASES=1` writes the results.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::path::Path;

use kubernetes_backend::cluster_info::cluster_info;
use kubernetes_backend::profiles::{Effective, Person, Profiles};
use launcher_api::Job;
use rstudio_kubernetes_launcher::profiles;
use serde_json::{Value, json};

#[test]
fn every_user_is_told_and_gets_what_the_case_says() {
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/profiles");
    let mut failures = String::new();
    let mut count = 0;
    for entry in std::fs::read_dir(cases).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let (question, expected) = text.split_once("=== result\n").expect("a case has a result");
        let found = outcome(question);
        count += 1;
        if update {
            std::fs::write(&path, format!("{question}=== result\n{found}")).unwrap();
        } else if found != expected {
            let _ = write!(failures, "{}\n--- expected\n{expected}--- found\n{found}\n", path.display());
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(count >= 5, "only {count} cases were found");
}

fn outcome(question: &str) -> String {
    let question = question.strip_prefix("=== profiles\n").expect("a case begins with the profiles");
    let (content, questions) = question.split_once("=== questions\n").expect("a case has questions");
    let profiles = profiles::parse(Path::new("profiles"), content.as_bytes()).unwrap().profiles;
    let mut out = String::new();
    for question in questions.lines() {
        let (verb, rest) = question.split_once(' ').expect("a question has a verb and a user");
        let (user, job) = rest.split_once(' ').unwrap_or((rest, ""));
        let effective = effective(&profiles, user);
        let answer = match verb {
            "info" => told(&effective),
            "job" => admitted(&effective, job),
            _ => panic!("unknown question '{verb}'"),
        };
        let _ = writeln!(out, "{user}: {answer}");
    }
    out
}

fn effective(profiles: &Profiles, user: &str) -> Effective {
    let mut names = user.split('@').map(str::to_owned);
    let name = names.next().unwrap_or_default();
    let groups: Vec<String> = names.collect();
    match name.as_str() {
        "*" => profiles.effective(Person::Anyone),
        name => profiles.effective(Person::User { name, groups: &groups }),
    }
}

/// What Cluster Info says of images, constraints and limits.
fn told(effective: &Effective) -> String {
    let info = serde_json::to_value(cluster_info(effective)).unwrap();
    let keys = ["defaultImage", "images", "allowUnknownImages", "placementConstraints", "resourceLimits"];
    let told: serde_json::Map<String, Value> =
        keys.iter().filter_map(|key| Some(((*key).to_owned(), info.get(*key)?.clone()))).collect();
    Value::Object(told).to_string()
}

/// The job's image and limits, or why it is refused.
fn admitted(effective: &Effective, job: &str) -> String {
    let mut job: Job = serde_json::from_str(job).unwrap();
    match effective.admit(&mut job) {
        Err(refusal) => format!("refused: {refusal}"),
        Ok(()) => {
            let limits: Vec<String> = job
                .resource_limits
                .iter()
                .map(|limit| format!("{} {}", limit.limit_type, limit.value))
                .collect();
            let image = job.container.map(|container| container.image);
            json!({ "image": image, "limits": limits }).to_string()
        }
    }
}
