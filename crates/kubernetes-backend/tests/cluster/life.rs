//! From submission to removal, and over restarts.

use std::sync::Arc;

use launcher_api::JobStatus;
use launcher_plugin::{Backend, BackendError};
use serde_json::json;

use crate::support::Cluster;

#[tokio::test(flavor = "multi_thread")]
async fn a_job_runs_and_ends_with_its_exit_code() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let job = plugin
        .submit(json!({ "name": "Short one", "command": "echo hello; exit 3", "tags": ["a b", "ü"] }))
        .await;
    assert!(job.id.as_str().starts_with("mara-short-one-"), "{}", job.id);
    assert_eq!(job.status, JobStatus::Pending);
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    assert_eq!(told.job.exit_code, Some(3));
    assert!(!told.job.host.is_empty());
    assert_eq!(told.job.tags, ["a b", "ü"]);
    assert_eq!(told.job.name, "Short one");
    assert_eq!(told.job.submission_time, job.submission_time);
    assert!(told.states.iter().all(|s| s.time >= job.submission_time.expect("a time")), "{:#?}", told.states);
    assert!(told.states.is_sorted_by_key(|s| s.time), "{:#?}", told.states);
    plugin.backend.remove(Arc::new(told.job)).await.expect("removed");
    plugin.until(&job.id, "removed", |told| told.removed).await;
    plugin.backend.remove(Arc::new(job)).await.expect("removed once more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_plugin_tells_every_job_as_before() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let running = plugin
        .submit(json!({
            "name": "quotes \" ' {{ x }} 😀", "command": "echo $$ \"$(id -u)\"; sleep", "args": ["600"],
            "environment": [{ "name": "A", "value": "$(B) $$ \n'" }], "tags": ["one", "two"],
            "metadata": { "deep": [{ "a": 1 }] }, "group": "g", "instanceId": "not a label / value",
        }))
        .await;
    let finished = plugin.submit(json!({ "exe": "/bin/sh", "args": ["-c", "exit 7"] })).await;
    plugin.until_status(&running.id, JobStatus::Running).await;
    plugin.until_status(&finished.id, JobStatus::Finished).await;
    let before = plugin.table();
    drop(plugin);

    let again = cluster.plugin().await;
    // Everything was told before the start returned.
    let after = again.table();
    for id in [&running.id, &finished.id] {
        let (before, after) = (&before.jobs[id], &after.jobs[id]);
        assert_eq!(serde_json::to_value(&before.job).unwrap(), serde_json::to_value(&after.job).unwrap());
    }
    assert_eq!(after.jobs[&finished.id].job.exit_code, Some(7));
    for id in [running.id, finished.id] {
        again.backend.remove(Arc::new(after.jobs[&id].job.clone())).await.expect("removed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_plugins_on_a_namespace_tell_the_same() {
    let cluster = Cluster::any().await;
    let (one, two) = (cluster.plugin().await, cluster.plugin().await);
    let job = one.submit(json!({ "command": "exit 4", "exposedPorts": [{ "targetPort": 8787 }] })).await;
    let published = job.exposed_ports[0].published_port;
    assert!(published.is_some(), "the node port is known");
    let mut told = Vec::new();
    for plugin in [&one, &two] {
        let at_end = plugin
            .until(&job.id, "finished with its port", |told| {
                told.job.status == JobStatus::Finished
                    && told.job.exposed_ports[0].published_port == published
            })
            .await;
        told.push((at_end.job.exit_code, at_end.job.last_update_time, at_end.job.host));
    }
    assert_eq!(told[0], told[1]);
    one.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_api_refuses_is_told_by_its_field() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let refused = plugin
        .try_submit(
            json!({ "exe": "sh", "placementConstraints": [{ "name": "not a label!", "value": "x" }] }),
        )
        .await
        .expect_err("refused");
    assert!(
        matches!(&refused, BackendError::InvalidJob(text) if text.contains("nodeSelector") || text.contains("not a label!")),
        "{refused}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_without_room_says_what_it_waits_for() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let job = plugin
        .submit(
            json!({ "command": "true", "placementConstraints": [{ "name": "nosuch", "value": "place" }] }),
        )
        .await;
    let told =
        plugin.until(&job.id, "waiting for a reason", |told| !told.job.status_message.is_empty()).await;
    assert_eq!(told.job.status, JobStatus::Pending);
    assert!(told.job.status_message.starts_with("no node can take it yet: "), "{}", told.job.status_message);
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_job_has_a_place() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "sleep 600" })).await;
    let told = plugin.until_status(&job.id, JobStatus::Running).await;
    let network = plugin.backend.network(Arc::new(told.job.clone())).await.expect("a place");
    assert_eq!(network.host, told.job.host);
    assert!(!network.ip_addresses.is_empty());
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_does_not_exist_has_failed() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "exe": "/no/such/program" })).await;
    let told = plugin.until_status(&job.id, JobStatus::Failed).await;
    assert!(told.job.status_message.contains("could not be started"), "{}", told.job.status_message);
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rights_of_the_product_are_enough() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let findings = plugin.backend.diagnose().await;
    let texts: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.iter().all(|f| f.severity == kubernetes_backend::Severity::Fine), "{texts:#?}");
    assert!(plugin.backend.take_latency_sample().is_some());
}
