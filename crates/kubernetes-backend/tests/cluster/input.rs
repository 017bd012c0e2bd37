//! Standard input: delivered once, whole, and closed.

use std::sync::Arc;

use launcher_api::JobStatus;
use launcher_api::request::OutputSelection;
use launcher_plugin::Backend;
use serde_json::json;

use crate::support::Cluster;

#[tokio::test(flavor = "multi_thread")]
async fn a_script_on_standard_input_runs_and_ends() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let job = plugin
        .submit(json!({
            "exe": "/bin/sh", "stdin": "echo \"$GREETING\"\n", "environment": [{ "name": "GREETING", "value": "hi $(x) $$" }],
        }))
        .await;
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    assert_eq!(told.job.exit_code, Some(0));
    assert_eq!(told.job.stdin, "echo \"$GREETING\"\n");
    assert_eq!(plugin.output(&told.job, OutputSelection::Both).await.0, "hi $(x) $$\n");
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standard_input_of_megabytes_arrives_whole() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let text = "0123456789abcde\n".repeat(160_000);
    let job = plugin.submit(json!({ "exe": "/bin/sh", "args": ["-c", "wc -c"], "stdin": text })).await;
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    assert_eq!(plugin.output(&told.job, OutputSelection::Both).await.0.trim(), text.len().to_string());
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_never_reads_ends_all_the_same() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "sleep 2; echo done", "stdin": "x".repeat(1_000_000) })).await;
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    assert_eq!(told.job.exit_code, Some(0));
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_plugin_delivers_what_was_not_delivered() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let text = "y\n".repeat(200_000);
    let job = plugin.submit(json!({ "exe": "/bin/sh", "args": ["-c", "wc -l"], "stdin": text })).await;
    // Gone before the container runs.
    drop(plugin);
    let again = cluster.plugin().await;
    let told = again.until_status(&job.id, JobStatus::Finished).await;
    assert_eq!(again.output(&told.job, OutputSelection::Both).await.0.trim(), "200000");
    again.backend.remove(Arc::new(job)).await.expect("removed");
}
