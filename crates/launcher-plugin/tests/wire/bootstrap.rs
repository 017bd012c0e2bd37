//! Bootstrap, and what happens before it.

use std::time::Duration;

use launcher_api::JobStatus;
use launcher_plugin::{BackendError, JobUpdate};
use serde_json::json;

use crate::support::{FakeBackend, begin, bootstrap, job};

#[tokio::test(start_paused = true)]
async fn the_first_answer_is_the_plugins_version_with_response_id_0() {
    let mut launcher = begin(FakeBackend::default()).start();
    launcher.send(bootstrap(3, 0)).await;
    launcher
        .expect(json!({"messageType": 1, "requestId": 0, "version": {"major": 3, "minor": 7, "patch": 0}}))
        .await;
}

#[tokio::test(start_paused = true)]
async fn the_first_list_after_bootstrap_is_complete() {
    let jobs = (0..1000).map(|n| job(&format!("job-{n:04}"), "mara", JobStatus::Running));
    let mut launcher = begin(FakeBackend::with(jobs)).bootstrapped().await;
    launcher
        .send(json!({"messageType": 3, "requestId": 1, "username": "*", "jobId": "*", "fields": ["id"]}))
        .await;
    let list = launcher.next().await;
    assert_eq!(list["jobs"].as_array().unwrap().len(), 1000);
}

#[tokio::test(start_paused = true)]
async fn another_major_version_is_error_10_and_the_process_stays() {
    let mut launcher = begin(FakeBackend::default()).start();
    launcher
        .send(json!({"messageType": 1, "requestId": 0, "version": {"major": 2, "minor": 1, "patch": 0}}))
        .await;
    let text = launcher.expect_error(0, 10).await;
    assert_eq!(text, "API 3.x is spoken here, the Launcher speaks 2.1.0");

    launcher.send(bootstrap(3, 99)).await;
    launcher
        .expect(json!({"messageType": 1, "requestId": 0, "version": {"major": 3, "minor": 7, "patch": 0}}))
        .await;
}

#[tokio::test(start_paused = true)]
async fn before_bootstrap_heartbeats_are_answered_and_all_else_is_error_2() {
    let mut launcher = begin(FakeBackend::default()).start();
    launcher.expect_nothing_for(Duration::from_secs(60)).await;
    launcher.send(json!({"messageType": 0, "requestId": 0})).await;
    launcher.expect(json!({"messageType": 0, "requestId": 0})).await;
    launcher.send(json!({"messageType": 9, "requestId": 1, "username": "*"})).await;
    let text = launcher.expect_error(1, 2).await;
    assert_eq!(text, "the plugin has not been bootstrapped: Bootstrap comes first, then other requests");
    launcher
        .send(json!({"messageType": 4, "requestId": 2, "username": "*", "jobId": "*", "cancel": true}))
        .await;
    launcher.expect_nothing_for(Duration::from_secs(60)).await;
}

#[tokio::test(start_paused = true)]
async fn a_second_bootstrap_is_answered_again_and_changes_nothing() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher.send(bootstrap(3, 7)).await;
    launcher
        .expect(json!({"messageType": 1, "requestId": 0, "version": {"major": 3, "minor": 7, "patch": 0}}))
        .await;
    assert_eq!(launcher.backend.on_start.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn bootstraps_sent_while_the_backend_starts_share_its_start() {
    let backend = FakeBackend::default();
    backend.on_start.set(|_| async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        Ok(())
    });
    let mut launcher = begin(backend).start();
    launcher.send(bootstrap(3, 7)).await;
    launcher.send(bootstrap(3, 7)).await;
    for _ in 0..2 {
        launcher
            .expect(
                json!({"messageType": 1, "requestId": 0, "version": {"major": 3, "minor": 7, "patch": 0}}),
            )
            .await;
    }
    assert_eq!(launcher.backend.on_start.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_backend_that_can_not_start_is_error_0_and_the_next_bootstrap_tries_again() {
    let backend = FakeBackend::default();
    backend.on_start.set(|feed| async move {
        let half_known = job("half", "mara", JobStatus::Running);
        feed.send(JobUpdate::Known(Box::new(half_known))).await.unwrap();
        Err(BackendError::Unavailable("the API server\ndoes not answer".into()))
    });
    let mut launcher = begin(backend).start();
    launcher.send(bootstrap(3, 7)).await;
    let text = launcher.expect_error(0, 0).await;
    assert_eq!(text, "the plugin can't start: the API server does not answer");
    launcher.backend.feed_closes().await;

    launcher.backend.starts_with([job("whole", "mara", JobStatus::Running)]);
    launcher.send(bootstrap(3, 7)).await;
    launcher
        .expect(json!({"messageType": 1, "requestId": 0, "version": {"major": 3, "minor": 7, "patch": 0}}))
        .await;
    launcher
        .send(json!({"messageType": 3, "requestId": 1, "username": "*", "jobId": "*", "fields": ["id"]}))
        .await;
    launcher.expect(json!({"messageType": 2, "requestId": 1, "jobs": [{"id": "whole"}]})).await;
}

#[tokio::test(start_paused = true)]
async fn a_start_that_hangs_or_panics_is_error_0_as_well() {
    let backend = FakeBackend::default();
    backend.on_start.hang();
    let mut launcher = begin(backend).start();
    launcher.send(bootstrap(3, 7)).await;
    launcher.expect_nothing_for(Duration::from_secs(99)).await;
    let text = launcher.expect_error(0, 0).await;
    assert_eq!(
        text,
        "the plugin can't start: the cluster did not answer in time while learning which jobs exist"
    );

    launcher.backend.on_start.set(|_| async { panic!("a fault, made by the test") });
    launcher.send(bootstrap(3, 7)).await;
    launcher.expect_error(0, 0).await;
}

#[tokio::test(start_paused = true)]
async fn while_the_backend_starts_requests_are_error_2_and_heartbeats_are_answered() {
    let backend = FakeBackend::default();
    backend.on_start.hang();
    let mut launcher = begin(backend).start();
    launcher.send(bootstrap(3, 7)).await;
    launcher.send(json!({"messageType": 3, "requestId": 1, "username": "*", "jobId": "*"})).await;
    launcher.expect_error(1, 2).await;
    launcher.send(json!({"messageType": 0, "requestId": 0})).await;
    launcher.expect(json!({"messageType": 0, "requestId": 0})).await;
}
