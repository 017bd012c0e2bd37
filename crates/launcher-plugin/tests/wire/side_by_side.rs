//! Requests do not hold each other up.

use std::time::Duration;

use launcher_api::response::ClusterInfo;
use launcher_api::{JobStatus, Requester};
use serde_json::json;
use tokio::time::Instant;

use crate::support::{FakeBackend, begin, job};

#[tokio::test(start_paused = true)]
async fn a_quick_request_overtakes_a_slow_one() {
    let backend = FakeBackend::with([job("a", "mara", JobStatus::Running)]);
    backend.on_cluster_info.set(|_| async {
        tokio::time::sleep(Duration::from_secs(30)).await;
        Ok(ClusterInfo::default())
    });
    let mut launcher = begin(backend).bootstrapped().await;
    launcher.send(json!({"messageType": 9, "requestId": 1, "username": "mara"})).await;
    launcher
        .send(json!({"messageType": 3, "requestId": 2, "username": "mara", "jobId": "a", "fields": ["id"]}))
        .await;
    launcher.expect(json!({"messageType": 2, "requestId": 2, "jobs": [{"id": "a"}]})).await;
    assert_eq!(launcher.next().await["requestId"], 1);
}

#[tokio::test(start_paused = true)]
async fn when_the_backend_hangs_every_request_is_answered_in_well_under_120_seconds_and_once() {
    let backend = FakeBackend::default();
    backend.on_cluster_info.hang();
    let mut launcher = begin(backend).bootstrapped().await;
    let asked = Instant::now();
    for id in 1..=600 {
        launcher.send(json!({"messageType": 9, "requestId": id, "username": "mara"})).await;
    }
    tokio::time::sleep(Duration::from_secs(50)).await;
    assert_eq!(launcher.backend.on_cluster_info.calls().len(), 256, "no more are worked on at once");
    let mut answered = Vec::new();
    for _ in 1..=600 {
        let answer = launcher.next().await;
        assert_eq!(answer["errorCode"], 5, "{answer}");
        answered.push(answer["requestId"].as_u64().unwrap());
    }
    assert!(asked.elapsed() < Duration::from_secs(110), "{:?}", asked.elapsed());
    answered.sort_unstable();
    assert_eq!(answered, (1..=600).collect::<Vec<_>>());
    assert_eq!(launcher.backend.on_cluster_info.calls().len(), 256, "what came too late is not begun");
    launcher.expect_nothing_for(Duration::from_secs(300)).await;
}

#[tokio::test(start_paused = true)]
async fn cancels_are_heard_although_all_places_for_requests_are_taken() {
    let backend = FakeBackend::with([job("a", "mara", JobStatus::Running)]);
    backend.on_cluster_info.hang();
    let mut launcher = begin(backend).bootstrapped().await;
    for id in 1..=600 {
        launcher.send(json!({"messageType": 9, "requestId": id, "username": "mara"})).await;
    }
    let (log, output) = crate::support::source();
    launcher.backend.give_output("a", output);
    launcher.send(json!({"messageType": 6, "requestId": 700, "username": "mara", "jobId": "a"})).await;
    launcher.send(json!({"messageType": 4, "requestId": 701, "username": "mara", "jobId": "a"})).await;
    assert_eq!(launcher.next().await["sequences"][0]["requestId"], 701);
    log.give(crate::support::chunk(launcher_api::response::OutputKind::Stdout, b"x")).await;
    assert_eq!(launcher.next().await["requestId"], 700);
    launcher
        .send(json!({"messageType": 6, "requestId": 700, "username": "mara", "jobId": "a", "cancel": true}))
        .await;
    log.dropped().await;
}

#[tokio::test(start_paused = true)]
async fn requests_that_waited_for_their_turn_are_worked_on_when_there_is_one() {
    let backend = FakeBackend::default();
    backend.on_cluster_info.set(|_: Requester| async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        Ok(ClusterInfo::default())
    });
    let mut launcher = begin(backend).bootstrapped().await;
    for id in 1..=600 {
        launcher.send(json!({"messageType": 9, "requestId": id, "username": "mara"})).await;
    }
    let began = Instant::now();
    for _ in 1..=600 {
        assert_eq!(launcher.next().await["messageType"], 8);
    }
    assert_eq!(began.elapsed().as_secs(), 30);
}
