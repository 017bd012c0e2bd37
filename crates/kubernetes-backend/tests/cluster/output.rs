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
