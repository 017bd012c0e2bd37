//! Job Status streams.

use std::time::Duration;

use launcher_api::JobStatus;
use launcher_plugin::{JobState, JobUpdate};
use serde_json::{Value, json};

use crate::support::{FakeBackend, Launcher, begin, job, state};

fn open(id: u64, user: &str, job: &str) -> Value {
    json!({"messageType": 4, "requestId": id, "username": user, "jobId": job, "cancel": false})
}

fn cancel(id: u64) -> Value {
    json!({"messageType": 4, "requestId": id, "username": "*", "jobId": "*", "cancel": true})
}

fn told(request: u64, seq: u64, id: &str, status: &str) -> Value {
    json!({"messageType": 3, "requestId": 0, "sequences": [{"requestId": request, "seqId": seq}],
           "id": id, "name": format!("name of {id}"), "status": status})
}

async fn with(jobs: &[(&str, &str, JobStatus)]) -> Launcher {
    begin(FakeBackend::with(jobs.iter().map(|(id, user, status)| job(id, user, *status))))
        .bootstrapped()
        .await
}

const QUIET: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn it_tells_the_present_state_of_every_visible_job_and_then_each_change() {
    let mut launcher = with(&[
        ("a", "mara", JobStatus::Finished),
        ("b", "mara", JobStatus::Pending),
        ("c", "tom", JobStatus::Running),
    ])
    .await;
    launcher.send(open(44, "mara", "*")).await;
    launcher.expect(told(44, 1, "a", "Finished")).await;
    launcher.expect(told(44, 2, "b", "Pending")).await;
    launcher.backend.becomes("b", state(JobStatus::Running)).await;
    launcher.expect(told(44, 3, "b", "Running")).await;
    launcher.backend.becomes("c", state(JobStatus::Finished)).await;
    launcher.backend.tell(JobUpdate::Known(Box::new(job("d", "tom", JobStatus::Pending)))).await;
    launcher.backend.tell(JobUpdate::Known(Box::new(job("e", "mara", JobStatus::Pending)))).await;
    launcher.expect(told(44, 4, "e", "Pending")).await;
    launcher.expect_nothing_for(QUIET).await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_for_one_job_tells_only_of_it_and_stays_open_after_its_end() {
    let mut launcher = with(&[("a", "mara", JobStatus::Running), ("b", "mara", JobStatus::Running)]).await;
    launcher.send(open(1, "mara", "a")).await;
    launcher.expect(told(1, 1, "a", "Running")).await;
    launcher.backend.becomes("b", state(JobStatus::Finished)).await;
    launcher.backend.becomes("a", state(JobStatus::Finished)).await;
    launcher.expect(told(1, 2, "a", "Finished")).await;
    launcher.expect_nothing_for(QUIET).await;
}

#[tokio::test(start_paused = true)]
async fn an_unknown_job_and_a_foreign_one_are_error_3_but_no_jobs_at_all_are_silence() {
    let mut launcher = with(&[("a", "mara", JobStatus::Running)]).await;
    launcher.send(open(1, "tom", "a")).await;
    launcher.expect_error(1, 3).await;
    launcher.send(open(2, "*", "nope")).await;
    launcher.expect_error(2, 3).await;
    launcher.send(open(3, "tom", "*")).await;
    launcher.expect_nothing_for(QUIET).await;
    launcher.backend.tell(JobUpdate::Known(Box::new(job("t", "tom", JobStatus::Pending)))).await;
    launcher.expect(told(3, 1, "t", "Pending")).await;
}

#[tokio::test(start_paused = true)]
async fn a_change_is_another_status_or_another_message_and_nothing_else() {
    let mut launcher = with(&[("a", "mara", JobStatus::Pending)]).await;
    launcher.send(open(1, "*", "*")).await;
    launcher.expect(told(1, 1, "a", "Pending")).await;
    let waiting = JobState {
        status_message: "0/3 nodes are available".into(),
        status_code: "Unschedulable".into(),
        ..state(JobStatus::Pending)
    };
    launcher.backend.becomes("a", waiting.clone()).await;
    let mut expected = told(1, 2, "a", "Pending");
    expected["statusMessage"] = json!("0/3 nodes are available");
    expected["statusCode"] = json!("Unschedulable");
    launcher.expect(expected).await;

    launcher.backend.becomes("a", waiting.clone()).await;
    launcher
        .backend
        .becomes("a", JobState { status_code: "Other".into(), host: "node-3".into(), ..waiting })
        .await;
    launcher.backend.tell(JobUpdate::Ports { id: "a".into(), ports: vec![] }).await;
    launcher.expect_nothing_for(QUIET).await;
    launcher
        .send(json!({"messageType": 3, "requestId": 2, "username": "*", "jobId": "a", "fields": ["statusCode", "host"]}))
        .await;
    launcher
        .expect(json!({"messageType": 2, "requestId": 2, "jobs": [{"id": "a", "statusCode": "Other", "host": "node-3"}]}))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_job_too_quick_to_be_seen_running_is_told_running_first() {
    let mut launcher = with(&[
        ("a", "mara", JobStatus::Pending),
        ("b", "mara", JobStatus::Pending),
        ("c", "mara", JobStatus::Pending),
    ])
    .await;
    launcher.send(open(1, "*", "*")).await;
    for seq in 1..=3 {
        let id = ["a", "b", "c"][seq - 1];
        launcher.expect(told(1, seq as u64, id, "Pending")).await;
    }
    launcher.backend.becomes("a", state(JobStatus::Finished)).await;
    launcher.expect(told(1, 4, "a", "Running")).await;
    launcher.expect(told(1, 5, "a", "Finished")).await;
    launcher.backend.tell(JobUpdate::Known(Box::new(job("b", "mara", JobStatus::Killed)))).await;
    launcher.expect(told(1, 6, "b", "Running")).await;
    launcher.expect(told(1, 7, "b", "Killed")).await;
    // These ends need no run.
    launcher.backend.becomes("c", state(JobStatus::Failed)).await;
    launcher.expect(told(1, 8, "c", "Failed")).await;
    launcher.expect_nothing_for(QUIET).await;
}

#[tokio::test(start_paused = true)]
async fn terminal_is_terminal_whatever_comes_later() {
    let mut launcher = with(&[("a", "mara", JobStatus::Running)]).await;
    launcher.send(open(1, "*", "*")).await;
    launcher.expect(told(1, 1, "a", "Running")).await;
    let killed = JobState { exit_code: Some(137), host: "node-3".into(), ..state(JobStatus::Killed) };
    launcher.backend.becomes("a", killed).await;
    launcher.expect(told(1, 2, "a", "Killed")).await;
    for status in JobStatus::ALL {
        launcher.backend.becomes("a", JobState { exit_code: Some(0), ..state(status) }).await;
        launcher.backend.tell(JobUpdate::Known(Box::new(job("a", "mara", status)))).await;
    }
    launcher.expect_nothing_for(QUIET).await;
    launcher
        .send(json!({"messageType": 3, "requestId": 2, "username": "*", "jobId": "a",
                     "fields": ["status", "exitCode", "host"]}))
        .await;
    launcher
        .expect(json!({"messageType": 2, "requestId": 2,
                       "jobs": [{"id": "a", "status": "Killed", "exitCode": 137, "host": "node-3"}]}))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_cancel_ends_the_stream_without_an_answer_also_if_there_is_none() {
    let mut launcher = with(&[("a", "mara", JobStatus::Running)]).await;
    launcher.send(open(1, "*", "*")).await;
    launcher.expect(told(1, 1, "a", "Running")).await;
    launcher.send(cancel(1)).await;
    launcher.send(cancel(1)).await;
    launcher.send(cancel(77)).await;
    launcher.expect_nothing_for(QUIET).await;
    launcher.backend.becomes("a", state(JobStatus::Finished)).await;
    launcher.expect_nothing_for(QUIET).await;
}

#[tokio::test(start_paused = true)]
async fn a_cancel_never_overtakes_its_request() {
    let mut launcher = with(&[("a", "mara", JobStatus::Running)]).await;
    for id in 1..=500 {
        launcher.send(open(id, "*", "a")).await;
        launcher.send(cancel(id)).await;
    }
    // What was sent before a cancel may still come; what happens later is told to nobody.
    launcher.skip_until_quiet(QUIET).await;
    launcher.backend.becomes("a", state(JobStatus::Finished)).await;
    launcher.expect_nothing_for(QUIET).await;
}

#[tokio::test(start_paused = true)]
async fn the_same_request_again_while_it_is_open_is_ignored() {
    let mut launcher = with(&[("a", "mara", JobStatus::Running)]).await;
    launcher.send(open(1, "*", "*")).await;
    launcher.expect(told(1, 1, "a", "Running")).await;
    launcher.send(open(1, "*", "a")).await;
    launcher.expect_nothing_for(QUIET).await;
    launcher.backend.becomes("a", state(JobStatus::Finished)).await;
    launcher.expect(told(1, 2, "a", "Finished")).await;
    launcher.expect_nothing_for(QUIET).await;
}

#[tokio::test(start_paused = true)]
async fn every_stream_has_its_own_counter_from_1() {
    let mut launcher = with(&[("a", "mara", JobStatus::Running)]).await;
    launcher.send(open(5, "*", "*")).await;
    launcher.expect(told(5, 1, "a", "Running")).await;
    launcher.send(open(9, "mara", "a")).await;
    launcher.expect(told(9, 1, "a", "Running")).await;
    launcher.backend.becomes("a", state(JobStatus::Finished)).await;
    let mut both = [launcher.next().await, launcher.next().await];
    both.sort_by_key(|message| message["sequences"][0]["requestId"].as_u64());
    assert_eq!(both, [told(5, 2, "a", "Finished"), told(9, 2, "a", "Finished")]);
}

#[tokio::test(start_paused = true)]
async fn a_job_removed_from_the_cluster_before_its_end_has_failed_and_one_removed_after_is_forgotten() {
    let mut launcher = with(&[("a", "mara", JobStatus::Running)]).await;
    launcher.send(open(1, "*", "*")).await;
    launcher.expect(told(1, 1, "a", "Running")).await;
    launcher.backend.tell(JobUpdate::Removed("a".into())).await;
    let mut failed = told(1, 2, "a", "Failed");
    failed["statusMessage"] = json!("the job was removed from the cluster");
    failed["statusCode"] = json!("Removed");
    launcher.expect(failed).await;

    launcher.backend.tell(JobUpdate::Removed("a".into())).await;
    launcher.backend.tell(JobUpdate::Removed("never seen".into())).await;
    launcher.expect_nothing_for(QUIET).await;
    launcher.send(json!({"messageType": 3, "requestId": 2, "username": "*", "jobId": "a"})).await;
    launcher.expect_error(2, 3).await;
}
