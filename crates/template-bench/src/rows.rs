//! The rows.

use helm_template::{Templates, Value};
use serde_json::{Value as Json, json};

use crate::{Action, Failure, Peer, Row};

const PIECES: (&str, &str) = ("_pieces.tpl", include_str!("../rows/launcher/_pieces.tpl"));
const JOB: (&str, &str) = ("job.tpl", include_str!("../rows/launcher/job.tpl"));
const SERVICE: (&str, &str) = ("service.tpl", include_str!("../rows/launcher/service.tpl"));
const CHART: [(&str, &str); 5] = [
    ("_deployment.tpl", include_str!("../rows/chart/_deployment.tpl")),
    ("_labels.tpl", include_str!("../rows/chart/_labels.tpl")),
    ("_names.tpl", include_str!("../rows/chart/_names.tpl")),
    ("_service.tpl", include_str!("../rows/chart/_service.tpl")),
    ("all.yaml", include_str!("../rows/chart/all.yaml")),
];

/// All rows, the most important first.
///
/// # Errors
/// Their data cannot be read.
pub fn all() -> Result<Vec<Row>, Failure> {
    let job = read(include_str!("../rows/launcher/job.json"))?;
    let manifest = include_str!("../rows/manifest.yaml");
    let launcher = || vec![PIECES, JOB, SERVICE];
    Ok(vec![
        Row { files: launcher(), name: "job.tpl", ..row("job template", "", job.clone()) },
        row("toYaml", "{{ toYaml . }}", object(manifest)?),
        row("fromYaml", "{{ (fromYaml .text).metadata.name }}", json!({ "text": manifest })),
        Row {
            peer: Peer::Can,
            ..row(
                "range and printf",
                "{{ range .rows }}{{ printf \"%-12s %6d %q\" .name .size .owner }}\n{{ end }}",
                table(),
            )
        },
        Row {
            peer: Peer::Can,
            ..row(
                "fields of a large map",
                "{{ $large := .large }}{{ range .rows }}{{ $large.key0500.name }} {{ $large.key0777.size }}\n{{ end }}",
                table(),
            )
        },
        Row {
            action: Action::Parse,
            files: launcher(),
            name: "job.tpl",
            peer: Peer::Can,
            ..row("parsing", "", job.clone())
        },
        Row { action: Action::Start, files: launcher(), name: "job.tpl", ..row("cold start", "", job) },
        Row {
            files: CHART.to_vec(),
            name: "all.yaml",
            ..row("chart of include and tpl", "", read(include_str!("../rows/chart/values.json"))?)
        },
        Row {
            peer: Peer::Can,
            ..row(
                "range and if",
                "{{ range .rows }}{{ if .active }}{{ .name }}: {{ .size }}\n{{ else }}-\n{{ end }}{{ end }}",
                table(),
            )
        },
    ])
}

/// A row of one template that is rendered, by the peer not.
fn row(title: &'static str, text: &'static str, data: Json) -> Row {
    Row {
        title,
        action: Action::Render,
        files: vec![("row.tpl", text)],
        name: "row.tpl",
        data,
        peer: Peer::Cannot,
    }
}

/// A thousand small maps, as a list and by name.
fn table() -> Json {
    let item = |i: usize| json!({"name": format!("row {i}"), "size": i * 7 % 1000, "active": !i.is_multiple_of(3), "owner": format!("user{}", i % 10)});
    let rows: Vec<Json> = (0..1000).map(item).collect();
    let large: serde_json::Map<String, Json> = (0..1000).map(|i| (format!("key{i:04}"), item(i))).collect();
    json!({"rows": rows, "large": large})
}

/// What a YAML text says.
fn object(yaml: &str) -> Result<Json, Failure> {
    let mut templates = Templates::new();
    templates.add("object", "{{ fromYaml . | toJson }}")?;
    read(&templates.render("object", &Value::from(yaml))?)
}

fn read(text: &str) -> Result<Json, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::Data(error.to_string()))
}
