//! Jobs that have ended are forgotten.

use std::time::Duration;

use launcher_api::{Job, JobStatus};
use launcher_plugin::{BackendError, JobState, JobUpdate, PluginOptions};
use serde_json::{Value, json};

use crate::support::{FakeBackend, Launcher, Setup, begin, job, state};

const HOUR: Duration = Duration::from_secs(3600);

fn expiring_after(hours: u32, backend: FakeBackend) -> Setup {
    let setup = begin(backend);
    Setup { options: PluginOptions { job_expiry: HOUR * hours, ..setup.options }, ..setup }
}

fn ended_at(id: &str, time: &str) -> Job {
    Job { last_update_time: Some(time.parse().unwrap()), ..job(id, "mara", JobStatus::Finished) }
}

async fn known(launcher: &mut Launcher) -> Vec<Value> {
    launcher
        .send(json!({"messageType": 3, "requestId": 1, "username": "*", "jobId": "*", "fields": ["id"]}))
        .await;
    let jobs = launcher.next().await["jobs"].take();
    jobs.as_array().unwrap().iter().map(|job| job["id"].clone()).collect()
}

#[tokio::test(start_paused = true)]
async fn at_the_start_expired_jobs_are_left_out_and_removed_from_the_cluster() {
    let never_updated = Job {
        last_update_time: None,
        submission_time: Some("2026-11-23T09:30:11Z".parse().unwrap()),
        ..job("submitted-long-ago", "mara", JobStatus::Failed)
    };
    let running = Job {
        last_update_time: Some("2001-01-01T00:00:00Z".parse().unwrap()),
        ..job("running", "mara", JobStatus::Running)
    };
    let backend = FakeBackend::with([
        ended_at("long-ago", "2026-11-23T09:30:11Z"),
        ended_at("within-the-day", "2026-11-23T09:30:13Z"),
        never_updated,
        running,
    ]);
    let mut launcher = expiring_after(24, backend).bootstrapped().await;
    assert_eq!(known(&mut launcher).await, ["running", "within-the-day"]);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut removed = launcher.backend.on_remove.calls();
    removed.sort();
    assert_eq!(removed, ["long-ago", "submitted-long-ago"]);

    // A restart does not restart the clock: one second later the day is over.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(known(&mut launcher).await, ["running"]);
    assert_eq!(launcher.backend.on_remove.calls().last(), Some(&"within-the-day".into()));
}

#[tokio::test(start_paused = true)]
async fn a_job_expires_that_long_after_its_last_news_and_no_message_is_sent() {
    let mut launcher =
        expiring_after(24, FakeBackend::with([job("a", "mara", JobStatus::Running)])).bootstrapped().await;
    launcher.send(json!({"messageType": 4, "requestId": 5, "username": "*", "jobId": "a"})).await;
    launcher.next().await;
    let end = JobState { time: "2026-11-24T20:00:00Z".parse().unwrap(), ..state(JobStatus::Finished) };
    launcher.backend.becomes("a", end).await;
    launcher.next().await;

    launcher.expect_nothing_for(Duration::from_secs(34 * 3600 + 29 * 60 + 47)).await;
    assert_eq!(known(&mut launcher).await, ["a"], "2026-11-25T19:59:59");
    launcher.expect_nothing_for(Duration::from_secs(2)).await;
    launcher.send(json!({"messageType": 3, "requestId": 2, "username": "*", "jobId": "a"})).await;
    launcher.expect_error(2, 3).await;
    assert_eq!(launcher.backend.on_remove.calls(), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn running_jobs_never_expire() {
    let mut launcher =
        expiring_after(1, FakeBackend::with([job("a", "mara", JobStatus::Running)])).bootstrapped().await;
    launcher.expect_nothing_for(HOUR * 1000).await;
    assert_eq!(known(&mut launcher).await, ["a"]);
}

#[tokio::test(start_paused = true)]
async fn with_no_time_to_live_a_job_is_gone_as_soon_as_its_end_is_told() {
    let mut launcher =
        expiring_after(0, FakeBackend::with([job("a", "mara", JobStatus::Pending)])).bootstrapped().await;
    launcher.send(json!({"messageType": 4, "requestId": 5, "username": "*", "jobId": "*"})).await;
    assert_eq!(launcher.next().await["status"], "Pending");
    launcher.backend.becomes("a", state(JobStatus::Finished)).await;
    assert_eq!(launcher.next().await["status"], "Running");
    assert_eq!(launcher.next().await["status"], "Finished");
    assert_eq!(known(&mut launcher).await, Vec::<Value>::new());
    // The watch may tell it once more: it does not come back.
    launcher.backend.tell(JobUpdate::Known(Box::new(job("a", "mara", JobStatus::Finished)))).await;
    assert_eq!(known(&mut launcher).await, Vec::<Value>::new());
    launcher.expect_nothing_for(HOUR).await;
}

#[tokio::test(start_paused = true)]
async fn a_removal_that_fails_is_tried_again_ever_more_slowly_until_it_works() {
    let backend = FakeBackend::with([ended_at("a", "2026-11-01T00:00:00Z")]);
    backend.on_remove.set(|_| async { Err(BackendError::Unavailable("away".into())) });
    let launcher = expiring_after(24, backend).bootstrapped().await;
    let mut tries = Vec::new();
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_secs(120)).await;
        tries.push(launcher.backend.on_remove.calls().len());
    }
    // After 2, 4, 8, 16, 32, 64, 128, 256 seconds.
    assert_eq!(tries, [6, 7, 8, 8, 9, 9]);

    // Told again meanwhile, it is still removed once.
    launcher.backend.tell(JobUpdate::Known(Box::new(ended_at("a", "2026-11-01T00:00:00Z")))).await;
    launcher.backend.on_remove.set(|_| async { Ok(()) });
    tokio::time::sleep(HOUR).await;
    assert_eq!(launcher.backend.on_remove.calls().len(), 10);
}

#[tokio::test(start_paused = true)]
async fn removals_that_hang_leave_room_for_each_other_and_are_few_at_once() {
    let backend =
        FakeBackend::with((0..20).map(|n| ended_at(&format!("job-{n:02}"), "2026-11-01T00:00:00Z")));
    backend.on_remove.hang();
    let launcher = expiring_after(24, backend).bootstrapped().await;
    tokio::time::sleep(Duration::from_secs(50)).await;
    assert_eq!(launcher.backend.on_remove.calls().len(), 4);
    launcher.backend.on_remove.set(|_| async { Ok(()) });
    tokio::time::sleep(Duration::from_secs(200)).await;
    let mut removed = launcher.backend.on_remove.calls();
    removed.sort();
    removed.dedup();
    assert_eq!(removed.len(), 20);
}
