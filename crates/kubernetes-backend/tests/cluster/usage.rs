//! What a job uses.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use launcher_api::JobStatus;
use launcher_api::request::ControlOperation;
use launcher_plugin::Backend;
use serde_json::json;
use tokio::time::timeout;

use crate::support::Cluster;

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_job_is_measured_until_it_ends() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "while :; do :; done" })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    let mut samples = plugin.backend.resource_use(Arc::new(job.clone()));
    let sample = timeout(Duration::from_secs(120), samples.next()).await.expect("a sample in time");
    let sample = sample.expect("a sample").expect("metrics-server runs");
    assert!(sample.cpu_percent.is_some_and(|percent| percent > 1.0), "{sample:?}");
    assert!(sample.resident_memory.is_some_and(|mb| mb > 0.0), "{sample:?}");
    plugin.backend.control(Arc::new(job.clone()), ControlOperation::Kill).await.expect("killed");
    plugin.until_status(&job.id, JobStatus::Killed).await;
    let rest = async { while samples.next().await.is_some() {} };
    timeout(Duration::from_secs(60), rest).await.expect("the measurements end");
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}
