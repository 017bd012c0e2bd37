//! Standard input: delivered once, whole, and closed.

use std::sync::Arc;
use std::time::Duration;

use embedded_cluster::{Effect, Matching, Times};
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

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_kept_input_is_lost_gets_its_end_and_says_so() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let settings = cluster.settings();
    let slow = json!({ "name": "slow", "image": cluster.image, "command": "sleep 2" });
    let job = plugin
        .submit(json!({
            "exe": "/bin/sh", "args": ["-c", "wc -c"], "stdin": "y\n".repeat(200_000), "initContainers": [slow],
        }))
        .await;
    drop(plugin);
    let kept = std::fs::read_dir(settings.scratch_path.join("stdin")).expect("the folder");
    for file in kept.flatten().filter(|file| file.path().extension().is_some_and(|e| e == "txt")) {
        std::fs::remove_file(file.path()).expect("removed");
    }
    let again = cluster.plugin().await;
    let told = again.until_status(&job.id, JobStatus::Finished).await;
    assert!(
        told.job.status_message.contains("got none of its standard input"),
        "{}",
        told.job.status_message
    );
    assert_eq!(again.output(&told.job, OutputSelection::Both).await.0.trim(), "0");
    again.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_input_whose_connection_breaks_is_told_as_cut() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let faults = cluster.inside().faults();
    let attached = faults.inject(
        Matching::any().subresource("attach"),
        Effect::Delay(Duration::from_millis(1)),
        Times::Always,
    );
    let text = "0123456789abcde\n".repeat(160_000);
    let job = plugin.submit(json!({ "command": "sleep 600", "stdin": text })).await;
    while faults.hits(attached) == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The job never reads, so the delivery stays under way.
    faults.cut_connections();
    let told = plugin
        .until(&job.id, "told of its cut input", |told| told.job.status_message.contains("standard input"))
        .await;
    assert_eq!(told.job.status, JobStatus::Running);
}
