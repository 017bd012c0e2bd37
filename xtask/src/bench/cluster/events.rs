//! Tens of thousands of warnings: the plugin's memory stays as it was.

use futures::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};

use super::bare::Call;
use super::report::{Goal, Report};
use super::stage::{Stage, homeless, jobs_path};
use super::table::{empty, fill, list};
use super::wire::Plugin;
use crate::bench::memory::{peak_kib, resident_kib};
use crate::cluster::NAMESPACE;
use crate::failure::Failure;

/// Jobs that are there meanwhile; every other event is about one of them.
const JOBS: usize = 100;
/// Events that are made at once.
const AT_ONCE: usize = 8;
/// How much the memory may grow, in MiB.
const GROWTH: f64 = 8.0;

/// Sends `events` warnings by the plugin: half about jobs, half about objects that it does not know.
///
/// # Errors
/// What is measured does not work.
pub(super) async fn run(stage: &Stage, events: usize, report: &mut Report) -> Result<(), Failure> {
    fill(stage, JOBS).await?;
    let measured = measure(stage, events, report).await;
    let emptied = empty(stage).await;
    measured.and(emptied)
}

async fn measure(stage: &Stage, events: usize, report: &mut Report) -> Result<(), Failure> {
    let page = stage.bare().await?.call(&Call::get(format!("{}?limit={JOBS}", jobs_path()))).await?;
    let page: Value = serde_json::from_slice(&page).map_err(|e| Failure::during("reading a list", e))?;
    let jobs = page["items"].as_array().cloned().unwrap_or_default();
    let path = format!("/api/v1/namespaces/{NAMESPACE}/events");
    let mut plugin = stage.plugin().await?;
    list(&mut plugin).await?;
    // Buffers and pools have their size after the first thousands.
    make(stage, &path, &jobs, 0..events / 10).await?;
    let before = resident(&mut plugin).await?;
    make(stage, &path, &jobs, events / 10..events).await?;
    let after = resident(&mut plugin).await?;
    let peak = peak_kib(plugin.pid()?)?;
    let what = format!("memory, growth by {events} events");
    report.mebibytes(&what, after.saturating_sub(before), Goal::AtMostMib(GROWTH));
    report.mebibytes("memory, at most during the events", peak, Goal::AtMostMib(80.0));
    plugin.close().await
}

/// Resident memory in KiB, once the plugin has taken in what came before.
async fn resident(plugin: &mut Plugin) -> Result<u64, Failure> {
    // A job that is made now is told after the events: the watches keep up with the server.
    super::stage::submit(plugin, homeless(&[])).await?;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    list(plugin).await?;
    resident_kib(plugin.pid()?)
}

async fn make(
    stage: &Stage,
    path: &str,
    jobs: &[Value],
    numbers: std::ops::Range<usize>,
) -> Result<(), Failure> {
    let made = futures::stream::iter(numbers).map(|number| async move {
        let event = warning(jobs, number);
        stage.cluster.admin.post(path, &event).await.map(drop)
    });
    made.buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await.map(drop)
}

fn warning(jobs: &[Value], number: usize) -> Value {
    let known = jobs.get(number % (2 * jobs.len().max(1)));
    let subject = match known {
        Some(job) => json!({
            "kind": "Job", "namespace": NAMESPACE, "apiVersion": "batch/v1",
            "name": job["metadata"]["name"], "uid": job["metadata"]["uid"],
        }),
        None => json!({
            "kind": "Pod", "namespace": NAMESPACE, "apiVersion": "v1",
            "name": format!("unknown-{number}"), "uid": format!("unknown-{number}"),
        }),
    };
    json!({
        "apiVersion": "v1", "kind": "Event", "type": "Warning",
        "metadata": { "name": format!("bench.{number:08x}"), "namespace": NAMESPACE },
        "involvedObject": subject,
        "reason": "FailedCreate",
        "message": format!("Error creating: pods \"bench-{number}\" is forbidden: exceeded quota"),
        "source": { "component": "job-controller" },
        "firstTimestamp": "2026-01-01T00:00:00Z",
        "lastTimestamp": "2026-01-01T00:00:00Z",
        "count": 1,
    })
}
