//! Heartbeats: on request, by timer, and past everything else.

use std::time::Duration;

use launcher_api::JobStatus;
use launcher_plugin::PluginOptions;
use serde_json::json;
use tokio::time::Instant;

use crate::support::{FakeBackend, Setup, begin, bootstrap, endless, job};

fn beating(every: Duration) -> Setup {
    let setup = begin(FakeBackend::default());
    Setup { options: PluginOptions { heartbeat_interval: Some(every), ..setup.options }, ..setup }
}

#[tokio::test(start_paused = true)]
async fn each_heartbeat_is_answered_at_once_with_ids_of_0() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    let asked = Instant::now();
    for _ in 0..3 {
        launcher.send(json!({"messageType": 0, "requestId": 0})).await;
        launcher.expect(json!({"messageType": 0, "requestId": 0})).await;
    }
    assert_eq!(asked.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn one_comes_by_itself_whenever_an_interval_has_passed_without_one() {
    let mut launcher = beating(Duration::from_secs(5)).bootstrapped().await;
    let bootstrapped = Instant::now();
    launcher.expect(json!({"messageType": 0, "requestId": 0})).await;
    assert_eq!(bootstrapped.elapsed().as_secs(), 5);

    // One that was asked for puts the next one off.
    launcher.expect_nothing_for(Duration::from_secs(3)).await;
    launcher.send(json!({"messageType": 0, "requestId": 0})).await;
    launcher.expect(json!({"messageType": 0, "requestId": 0})).await;
    launcher.expect(json!({"messageType": 0, "requestId": 0})).await;
    assert_eq!(bootstrapped.elapsed().as_secs(), 13);
}

#[tokio::test(start_paused = true)]
async fn the_timer_starts_with_the_answer_to_bootstrap() {
    let mut launcher = beating(Duration::from_secs(5)).start();
    launcher.expect_nothing_for(Duration::from_secs(60)).await;
    launcher.send(bootstrap(3, 7)).await;
    launcher.next().await;
    launcher.expect_nothing_for(Duration::from_secs(4)).await;
    launcher.expect(json!({"messageType": 0, "requestId": 0})).await;
}

#[tokio::test(start_paused = true)]
async fn without_an_interval_none_comes_unasked() {
    for setup in [begin(FakeBackend::default()), beating(Duration::ZERO)] {
        let mut launcher = setup.bootstrapped().await;
        launcher.expect_nothing_for(Duration::from_secs(3600)).await;
        launcher.send(json!({"messageType": 0, "requestId": 0})).await;
        launcher.expect(json!({"messageType": 0, "requestId": 0})).await;
    }
}

#[tokio::test(start_paused = true)]
async fn other_messages_do_not_put_the_timer_off() {
    let mut launcher = beating(Duration::from_secs(5)).bootstrapped().await;
    let bootstrapped = Instant::now();
    for id in 1..=4 {
        launcher.expect_nothing_for(Duration::from_secs(1)).await;
        launcher.send(json!({"messageType": 201, "requestId": id})).await;
        launcher.expect(json!({"messageType": 201, "requestId": id})).await;
    }
    launcher.expect(json!({"messageType": 0, "requestId": 0})).await;
    assert_eq!(bootstrapped.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_backend_that_hangs_holds_up_no_heartbeat() {
    let backend = FakeBackend::default();
    backend.on_cluster_info.hang();
    let mut launcher = begin(backend).bootstrapped().await;
    for id in 1..=1000 {
        launcher.send(json!({"messageType": 9, "requestId": id, "username": "*"})).await;
    }
    launcher.send(json!({"messageType": 0, "requestId": 0})).await;
    let asked = Instant::now();
    launcher.expect(json!({"messageType": 0, "requestId": 0})).await;
    assert_eq!(asked.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_overtakes_the_output_that_waits_for_a_slow_reader() {
    let backend = FakeBackend::with([job("talker", "mara", JobStatus::Running)]);
    let (_, output) = endless();
    backend.give_output("talker", output);
    let mut launcher = Setup { pipe: 1024, ..begin(backend) }.bootstrapped().await;
    launcher.send(json!({"messageType": 6, "requestId": 1, "username": "mara", "jobId": "talker"})).await;
    // Until every queue before the writer is full.
    tokio::time::sleep(Duration::from_secs(1)).await;
    launcher.send(json!({"messageType": 0, "requestId": 0})).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = {
        let mut before = 0;
        while launcher.next().await["messageType"] != json!(0) {
            before += 1;
        }
        before
    };
    // The one that is being written can't be interrupted.
    assert_eq!(before, 1);
}
