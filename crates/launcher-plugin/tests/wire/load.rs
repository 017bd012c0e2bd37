//! Many jobs, many updates, and Launchers that do not read.

use std::collections::HashMap;
use std::time::Duration;

use launcher_api::JobStatus;
use launcher_plugin::{JobState, JobUpdate};
use serde_json::json;

use crate::support::{FakeBackend, Setup, begin, job, state};

fn jobs(count: usize, status: JobStatus) -> impl Iterator<Item = launcher_api::Job> {
    (0..count).map(move |n| job(&format!("job-{n:05}"), "mara", status))
}

fn messaged(n: usize) -> JobState {
    JobState { status_message: format!("step {n}"), ..state(JobStatus::Running) }
}

/// 50,000 updates of 100 jobs for a Launcher that does not read: what it gets later is short, in order, and ends well.
#[tokio::test(start_paused = true)]
async fn updates_for_a_slow_reader_are_merged_for_each_job_and_no_end_is_lost() {
    let backend = FakeBackend::with(jobs(100, JobStatus::Pending));
    let mut launcher = Setup { pipe: 1024, ..begin(backend) }.bootstrapped().await;
    launcher.send(json!({"messageType": 4, "requestId": 1, "username": "*", "jobId": "*"})).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    for n in 0..500 {
        for job in 0..100 {
            launcher.backend.becomes(&format!("job-{job:05}"), messaged(n)).await;
        }
    }
    for job in 0..100 {
        launcher.backend.becomes(&format!("job-{job:05}"), state(JobStatus::Finished)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;

    let mut told: HashMap<String, Vec<String>> = HashMap::new();
    let mut messages = 0;
    let mut ended = 0;
    while ended < 100 {
        let message = launcher.next().await;
        messages += 1;
        assert_eq!(message["sequences"], json!([{"requestId": 1, "seqId": messages}]));
        let status = message["status"].as_str().unwrap().to_owned();
        ended += usize::from(status == "Finished");
        told.entry(message["id"].as_str().unwrap().to_owned()).or_default().push(status);
    }
    launcher.expect_nothing_for(Duration::from_secs(60)).await;
    // What was queued before the pipe was full, and then Running and Finished of each.
    assert!(messages <= 100 * 2 + 50, "{messages} messages");
    for (id, statuses) in told {
        let mut order = statuses.clone();
        order.sort_by_key(|status| {
            ["Pending", "Running", "Finished"].iter().position(|known| known == status)
        });
        assert_eq!(statuses, order, "{id}");
        assert_eq!(statuses[statuses.len() - 2..], ["Running", "Finished"], "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_one_of_many_updates_reaches_a_reader_that_keeps_up() {
    let backend = FakeBackend::with(jobs(10, JobStatus::Pending));
    let mut launcher = begin(backend).bootstrapped().await;
    launcher.send(json!({"messageType": 4, "requestId": 1, "username": "*", "jobId": "*"})).await;
    for _ in 0..10 {
        launcher.next().await;
    }
    for n in 0..1000 {
        let id = format!("job-{:05}", n % 10);
        launcher.backend.becomes(&id, messaged(n)).await;
        let message = launcher.next().await;
        assert_eq!((&message["id"], &message["statusMessage"]), (&json!(id), &json!(format!("step {n}"))));
    }
}

/// With many streams on a slow reader, each gets its turn.
#[tokio::test(start_paused = true)]
async fn streams_are_served_in_turn() {
    let backend = FakeBackend::with(jobs(200, JobStatus::Running));
    let mut launcher = Setup { pipe: 1024, ..begin(backend) }.bootstrapped().await;
    for id in 1..=10 {
        launcher.send(json!({"messageType": 4, "requestId": id, "username": "*", "jobId": "*"})).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut counts = HashMap::new();
    for _ in 0..1000 {
        let message = launcher.next().await;
        *counts.entry(message["sequences"][0]["requestId"].as_u64().unwrap()).or_insert(0) += 1;
    }
    // The first stream was alone until the pipe was full.
    for id in 2..=10 {
        assert!((80..=110).contains(&counts[&id]), "stream {id}: {counts:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn jobs_that_come_and_go_while_nobody_reads_are_all_told_to_the_end() {
    let mut launcher = Setup { pipe: 1024, ..begin(FakeBackend::default()) }.bootstrapped().await;
    launcher.send(json!({"messageType": 4, "requestId": 1, "username": "*", "jobId": "*"})).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    for n in 0..500 {
        let id = format!("job-{n:05}");
        launcher.backend.tell(JobUpdate::Known(Box::new(job(&id, "mara", JobStatus::Pending)))).await;
        launcher.backend.becomes(&id, state(JobStatus::Finished)).await;
        launcher.backend.tell(JobUpdate::Removed(id.as_str().into())).await;
    }
    let mut ended = 0;
    while ended < 500 {
        ended += usize::from(launcher.next().await["status"] == json!("Finished"));
    }
    launcher.expect_nothing_for(Duration::from_secs(60)).await;
}
