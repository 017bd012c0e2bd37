//! Control Job.

use std::time::Duration;

use launcher_api::JobStatus;
use launcher_api::request::ControlOperation;
use launcher_plugin::{BackendError, ControlOutcome};
use serde_json::{Value, json};

use crate::support::{FakeBackend, Launcher, begin, job, state};

fn control(id: u64, user: &str, job: &str, operation: u64) -> Value {
    json!({"messageType": 5, "requestId": id, "username": user, "jobId": job, "operation": operation})
}

fn done(id: u64) -> Value {
    json!({"messageType": 4, "requestId": id, "statusMessage": "", "operationComplete": true})
}

async fn with(status: JobStatus) -> Launcher {
    begin(FakeBackend::with([job("a", "mara", status)])).bootstrapped().await
}

#[tokio::test(start_paused = true)]
async fn each_operation_is_allowed_in_one_state_and_error_8_in_all_others() {
    let operations = [
        (ControlOperation::Suspend, "suspended", JobStatus::Running),
        (ControlOperation::Resume, "resumed", JobStatus::Suspended),
        (ControlOperation::Stop, "stopped", JobStatus::Running),
        (ControlOperation::Kill, "killed", JobStatus::Running),
        (ControlOperation::Cancel, "canceled", JobStatus::Pending),
    ];
    for status in JobStatus::ALL {
        for (operation, word, allowed) in operations {
            let mut launcher = with(status).await;
            launcher.send(control(1, "mara", "a", operation.number())).await;
            if status == allowed {
                launcher.expect(done(1)).await;
                assert_eq!(launcher.backend.on_control.calls(), [("a".into(), operation)]);
            } else {
                let text = launcher.expect_error(1, 8).await;
                assert_eq!(
                    text,
                    format!("job 'a' can't be {word}: only a {allowed} job can be, and this one is {status}")
                );
                assert!(launcher.backend.on_control.calls().is_empty());
            }
            launcher.expect_nothing_for(Duration::from_secs(60)).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_is_said_in_order_all_jobs_then_unknown_then_state_then_unsupported() {
    let backend = FakeBackend::with([job("a", "mara", JobStatus::Running)]);
    backend
        .on_control
        .set(|_| async { Err(BackendError::NotSupported("Kubernetes can't suspend a job".into())) });
    let mut launcher = begin(backend).bootstrapped().await;
    launcher.send(control(1, "mara", "*", 0)).await;
    launcher.expect_error(1, 2).await;
    launcher.send(control(2, "mara", "a", 5)).await;
    launcher.expect_error(2, 2).await;
    launcher.send(control(3, "tom", "a", 1)).await;
    launcher.expect_error(3, 3).await;
    launcher.send(control(4, "mara", "a", 1)).await;
    launcher.expect_error(4, 8).await;
    launcher.send(control(5, "mara", "a", 0)).await;
    assert_eq!(launcher.expect_error(5, 1).await, "Kubernetes can't suspend a job");
}

#[tokio::test(start_paused = true)]
async fn whatever_kept_the_cluster_from_it_is_error_9_with_its_words() {
    let mut launcher = with(JobStatus::Running).await;
    let cases = [
        (BackendError::ControlFailed("pods \"a\" is forbidden".into()), 9),
        (BackendError::Unavailable("the API server is away".into()), 9),
        (BackendError::InvalidState("the job has just ended".into()), 8),
        (BackendError::JobNotFound, 3),
        (BackendError::Timeout { what: "deleting the pod".into() }, 5),
    ];
    for (id, (error, code)) in (1..).zip(cases) {
        let expected = error.to_string();
        launcher.backend.on_control.set(move |_| {
            let error = error.clone();
            async { Err(error) }
        });
        launcher.send(control(id, "mara", "a", 2)).await;
        assert_eq!(launcher.expect_error(id, code).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn accepted_but_not_carried_out_is_an_answer_and_no_error() {
    let mut launcher = with(JobStatus::Running).await;
    launcher.backend.on_control.set(|_| async {
        Ok(ControlOutcome { complete: false, message: "the node does not answer".into() })
    });
    launcher.send(control(1, "mara", "a", 3)).await;
    launcher
        .expect(json!({"messageType": 4, "requestId": 1, "statusMessage": "the node does not answer",
                       "operationComplete": false}))
        .await;
}

#[tokio::test(start_paused = true)]
async fn of_two_operations_at_the_same_moment_the_second_is_error_8() {
    let mut launcher = with(JobStatus::Running).await;
    launcher.backend.on_control.set(|_| async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(ControlOutcome::done())
    });
    launcher.send(control(1, "mara", "a", 2)).await;
    launcher.send(control(2, "mara", "a", 3)).await;
    let text = launcher.expect_error(2, 8).await;
    assert_eq!(text, "job 'a' can't be killed: it is Running and just being stopped");
    launcher.expect(done(1)).await;
    assert_eq!(launcher.backend.on_control.calls().len(), 1);

    // A stop may take effect as late as it likes: the job can be killed meanwhile.
    launcher.send(control(3, "mara", "a", 3)).await;
    launcher.expect(done(3)).await;
    launcher.backend.becomes("a", state(JobStatus::Killed)).await;
    launcher
        .send(json!({"messageType": 3, "requestId": 4, "username": "*", "jobId": "a", "fields": ["status"]}))
        .await;
    launcher
        .expect(json!({"messageType": 2, "requestId": 4, "jobs": [{"id": "a", "status": "Killed"}]}))
        .await;
    launcher.send(control(5, "mara", "a", 3)).await;
    launcher.expect_error(5, 8).await;
}

#[tokio::test(start_paused = true)]
async fn a_hanging_or_panicking_operation_is_answered_once_and_frees_the_job() {
    let mut launcher = with(JobStatus::Running).await;
    launcher.backend.on_control.hang();
    launcher.send(control(1, "mara", "a", 2)).await;
    launcher.expect_nothing_for(Duration::from_secs(99)).await;
    launcher.expect_error(1, 5).await;
    launcher.backend.on_control.set(|_| async { panic!("a fault, made by the test") });
    launcher.send(control(2, "mara", "a", 2)).await;
    launcher.expect_error(2, 0).await;
    launcher.backend.on_control.set(|_| async { Ok(ControlOutcome::done()) });
    launcher.send(control(3, "mara", "a", 2)).await;
    launcher.expect(done(3)).await;
    launcher.expect_nothing_for(Duration::from_secs(300)).await;
}
