//! Job Resource Utilization streams.

use std::time::Duration;

use launcher_api::JobStatus;
use launcher_api::response::ResourceUse;
use launcher_plugin::BackendError;
use serde_json::{Value, json};

use crate::support::{FakeBackend, Launcher, Setup, begin, endless, job, source, state};

fn open(id: u64, user: &str, job: &str) -> Value {
    json!({"messageType": 7, "requestId": id, "username": user, "jobId": job, "cancel": false})
}

fn cancel(id: u64) -> Value {
    json!({"messageType": 7, "requestId": id, "username": "mara", "jobId": "a", "cancel": true})
}

fn percent(cpu: f64) -> Result<ResourceUse, BackendError> {
    Ok(ResourceUse { cpu_percent: Some(cpu), ..ResourceUse::default() })
}

fn told(request: u64, seq: u64, cpu: f64) -> Value {
    json!({"messageType": 6, "requestId": 0, "sequences": [{"requestId": request, "seqId": seq}],
           "cpuPercent": cpu, "complete": false})
}

fn complete(request: u64, seq: u64) -> Value {
    json!({"messageType": 6, "requestId": 0, "sequences": [{"requestId": request, "seqId": seq}], "complete": true})
}

async fn with(status: JobStatus) -> Launcher {
    begin(FakeBackend::with([job("a", "mara", status)])).bootstrapped().await
}

const QUIET: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn samples_come_as_they_are_measured_until_the_job_ends() {
    let mut launcher = with(JobStatus::Running).await;
    let (gauge, measuring) = source();
    launcher.backend.give_resource_use("a", measuring);
    launcher.send(open(1, "mara", "a")).await;
    launcher.expect_nothing_for(QUIET).await;
    gauge.give(percent(87.5)).await;
    launcher.expect(told(1, 1, 87.5)).await;
    gauge.give(percent(12.0)).await;
    launcher.expect(told(1, 2, 12.0)).await;
    // The end of the job is enough, whatever the backend does.
    launcher.backend.becomes("a", state(JobStatus::Finished)).await;
    launcher.expect(complete(1, 3)).await;
    gauge.dropped().await;
    launcher.expect_nothing_for(QUIET).await;
}

#[tokio::test(start_paused = true)]
async fn measuring_that_ends_or_fails_for_good_is_complete() {
    let mut launcher = with(JobStatus::Running).await;
    for (id, end) in [(1, None), (2, Some(BackendError::Unavailable("no metrics server".into())))] {
        let (gauge, measuring) = source();
        launcher.backend.give_resource_use("a", measuring);
        launcher.send(open(id, "mara", "a")).await;
        gauge.give(percent(1.0)).await;
        launcher.expect(told(id, 1, 1.0)).await;
        if let Some(error) = end {
            gauge.give(Err(error)).await;
        }
        drop(gauge);
        launcher.expect(complete(id, 2)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_not_running_is_error_6() {
    for status in JobStatus::ALL.into_iter().filter(|status| *status != JobStatus::Running) {
        let mut launcher = with(status).await;
        launcher.send(open(1, "mara", "a")).await;
        let text = launcher.expect_error(1, 6).await;
        assert_eq!(text, format!("job 'a' is not Running but {status}: it uses nothing"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_job_and_a_foreign_one_are_error_3_and_all_jobs_are_error_2() {
    let mut launcher = with(JobStatus::Running).await;
    launcher.send(open(1, "mara", "nope")).await;
    launcher.expect_error(1, 3).await;
    launcher.send(open(2, "tom", "a")).await;
    launcher.expect_error(2, 3).await;
    launcher.send(open(3, "mara", "*")).await;
    launcher.expect_error(3, 2).await;
}

#[tokio::test(start_paused = true)]
async fn all_who_watch_a_job_share_one_measuring_and_a_newcomer_gets_the_last_sample_at_once() {
    let mut launcher = with(JobStatus::Running).await;
    let (gauge, measuring) = source();
    launcher.backend.give_resource_use("a", measuring);
    launcher.send(open(1, "mara", "a")).await;
    gauge.give(percent(10.0)).await;
    launcher.expect(told(1, 1, 10.0)).await;
    launcher.send(open(2, "*", "a")).await;
    launcher.expect(told(2, 1, 10.0)).await;
    gauge.give(percent(20.0)).await;
    let mut both = [launcher.next().await, launcher.next().await];
    both.sort_by_key(|message| message["sequences"][0]["requestId"].as_u64());
    assert_eq!(both, [told(1, 2, 20.0), told(2, 2, 20.0)]);

    // The measuring ends with the last watcher, not with the first.
    launcher.send(cancel(1)).await;
    launcher.expect_nothing_for(QUIET).await;
    gauge.give(percent(30.0)).await;
    launcher.expect(told(2, 3, 30.0)).await;
    launcher.send(cancel(2)).await;
    gauge.dropped().await;
    launcher.expect_nothing_for(QUIET).await;

    // And begins anew for the next one.
    let (gauge, measuring) = source();
    launcher.backend.give_resource_use("a", measuring);
    launcher.send(open(3, "mara", "a")).await;
    launcher.expect_nothing_for(QUIET).await;
    gauge.give(percent(40.0)).await;
    launcher.expect(told(3, 1, 40.0)).await;
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_misses_samples_and_gets_the_newest() {
    let backend =
        FakeBackend::with([job("a", "mara", JobStatus::Running), job("talker", "mara", JobStatus::Running)]);
    backend.give_output("talker", endless().1);
    let (gauge, measuring) = source();
    backend.give_resource_use("a", measuring);
    let mut launcher = Setup { pipe: 1024, ..begin(backend) }.bootstrapped().await;
    launcher.send(json!({"messageType": 6, "requestId": 1, "username": "mara", "jobId": "talker"})).await;
    tokio::time::sleep(QUIET).await;
    launcher.send(open(2, "mara", "a")).await;
    for sample in 0..1000 {
        gauge.give(percent(f64::from(sample))).await;
    }
    tokio::time::sleep(QUIET).await;
    let sample = loop {
        let message = launcher.next().await;
        if message["messageType"] == json!(6) {
            break message;
        }
    };
    assert_eq!(sample, told(2, 1, 999.0));
}
