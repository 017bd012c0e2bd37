//! Doing what a row says at a cluster.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::{
    Answer, Cluster, ConformanceError, Content, Row,
    client::Outgoing,
    expectation::is_in,
    names::Names,
    row::{Asked, Body, Deed, Meanwhile, Request},
};

/// How long a story may take.
const STORY: Duration = Duration::from_secs(60);
/// How often, and for how long, a row that holds eventually is asked.
const PAUSE: Duration = Duration::from_millis(50);
const EVENTUALLY: Duration = Duration::from_secs(45);

impl Row {
    /// Does it; again and again when it holds only eventually. Returns the last answer and what is wrong with it.
    pub(crate) async fn ask(
        &self,
        cluster: &Cluster,
        names: &mut Names,
    ) -> Result<(Answer, Vec<String>), ConformanceError> {
        let deadline = Instant::now() + EVENTUALLY;
        loop {
            let answer = self.perform(cluster, names).await?;
            let faults = self.wanted.faults(&answer, names);
            if faults.is_empty() || self.asked == Asked::Once || Instant::now() >= deadline {
                self.keep_parts(&answer, names);
                return Ok((answer, faults));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn keep_parts(&self, answer: &Answer, names: &mut Names) {
        let content = answer.content.value();
        for (name, pointer) in &self.keep {
            let value = content.pointer(pointer).map(|value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            names.set(name, value.unwrap_or_default());
        }
    }

    async fn perform(&self, cluster: &Cluster, names: &Names) -> Result<Answer, ConformanceError> {
        match &self.deed {
            Deed::Request(request) => cluster.ask(&request.filled(names)).await,
            Deed::Watch { request, meanwhile, until, shows } => {
                let answer = watch(cluster, names, request, meanwhile, until).await?;
                Ok(shown(answer, shows))
            }
            Deed::Socket { request, protocols, sends } => {
                cluster.socket(&request.filled(names), &names.fill(protocols), sends).await
            }
        }
    }
}

async fn watch(
    cluster: &Cluster,
    names: &Names,
    request: &Request,
    meanwhile: &[Meanwhile],
    until: &Value,
) -> Result<Answer, ConformanceError> {
    let deadline = Instant::now() + STORY;
    let mut lines = cluster.watch(&request.filled(names)).await?;
    for step in meanwhile {
        if let Some(once) = &step.once
            && !lines.read_until(|line| is_in(once, line, names), deadline).await
        {
            return Ok(lines.answer());
        }
        tokio::time::sleep(step.pause).await;
        let outgoing = step.request.filled(names);
        let answer = cluster.ask(&outgoing).await?;
        if answer.status >= 300 {
            return Ok(answer);
        }
    }
    // A story that does not come to its end is told as far as it went.
    lines.read_until(|line| is_in(until, line, names), deadline).await;
    Ok(lines.answer())
}

/// The named parts of each event, once while they stay the same.
fn shown(mut answer: Answer, shows: &[String]) -> Answer {
    if let (Content::Lines(lines), false) = (&mut answer.content, shows.is_empty()) {
        for line in lines.iter_mut() {
            let object = line.get("object").cloned().unwrap_or_default();
            let part =
                |pointer: &String| (pointer.clone(), object.pointer(pointer).cloned().unwrap_or_default());
            let parts: serde_json::Map<String, Value> = shows.iter().map(part).collect();
            let kind = line.get("type").cloned().unwrap_or_default();
            *line = serde_json::json!({"type": kind, "object": parts});
        }
        // The first event is `ADDED`, the others `MODIFIED`: what counts is whether the object moved on.
        lines.dedup_by(|later, earlier| later["object"] == earlier["object"] && later["type"] != "DELETED");
    }
    answer
}

impl Request {
    fn filled(&self, names: &Names) -> Outgoing {
        let mut headers: Vec<(String, String)> =
            self.headers.iter().map(|(name, value)| (name.to_lowercase(), names.fill(value))).collect();
        let body = match &self.body {
            Body::None => String::new(),
            Body::Text(text) => names.fill(text),
            Body::Json(document) => {
                if !headers.iter().any(|(name, _)| name == "content-type") {
                    headers.push(("content-type".to_owned(), "application/json".to_owned()));
                }
                names.fill(&document.to_string())
            }
        };
        Outgoing { method: self.method.clone(), path: names.fill(&self.path), who: self.who, headers, body }
    }
}
