//! Rows as they are written in YAML.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use serde_json::Value;

use crate::{
    Row, Version,
    row::{Asked, Body, Deed, Meanwhile, Message, Request, Wanted, Who},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRow {
    does: String,
    request: Option<String>,
    watch: Option<String>,
    #[serde(default, rename = "while")]
    meanwhile: Vec<WrittenMeanwhile>,
    until: Option<Value>,
    #[serde(default)]
    shows: Vec<String>,
    socket: Option<String>,
    #[serde(default = "newest_protocol")]
    protocols: String,
    #[serde(default)]
    sends: Vec<Message>,
    #[serde(default)]
    r#as: Who,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
    text: Option<String>,
    status: Option<u16>,
    answer: Option<Value>,
    lines: Option<Vec<Value>>,
    says: Option<String>,
    #[serde(default)]
    answer_headers: BTreeMap<String, Option<String>>,
    #[serde(default)]
    keep: BTreeMap<String, String>,
    #[serde(default)]
    compares: Vec<String>,
    #[serde(default)]
    eventually: bool,
    from: Option<Version>,
    before: Option<Version>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenMeanwhile {
    once: Option<Value>,
    /// In seconds.
    #[serde(default)]
    pause: u64,
    request: String,
    #[serde(default)]
    r#as: Who,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
}

fn newest_protocol() -> String {
    "v5.channel.k8s.io".to_owned()
}

/// Reads a file of rows.
///
/// # Errors
/// YAML that is none, fields that are unknown, a row that asks nothing or two things; as a text for its writer.
pub(crate) fn read(yaml: &str) -> Result<Vec<Row>, String> {
    let written: Vec<WrittenRow> = serde_saphyr::from_str(yaml).map_err(|error| error.to_string())?;
    written.into_iter().map(meant).collect()
}

fn meant(row: WrittenRow) -> Result<Row, String> {
    let wrong = |what: &str| format!("`{}`: {what}", row.does);
    let body = match (row.body, row.text) {
        (None, None) => Body::None,
        (Some(body), None) => Body::Json(body),
        (None, Some(text)) => Body::Text(text),
        (Some(_), Some(_)) => return Err(wrong("`body` and `text` exclude each other")),
    };
    let request =
        |line: &str| split(line, row.r#as, row.headers.clone(), body.clone()).map_err(|e| wrong(&e));
    let get = |path: &str| request(&format!("GET {path}"));
    let (deed, usual_status) = match (&row.request, &row.watch, &row.socket) {
        (Some(line), None, None) => (Deed::Request(request(line)?), None),
        (None, Some(path), None) => {
            let meanwhile = row.meanwhile.into_iter().map(during).collect::<Result<_, _>>();
            let deed = Deed::Watch {
                request: get(path)?,
                meanwhile: meanwhile.map_err(|e| wrong(&e))?,
                until: row.until.ok_or_else(|| wrong("a `watch` needs an `until`"))?,
                shows: row.shows,
            };
            (deed, Some(200))
        }
        (None, None, Some(path)) => {
            let deed = Deed::Socket { request: get(path)?, protocols: row.protocols, sends: row.sends };
            (deed, Some(101))
        }
        _ => return Err(wrong("one of `request`, `watch` and `socket` is needed")),
    };
    Ok(Row {
        deed,
        wanted: Wanted {
            status: row.status.or(usual_status).ok_or_else(|| wrong("`status` is missing"))?,
            answer: row.answer,
            lines: row.lines,
            says: row.says,
            headers: row.answer_headers,
        },
        compares: row.compares,
        keep: row.keep,
        asked: if row.eventually { Asked::Eventually } else { Asked::Once },
        from: row.from,
        before: row.before,
        does: row.does,
    })
}

fn during(written: WrittenMeanwhile) -> Result<Meanwhile, String> {
    let body = written.body.map_or(Body::None, Body::Json);
    Ok(Meanwhile {
        once: written.once,
        pause: Duration::from_secs(written.pause),
        request: split(&written.request, written.r#as, written.headers, body)?,
    })
}

fn split(line: &str, who: Who, headers: BTreeMap<String, String>, body: Body) -> Result<Request, String> {
    let (method, path) = line.split_once(' ').ok_or_else(|| format!("`{line}` is not `METHOD PATH`"))?;
    Ok(Request { method: method.to_owned(), path: path.to_owned(), who, headers, body })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_row_asks_exactly_one_thing() {
        assert!(read("- {does: x, request: GET /a, status: 200}").is_ok());
        assert!(read("- {does: x, status: 200}").unwrap_err().contains("one of `request`"));
        assert!(read("- {does: x, request: GET /a, socket: /a, status: 200}").is_err());
        assert!(read("- {does: x, request: GET /a}").unwrap_err().contains("`status` is missing"));
        assert!(read("- {does: x, watch: /a}").unwrap_err().contains("`until`"));
    }
}
