//! Stop, kill, suspend, resume, cancel.

use std::sync::Arc;

use launcher_api::JobStatus;
use launcher_api::request::{ControlOperation, OutputSelection};
use launcher_plugin::{Backend, BackendError, ControlOutcome};
use serde_json::json;

use crate::support::{Cluster, Plugin};

async fn control(
    plugin: &Plugin,
    job: &launcher_api::Job,
    operation: ControlOperation,
) -> Result<ControlOutcome, BackendError> {
    plugin.backend.control(Arc::new(job.clone()), operation).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_job_has_finished_with_143() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "echo begun; sleep 600 && echo never" })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    assert_eq!(control(&plugin, &job, ControlOperation::Stop).await, Ok(ControlOutcome::done()));
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    assert_eq!(told.job.exit_code, Some(143));
    assert_eq!(plugin.output(&told.job, OutputSelection::Both).await.0, "begun\n");
    let again = control(&plugin, &job, ControlOperation::Stop).await.expect_err("it is over");
    assert!(matches!(again, BackendError::InvalidState(_)), "{again}");
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_job_is_killed_with_137_also_after_a_restart() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "trap '' TERM; while :; do sleep 1; done" })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    assert_eq!(control(&plugin, &job, ControlOperation::Kill).await, Ok(ControlOutcome::done()));
    let told = plugin.until_status(&job.id, JobStatus::Killed).await;
    assert_eq!(told.job.exit_code, Some(137));
    drop(plugin);
    let again = cluster.plugin().await;
    let after = &again.table().jobs[&job.id].job;
    assert_eq!(
        (after.status, after.exit_code, after.last_update_time),
        (JobStatus::Killed, Some(137), told.job.last_update_time)
    );
    again.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_job_stands_still_and_goes_on_when_resumed() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "sleep 4; echo in the end" })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    control(&plugin, &job, ControlOperation::Suspend).await.expect("suspended");
    plugin.until_status(&job.id, JobStatus::Suspended).await;
    control(&plugin, &job, ControlOperation::Resume).await.expect("resumed");
    plugin.until_status(&job.id, JobStatus::Running).await;
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    assert_eq!(plugin.output(&told.job, OutputSelection::Both).await.0, "in the end\n");
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canceled_job_never_runs() {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let place = json!([{ "name": "nosuch", "value": "place" }]);
    let job = plugin.submit(json!({ "command": "true", "placementConstraints": place })).await;
    plugin.until(&job.id, "seen", |_| true).await;
    control(&plugin, &job, ControlOperation::Cancel).await.expect("canceled");
    let told = plugin.until_status(&job.id, JobStatus::Canceled).await;
    assert_eq!(told.job.exit_code, None);
    assert_eq!(plugin.output(&told.job, OutputSelection::Both).await.0, "");
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_without_shared_processes_is_stopped_and_killed_by_its_pod() {
    let cluster = Cluster::any().await;
    let settings =
        kubernetes_backend::KubernetesSettings { shared_process_namespace: false, ..cluster.settings() };
    let plugin = Plugin::start(settings).await.expect("a started backend");
    let stopped = plugin.submit(json!({ "command": "trap 'exit 9' TERM; while :; do sleep 1; done" })).await;
    let killed = plugin.submit(json!({ "command": "sleep 600" })).await;
    for job in [&stopped, &killed] {
        plugin.until_status(&job.id, JobStatus::Running).await;
    }
    let refused = control(&plugin, &killed, ControlOperation::Suspend).await.expect_err("not supported");
    assert!(matches!(refused, BackendError::NotSupported(_)), "{refused}");
    control(&plugin, &stopped, ControlOperation::Stop).await.expect("stopped");
    control(&plugin, &killed, ControlOperation::Kill).await.expect("killed");
    let told = plugin.until_status(&stopped.id, JobStatus::Finished).await;
    assert_eq!(told.job.exit_code, Some(9));
    let told = plugin.until_status(&killed.id, JobStatus::Killed).await;
    assert_eq!(told.job.exit_code, Some(137));
    for job in [stopped, killed] {
        plugin.backend.remove(Arc::new(job)).await.expect("removed");
    }
}
