//! What the API answers, as rows: a request and the part of the answer that counts (`tests/api/rows/*.yaml`).
//!
//! Each file is a story of its own on a new cluster; its rows run in order. With `CONFORMANCE_URL`,
//! `CONFORMANCE_CA` (a PEM file), `CONFORMANCE_ADMIN_TOKEN` and `CONFORMANCE_LAUNCHER_TOKEN` in the environment
//! the same rows are asked of a real cluster, whose namespace `rstudio` must be as the product's guide sets it up.

use std::{collections::HashMap, fs, time::Duration};

use crate::support::{Answer, Server, cluster};
use embedded_cluster::EmbeddedCluster;
use http_body_util::Full;
use serde::Deserialize;
use serde_json::Value;

/// One request and what must come back.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// What holds, for the reader.
    does: String,
    /// `METHOD PATH`; `JOBS` stands for the jobs' path, `NS` for the namespace's.
    request: String,
    #[serde(default = "launcher")]
    r#as: Who,
    #[serde(default)]
    headers: HashMap<String, String>,
    /// Sent as JSON.
    body: Option<Value>,
    /// Sent as it is.
    text: Option<String>,
    status: u16,
    /// What the JSON answer must contain.
    answer: Option<Value>,
    /// What each line of the answer must contain, for watches.
    lines: Option<Vec<Value>>,
    /// The whole answer, as text.
    says: Option<String>,
    /// Values of the answer's headers; `null`: it must not be there.
    #[serde(default)]
    answer_headers: HashMap<String, Option<String>>,
    /// Names for parts of the answer (JSON pointers), to be used as `$name` in later rows.
    #[serde(default)]
    keep: HashMap<String, String>,
    /// Ask again until it holds.
    #[serde(default)]
    eventually: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Who {
    Admin,
    JobLauncher,
    Nobody,
    Stranger,
}

fn launcher() -> Who {
    Who::JobLauncher
}

impl Row {
    /// Puts kept values and the usual paths in.
    fn fill(text: &str, kept: &HashMap<String, String>) -> String {
        let mut text = text
            .replace("JOBS", "/apis/batch/v1/namespaces/rstudio/jobs")
            .replace("NS/", "/api/v1/namespaces/rstudio/");
        for (name, value) in kept {
            text = text.replace(&format!("${name}"), value);
        }
        text
    }

    async fn send(&self, server: &Server, kept: &HashMap<String, String>) -> Answer {
        let request = Row::fill(&self.request, kept);
        let (method, path) = request.split_once(' ').expect("METHOD PATH");
        let token = match self.r#as {
            Who::Admin => server.admin_token.as_str(),
            Who::JobLauncher => server.launcher_token.as_str(),
            Who::Nobody => "",
            Who::Stranger => "not-a-token",
        };
        let mut request = server.request(method, path, token);
        let body = match (&self.body, &self.text) {
            (Some(body), _) => {
                if !self.headers.contains_key("content-type") {
                    request = request.header("content-type", "application/json");
                }
                Row::fill(&body.to_string(), kept)
            }
            (None, Some(text)) => Row::fill(text, kept),
            (None, None) => String::new(),
        };
        for (name, value) in &self.headers {
            request = request.header(name, Row::fill(value, kept));
        }
        server.send(request.body(Full::from(body)).unwrap()).await
    }

    /// What is wrong with an answer.
    fn check(&self, answer: &Answer, kept: &HashMap<String, String>) -> Vec<String> {
        let mut faults = Vec::new();
        if answer.status.as_u16() != self.status {
            faults.push(format!("status {}, not {}", answer.status.as_u16(), self.status));
        }
        if let Some(wanted) = &self.answer {
            compare(wanted, &answer.json(), "answer", kept, &mut faults);
        }
        if let Some(wanted) = &self.lines {
            let text = answer.text();
            let lines: Vec<Value> =
                text.lines().map(|line| serde_json::from_str(line).unwrap_or(Value::Null)).collect();
            compare(&Value::Array(wanted.clone()), &Value::Array(lines), "lines", kept, &mut faults);
        }
        if let Some(wanted) = &self.says
            && answer.text() != Row::fill(wanted, kept)
        {
            faults.push(format!("said {:?}, not {wanted:?}", answer.text()));
        }
        for (name, wanted) in &self.answer_headers {
            let values: Vec<&str> =
                answer.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
            match wanted {
                Some(wanted) if !values.contains(&wanted.as_str()) => {
                    faults.push(format!("header {name}: {values:?}, not {wanted:?}"));
                }
                None if !values.is_empty() => faults.push(format!("header {name}: {values:?}")),
                _ => {}
            }
        }
        faults
    }
}

/// Objects must contain what is wanted, lists be as long and contain it place by place. `<any>`: something must be
/// there; `<has> x`: a text that contains x; `null`: nothing may be there.
fn compare(
    wanted: &Value,
    found: &Value,
    path: &str,
    kept: &HashMap<String, String>,
    faults: &mut Vec<String>,
) {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            for (key, wanted) in wanted {
                let found = found.get(key).unwrap_or(&Value::Null);
                compare(wanted, found, &format!("{path}.{key}"), kept, faults);
            }
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            for (index, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                compare(wanted, found, &format!("{path}[{index}]"), kept, faults);
            }
        }
        (Value::String(wanted), found) => {
            let wanted = Row::fill(wanted, kept);
            let holds = match (wanted.strip_prefix("<has> "), found) {
                _ if wanted == "<any>" => !found.is_null(),
                (Some(part), Value::String(found)) => found.contains(part),
                (Some(_), _) => false,
                (None, found) => *found == Value::String(wanted.clone()),
            };
            if !holds {
                faults.push(format!("{path} is {found}, not {wanted:?}"));
            }
        }
        (wanted, found) if wanted == found => {}
        (wanted, found) => faults.push(format!("{path} is {found}, not {wanted}")),
    }
}

async fn run(file: &str) {
    let text =
        fs::read_to_string(format!("{}/tests/api/rows/{file}.yaml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let rows: Vec<Row> = serde_saphyr::from_str(&text).unwrap();
    let (server, cluster) = server().await;
    let mut kept = HashMap::new();
    let mut failures = Vec::new();
    for row in &rows {
        let mut answer = row.send(&server, &kept).await;
        let mut faults = row.check(&answer, &kept);
        let mut tries = 0;
        while row.eventually && !faults.is_empty() && tries < 500 {
            tries += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
            answer = row.send(&server, &kept).await;
            faults = row.check(&answer, &kept);
        }
        if !faults.is_empty() {
            let text: String = answer.text().chars().take(1500).collect();
            failures.push(format!("{}\n  {}\n  answered {text}", row.does, faults.join("\n  ")));
        }
        let json = answer.json();
        for (name, pointer) in &row.keep {
            let value = json.pointer(pointer).map(|value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            kept.insert(name.clone(), value.unwrap_or_default());
        }
    }
    if let Some(cluster) = cluster {
        cluster.shutdown().await;
    }
    assert!(
        failures.is_empty(),
        "{} of {} rows do not hold:\n\n{}",
        failures.len(),
        rows.len(),
        failures.join("\n\n")
    );
    assert!(!rows.is_empty(), "{file} has rows");
}

/// The real cluster that the environment names, or a new embedded one.
async fn server() -> (Server, Option<EmbeddedCluster>) {
    if let Ok(url) = std::env::var("CONFORMANCE_URL") {
        let variable = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
        let authority = fs::read(variable("CONFORMANCE_CA")).unwrap();
        let (admin, launcher) = (variable("CONFORMANCE_ADMIN_TOKEN"), variable("CONFORMANCE_LAUNCHER_TOKEN"));
        return (Server::new(&url, &authority, admin, launcher), None);
    }
    let (cluster, server) = cluster().await;
    (server, Some(cluster))
}

macro_rules! rows_hold {
    ($($name:ident: $file:literal,)*) => { $(
        #[tokio::test]
        async fn $name() {
            run($file).await;
        }
    )* };
}

rows_hold! {
    rights_are_asked_before_anything_is_looked_up: "rights",
    discovery_tells_what_is_served: "discovery",
    objects_are_decoded_strictly_or_with_warnings: "decoding",
    invalid_objects_are_refused_with_their_causes: "validation",
    new_objects_are_completed: "defaults",
    lists_have_pages_selectors_and_versions: "lists",
    watches_tell_what_changes: "watches",
    objects_are_changed_by_four_kinds_of_patches: "changes",
    deletions_go_as_far_as_they_are_told: "deletions",
    pods_are_reached_or_say_why_not: "pods",
    reviews_and_tokens_are_answered: "reviews",
    tables_are_made_for_people: "tables",
}
