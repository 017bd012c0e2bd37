//! Times this crate against Go's text/template, on the same templates and data, in one run.
//!
//! Go must be installed. From the repository's root:
//!
//! ```sh
//! cargo run --release -p go-text-template --example speed
//! ```
//!
//! Each template is parsed once and run for a second by each side; the fastest run counts. The last column says
//! whether both wrote the same bytes.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{Write as _, stdout};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use go_text_template::{TemplateSet, Value};
use serde_json::{Value as Json, json};

fn templates() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        ("fields in a loop", "{{ range .rows }}{{ .name }}: {{ .size }} ({{ .owner.id }})\n{{ end }}"),
        ("index and element", "{{ range $i, $row := .rows }}{{ if $i }}, {{ end }}{{ $row.name }}{{ end }}"),
        ("counting", "{{ range 1000 }}{{ . }} {{ end }}"),
        ("map in order", "{{ range $key, $value := .labels }}{{ $key }}={{ $value }};{{ end }}"),
        (
            "conditions",
            "{{ range .rows }}{{ if and .active (gt .size 500) }}big{{ else if .active }}small{{ else }}-{{ end }}{{ end }}",
        ),
        ("printf", "{{ range .rows }}{{ printf \"%-12s %6d %q\" .name .size .owner.id }}\n{{ end }}"),
        ("pipelines", "{{ range .rows }}{{ .name | printf \"%s-%s\" .owner.id | html | len }}{{ end }}"),
        (
            "template calls",
            "{{ define \"row\" }}<{{ .name }}>{{ end }}{{ range .rows }}{{ template \"row\" . }}{{ end }}",
        ),
        ("deep reads", "{{ range 1000 }}{{ $.deep.a.b.c.d.e }}{{ end }}"),
        ("reads of a large map", "{{ range $key, $value := .labels }}{{ $.labels.label0500 }}{{ end }}"),
        ("index", "{{ range $i, $row := .rows }}{{ index $.rows $i \"name\" }}{{ end }}"),
        ("printing a list", "{{ .rows }}"),
        ("variables", "{{ $n := 0 }}{{ range .rows }}{{ $n = .size }}{{ $m := $n }}{{ $m }}{{ end }}"),
    ])
}

fn data() -> Json {
    let rows: Vec<Json> = (0..1000)
        .map(|i| {
            json!({
                "name": format!("row {i}"), "size": i * 7 % 1000, "active": i % 3 != 0,
                "owner": {"id": format!("user{}", i % 10), "group": "staff"}, "ratio": f64::from(i) / 8.0,
            })
        })
        .collect();
    let labels: serde_json::Map<String, Json> =
        (0..1000).map(|i| (format!("label{i:04}"), json!(format!("value {i}")))).collect();
    json!({"rows": rows, "labels": labels, "deep": {"a": {"b": {"c": {"d": {"e": "leaf"}}}}}})
}

fn value_of(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float64(number.as_f64().unwrap_or(0.0)), Value::Int)
        }
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::list(items.iter().map(value_of)),
        Json::Object(entries) => {
            Value::map(entries.iter().map(|(key, value)| (key.as_str(), value_of(value))))
        }
    }
}

/// Runs one template for a second: its fastest run, and its text.
fn time(set: &TemplateSet, name: &str, data: &Value) -> Result<(Duration, Vec<u8>), Box<dyn Error>> {
    let mut out = Vec::new();
    let mut best = Duration::MAX;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(1) {
        out.clear();
        let start = Instant::now();
        set.execution().render_into(name, data, &mut out)?;
        best = best.min(start.elapsed());
    }
    Ok((best, out))
}

/// What Go took and wrote, by template.
fn ask_go(request: &Json) -> Result<BTreeMap<String, (Duration, String)>, Box<dyn Error>> {
    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracle");
    let mut go = Command::new("go")
        .args(["run", "./gotemplate-speed"])
        .current_dir(oracle)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    go.stdin.take().ok_or("go has no standard input")?.write_all(request.to_string().as_bytes())?;
    let answer = String::from_utf8(go.wait_with_output()?.stdout)?;
    let mut times = BTreeMap::new();
    for line in answer.lines() {
        let line: Json = serde_json::from_str(line)?;
        let nanoseconds = line["nanoseconds"].as_u64().ok_or("no time in Go's answer")?;
        let text = |key: &str| line[key].as_str().unwrap_or("").to_owned();
        times.insert(text("name"), (Duration::from_nanos(nanoseconds), text("output")));
    }
    Ok(times)
}

fn main() -> Result<(), Box<dyn Error>> {
    let data = data();
    let go = ask_go(&json!({"data": data, "templates": templates()}))?;
    let data = value_of(&data);
    let mut out = stdout().lock();
    writeln!(out, "{:<22} {:>10} {:>10} {:>7}  same bytes", "", "Go µs", "here µs", "ratio")?;
    let mut product = 1.0f64;
    for (name, text) in templates() {
        let mut set = TemplateSet::new();
        set.parse(name, text)?;
        let (here, written) = time(&set, name, &data)?;
        let (there, expected) = go.get(name).ok_or("Go left a template out")?;
        let ratio = there.as_secs_f64() / here.as_secs_f64();
        product *= ratio;
        let same = written == expected.as_bytes();
        let micros = |time: Duration| time.as_secs_f64() * 1e6;
        writeln!(out, "{name:<22} {:>10.1} {:>10.1} {ratio:>7.1}  {same}", micros(*there), micros(here))?;
    }
    let mean = product.powf(1.0 / templates().len() as f64);
    writeln!(out, "{:<22} {:>10} {:>10} {mean:>7.1}  (geometric mean)", "", "", "")?;
    Ok(())
}
