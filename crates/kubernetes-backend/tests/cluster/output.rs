//! Output: whole, in order, once.

use std::sync::Arc;

use launcher_api::JobStatus;
use launcher_api::request::OutputSelection;
use launcher_api::response::OutputKind;
use launcher_plugin::Backend;
use serde_json::json;

use crate::support::Cluster;

#[tokio::test(flavor = "multi_thread")]
async fn all_output_of_a_running_job_comes_to_its_end() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let script = "i=0; while [ $i -lt 50 ]; do echo line $i; i=$((i+1)); done; sleep 2; echo err >&2; sleep 1; printf 'no newline'";
    let job = plugin.submit(json!({ "command": script })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    let (text, kinds) = plugin.output(&job, OutputSelection::Both).await;
    let expected: String =
        (0..50).map(|i| format!("line {i}\n")).chain(["err\n".into(), "no newline".into()]).collect();
    assert_eq!(text, expected);
    assert_eq!(kinds, [OutputKind::Mixed]);
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    assert_eq!(
        plugin.output(&told.job, OutputSelection::Stdout).await.0,
        expected,
        "again, from the beginning"
    );
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_wrote_nothing_has_an_empty_output() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "true" })).await;
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    assert_eq!(plugin.output(&told.job, OutputSelection::Both).await.0, "");
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_line_is_one_line() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let job =
        plugin.submit(json!({ "command": "head -c 100000 /dev/zero | tr '\\0' x; echo; echo end" })).await;
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    let (text, _) = plugin.output(&told.job, OutputSelection::Both).await;
    assert_eq!(text.len(), 100_005);
    assert!(text.ends_with("xx\nend\n"));
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

/// Longer than a node keeps, and over more time than a node takes to look.
const VERBOSE: &str = "i=0; while [ $i -lt 160 ]; do head -c 131072 /dev/zero | tr '\\0' x | fold -w 1023; echo; i=$((i+1)); sleep 0.09; done";

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_from_the_start_gets_all_of_a_long_output_and_a_later_one_is_told_what_is_gone() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": VERBOSE })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    let (from_the_start, _) = plugin.output(&job, OutputSelection::Both).await;
    let written = from_the_start.bytes().filter(|byte| *byte == b'x').count();
    assert_eq!(written, 160 * 131_072);
    assert!(!from_the_start.contains("is gone"));
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    let (later, _) = plugin.output(&told.job, OutputSelection::Both).await;
    assert!(later.len() < from_the_start.len() && from_the_start.ends_with(&later[later.len() - 1024..]));
    assert!(later.starts_with("[The beginning of this output is gone"), "{}", &later[..later.len().min(200)]);
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}
