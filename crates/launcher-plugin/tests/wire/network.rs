//! Job Network.

use launcher_api::response::JobNetwork;
use launcher_api::{Job, JobStatus};
use launcher_plugin::BackendError;
use serde_json::{Value, json};

use crate::support::{FakeBackend, begin, job};

fn network(id: u64, user: &str, job: &str) -> Value {
    json!({"messageType": 8, "requestId": id, "username": user, "jobId": job})
}

#[tokio::test(start_paused = true)]
async fn a_running_job_is_told_with_its_host_and_the_addresses_that_reach_it() {
    let backend = FakeBackend::with([job("a", "mara", JobStatus::Running)]);
    backend.on_network.set(|_| async {
        Ok(JobNetwork { host: "node-3".into(), ip_addresses: vec!["127.0.0.1".into(), "10.20.0.13".into()] })
    });
    let mut launcher = begin(backend).bootstrapped().await;
    launcher.send(network(1, "mara", "a")).await;
    launcher
        .expect(json!({"messageType": 7, "requestId": 1, "host": "node-3", "ipAddresses": ["10.20.0.13"]}))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_pending_job_without_a_node_is_error_6_and_the_backend_is_not_asked() {
    let placed = Job { host: "node-3".into(), ..job("placed", "mara", JobStatus::Pending) };
    let mut launcher =
        begin(FakeBackend::with([job("a", "mara", JobStatus::Pending), placed])).bootstrapped().await;
    launcher.send(network(1, "mara", "a")).await;
    launcher.expect_error(1, 6).await;
    assert!(launcher.backend.on_network.calls().is_empty());
    launcher.send(network(2, "mara", "placed")).await;
    launcher.expect(json!({"messageType": 7, "requestId": 2, "host": "", "ipAddresses": []})).await;
}

#[tokio::test(start_paused = true)]
async fn every_other_case_has_its_code() {
    let mut launcher = begin(FakeBackend::with([job("a", "mara", JobStatus::Finished)])).bootstrapped().await;
    launcher.send(network(1, "mara", "*")).await;
    launcher.expect_error(1, 2).await;
    launcher.send(network(2, "tom", "a")).await;
    launcher.expect_error(2, 3).await;
    launcher.backend.on_network.set(|_| async { Err(BackendError::JobNotRunning("it never ran".into())) });
    launcher.send(network(3, "mara", "a")).await;
    launcher.expect_error(3, 6).await;
    launcher.backend.on_network.set(|_| async { Err(BackendError::Unavailable("away".into())) });
    launcher.send(network(4, "mara", "a")).await;
    launcher.expect_error(4, 0).await;
}
