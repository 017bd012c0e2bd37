//! Submit Job.

use std::time::Duration;

use launcher_api::{Job, JobStatus};
use launcher_plugin::{BackendError, JobUpdate};
use serde_json::{Value, json};

use crate::support::{FakeBackend, begin, job, state};

fn submit(id: u64, username: &str, job: &Value) -> Value {
    json!({"messageType": 2, "requestId": id, "username": username, "requestUsername": "rstudio-server", "job": job})
}

fn pending(name: &str, user: &str) -> Value {
    json!({
        "id": format!("id-of-{name}"), "cluster": "Kubernetes", "name": name, "user": user, "queues": [],
        "workingDirectory": "", "host": "", "status": "Pending", "command": "true", "exe": "", "args": [],
        "stdin": "", "stdoutFile": "", "stderrFile": "", "environment": [], "placementConstraints": [],
        "submissionTime": "2026-11-24T09:30:12Z", "lastUpdateTime": "2026-11-24T09:30:12Z", "exposedPorts": [],
        "mounts": [], "config": [], "resourceLimits": [], "tags": [], "resourceProfile": "custom"
    })
}

#[tokio::test(start_paused = true)]
async fn the_answer_is_the_whole_job_pending_with_its_id_time_and_defaults() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher.send(submit(1, "mara", &json!({"name": "fit", "command": "true"}))).await;
    launcher.expect(json!({"messageType": 2, "requestId": 1, "jobs": [pending("fit", "mara")]})).await;
    launcher.send(json!({"messageType": 3, "requestId": 2, "username": "mara", "jobId": "id-of-fit"})).await;
    launcher.expect(json!({"messageType": 2, "requestId": 2, "jobs": [pending("fit", "mara")]})).await;
}

#[tokio::test(start_paused = true)]
async fn the_submitter_is_the_owner_unless_the_job_names_another() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher.send(submit(1, " mara ", &json!({"name": "a", "command": "true", "user": "tom"}))).await;
    assert_eq!(launcher.next().await["jobs"][0]["user"], "tom");
    launcher.send(submit(2, "*", &json!({"name": "b", "command": "true", "user": "tom"}))).await;
    assert_eq!(launcher.next().await["jobs"][0]["user"], "tom");
    launcher.send(submit(3, "*", &json!({"name": "c", "command": "true"}))).await;
    let text = launcher.expect_error(3, 2).await;
    assert_eq!(text, "the job has no owner: `job.user` is empty and `username` names nobody");
}

#[tokio::test(start_paused = true)]
async fn what_only_a_plugin_can_know_is_not_believed() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    let lie = json!({
        "name": "fit", "command": "true", "id": "mine", "status": "Finished", "exitCode": 0, "pid": 7,
        "statusMessage": "done", "statusCode": "Done", "submissionTime": "2001-01-01T00:00:00Z",
        "lastUpdateTime": "2001-01-01T00:00:00Z"
    });
    launcher.send(submit(1, "mara", &lie)).await;
    launcher.expect(json!({"messageType": 2, "requestId": 1, "jobs": [pending("fit", "mara")]})).await;
}

#[tokio::test(start_paused = true)]
async fn a_job_that_can_not_be_is_error_2_and_never_reaches_the_backend() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    let cases = [
        json!({"command": "a", "exe": "b"}),
        json!({"name": "nothing to run"}),
        json!({"command": "a", "user": "*"}),
        json!({"command": 5}),
        json!({"command": "a", "status": "Sleeping"}),
        json!("not an object"),
    ];
    for (id, job) in (1..).zip(cases) {
        launcher.send(submit(id, "mara", &job)).await;
        launcher.expect_error(id, 2).await;
    }
    launcher.send(json!({"messageType": 2, "requestId": 99, "username": "mara"})).await;
    assert!(launcher.expect_error(99, 2).await.contains("job"));
    assert!(launcher.backend.on_submit.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn each_failure_of_the_backend_has_its_code() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    let cases = [
        (BackendError::InvalidJob("memory of 99999 MB exceeds the limit of 4096 MB".into()), 2),
        (BackendError::NotSupported("mounts of type 'cephFs' can't be made here".into()), 1),
        (BackendError::Timeout { what: "creating the job".into() }, 5),
        (BackendError::Unavailable("the API server is away".into()), 0),
    ];
    for (id, (error, code)) in (1..).zip(cases) {
        let expected = error.to_string();
        launcher.backend.on_submit.set(move |_| {
            let error = error.clone();
            async { Err(error) }
        });
        launcher.send(submit(id, "mara", &json!({"command": "true"}))).await;
        assert_eq!(launcher.expect_error(id, code).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_backend_that_hangs_or_panics_is_an_error_well_before_the_launcher_gives_up() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher.backend.on_submit.hang();
    launcher.send(submit(1, "mara", &json!({"command": "true"}))).await;
    launcher.expect_nothing_for(Duration::from_secs(99)).await;
    let text = launcher.expect_error(1, 5).await;
    assert_eq!(text, "the cluster did not answer in time while creating the job");

    launcher.backend.on_submit.set(|_| async { panic!("a fault, made by the test") });
    launcher.send(submit(2, "mara", &json!({"command": "true"}))).await;
    launcher.expect_error(2, 0).await;

    launcher.backend.on_submit.set(|(job, _)| async move { Ok(Job { id: "".into(), ..job }) });
    launcher.send(submit(3, "mara", &json!({"command": "true"}))).await;
    assert_eq!(launcher.expect_error(3, 0).await, "the cluster gave the job no id");
}

#[tokio::test(start_paused = true)]
async fn the_answer_comes_before_the_first_status_although_the_watch_saw_the_job_first() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher.send(json!({"messageType": 4, "requestId": 1, "username": "*", "jobId": "*"})).await;
    launcher.backend.on_submit.set(|(job, _)| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(Job { id: "new".into(), ..job })
    });
    launcher.send(submit(2, "mara", &json!({"name": "fit", "command": "true"}))).await;
    tokio::time::sleep(Duration::from_millis(500)).await;

    let seen = Job { name: "fit".into(), ..job("new", "mara", JobStatus::Pending) };
    launcher.backend.tell(JobUpdate::Known(Box::new(seen))).await;
    let foreign = Job { name: "fit".into(), ..job("foreign", "tom", JobStatus::Pending) };
    launcher.backend.tell(JobUpdate::Known(Box::new(foreign))).await;
    launcher.backend.becomes("new", state(JobStatus::Running)).await;
    launcher.backend.becomes("new", state(JobStatus::Finished)).await;

    let status = |seq: u64, id: &str, status: &str| {
        json!({"messageType": 3, "requestId": 0, "sequences": [{"requestId": 1, "seqId": seq}],
               "id": id, "name": "fit", "status": status})
    };
    launcher.expect(status(1, "foreign", "Pending")).await;
    let answer = launcher.next().await;
    assert_eq!((&answer["requestId"], &answer["jobs"][0]["status"]), (&json!(2), &json!("Pending")));
    launcher.expect(status(2, "new", "Running")).await;
    launcher.expect(status(3, "new", "Finished")).await;
}

#[tokio::test(start_paused = true)]
async fn a_failed_submission_lets_jobs_be_told_that_waited_for_it() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher.send(json!({"messageType": 4, "requestId": 1, "username": "*", "jobId": "*"})).await;
    launcher.backend.on_submit.set(|_| async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Err(BackendError::Unavailable("away".into()))
    });
    launcher.send(submit(2, "mara", &json!({"name": "fit", "command": "true"}))).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let like_it = Job { name: "fit".into(), ..job("other", "mara", JobStatus::Pending) };
    launcher.backend.tell(JobUpdate::Known(Box::new(like_it))).await;
    let first = launcher.next().await;
    let second = launcher.next().await;
    let mut types = [first["messageType"].as_i64().unwrap(), second["messageType"].as_i64().unwrap()];
    types.sort_unstable();
    assert_eq!(types, [-1, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_does_not_bring_back_a_job_that_has_come_and_gone() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher.backend.on_submit.set(|(job, _)| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(Job { id: "brief".into(), ..job })
    });
    launcher.send(submit(1, "mara", &json!({"name": "fit", "command": "true"}))).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    launcher.backend.tell(JobUpdate::Known(Box::new(job("brief", "mara", JobStatus::Finished)))).await;
    launcher.backend.tell(JobUpdate::Removed("brief".into())).await;
    assert_eq!(launcher.next().await["jobs"][0]["id"], "brief");
    launcher.send(json!({"messageType": 3, "requestId": 2, "username": "mara", "jobId": "brief"})).await;
    launcher.expect_error(2, 3).await;
}
