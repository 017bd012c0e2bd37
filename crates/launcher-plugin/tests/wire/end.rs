//! How a plugin ends.

use std::time::Duration;

use launcher_api::JobStatus;
use launcher_api::frame::FrameError;
use launcher_api::response::ClusterInfo;
use launcher_plugin::{PluginOptions, ServeError};
use serde_json::json;
use tokio::time::Instant;

use crate::support::{FakeBackend, Setup, begin, bootstrap, endless, job, source};

#[tokio::test(start_paused = true)]
async fn the_end_of_the_input_is_a_clean_end() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher.close();
    assert!(launcher.ended().await.is_ok());
    assert!(launcher.rest().await.is_empty());
    // The backend can tell that it is to stop watching.
    launcher.backend.feed_closes().await;
}

#[tokio::test(start_paused = true)]
async fn so_is_being_asked_to_end_also_before_bootstrap() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher.ask_to_end();
    assert!(launcher.ended().await.is_ok());

    let mut launcher = begin(FakeBackend::default()).start();
    launcher.ask_to_end();
    assert!(launcher.ended().await.is_ok());
    assert!(launcher.rest().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn requests_in_flight_get_five_seconds_and_their_answers_are_written() {
    let backend = FakeBackend::default();
    backend.on_cluster_info.set(|_| async {
        tokio::time::sleep(Duration::from_secs(4)).await;
        Ok(ClusterInfo::default())
    });
    backend.on_reload.hang();
    let mut launcher = begin(backend).bootstrapped().await;
    launcher.send(json!({"messageType": 9, "requestId": 1, "username": "mara"})).await;
    launcher.send(json!({"messageType": 202, "requestId": 2})).await;
    let closed = Instant::now();
    launcher.close();
    assert!(launcher.ended().await.is_ok());
    assert_eq!(closed.elapsed().as_secs(), 5);
    let rest = launcher.rest().await;
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0]["requestId"], 1);
}

#[tokio::test(start_paused = true)]
async fn a_bootstrap_in_flight_is_answered_as_well_unless_the_backend_is_too_slow() {
    let backend = FakeBackend::default();
    backend.on_start.set(|_| async {
        tokio::time::sleep(Duration::from_secs(4)).await;
        Ok(())
    });
    let mut launcher = begin(backend).start();
    launcher.send(bootstrap(3, 7)).await;
    launcher.close();
    assert!(launcher.ended().await.is_ok());
    assert_eq!(launcher.rest().await[0]["messageType"], 1);

    let backend = FakeBackend::default();
    backend.on_start.hang();
    let mut launcher = begin(backend).start();
    launcher.send(bootstrap(3, 7)).await;
    launcher.ask_to_end();
    let asked = Instant::now();
    assert!(launcher.ended().await.is_ok());
    assert!(asked.elapsed() <= Duration::from_secs(6), "{:?}", asked.elapsed());
    assert!(launcher.rest().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn streams_end_without_a_message_and_so_does_their_work() {
    let backend = FakeBackend::with([job("a", "mara", JobStatus::Running)]);
    let (log, output) = source();
    let (gauge, measuring) = source();
    backend.give_output("a", output);
    backend.give_resource_use("a", measuring);
    let mut launcher = begin(backend).bootstrapped().await;
    for message_type in [4, 6, 7] {
        launcher
            .send(json!({"messageType": message_type, "requestId": message_type, "username": "mara", "jobId": "a"}))
            .await;
    }
    assert_eq!(launcher.next().await["status"], "Running");
    let closed = Instant::now();
    launcher.close();
    assert!(launcher.ended().await.is_ok());
    assert_eq!(closed.elapsed(), Duration::ZERO);
    log.dropped().await;
    gauge.dropped().await;
    assert!(launcher.rest().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_launcher_that_does_not_read_can_not_keep_the_plugin_alive() {
    let backend = FakeBackend::with([job("a", "mara", JobStatus::Running)]);
    backend.give_output("a", endless().1);
    let mut launcher = Setup { pipe: 1024, ..begin(backend) }.bootstrapped().await;
    launcher.send(json!({"messageType": 6, "requestId": 1, "username": "mara", "jobId": "a"})).await;
    for id in 2..=200 {
        launcher.send(json!({"messageType": 201, "requestId": id})).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let closed = Instant::now();
    launcher.close();
    assert!(launcher.ended().await.is_ok());
    assert!(closed.elapsed() <= Duration::from_secs(7), "{:?}", closed.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_input_that_ends_inside_a_frame_is_an_error_and_its_requests_are_still_answered() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher.send(json!({"messageType": 201, "requestId": 1})).await;
    launcher.send_bytes(b"\0\0\0\x1f{\"mess").await;
    launcher.close();
    let end = launcher.ended().await;
    assert!(
        matches!(end, Err(ServeError::Frame(FrameError::EndedInPayload { received: 6, expected: 31 }))),
        "{end:?}"
    );
    assert_eq!(launcher.rest().await.len(), 1);

    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher.send_bytes(b"\0\0").await;
    launcher.close();
    let end = launcher.ended().await;
    assert!(matches!(end, Err(ServeError::Frame(FrameError::EndedInHeader { received: 2 }))), "{end:?}");
}

#[tokio::test(start_paused = true)]
async fn a_frame_above_the_limit_ends_the_plugin_and_one_at_the_limit_does_not() {
    let setup = begin(FakeBackend::default());
    let options = PluginOptions { max_message_size: 200, ..setup.options };
    let mut launcher = Setup { options, ..setup }.bootstrapped().await;
    let padded = format!("{:<200}", json!({"messageType": 201, "requestId": 1}).to_string());
    launcher.send_payload(padded.as_bytes()).await;
    launcher.expect(json!({"messageType": 201, "requestId": 1})).await;
    launcher.send_bytes(&201_u32.to_be_bytes()).await;
    let end = launcher.ended().await;
    assert!(
        matches!(end, Err(ServeError::Frame(FrameError::TooLarge { found: 201, limit: 200 }))),
        "{end:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_broken_output_is_an_error() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher.close_output();
    launcher.send(json!({"messageType": 0, "requestId": 0})).await;
    let end = launcher.ended().await;
    assert!(matches!(end, Err(ServeError::Write(_))), "{end:?}");
}
