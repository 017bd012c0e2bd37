//! Messages that are no requests.

use std::time::Duration;

use launcher_api::JobStatus;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{FakeBackend, Launcher, begin, job};

/// The plugin is alive and well: it answers the next request.
async fn still_answers(launcher: &mut Launcher) {
    launcher.send(json!({"messageType": 201, "requestId": 4_000_000_000_u64})).await;
    loop {
        let message = launcher.next().await;
        if message["requestId"] == json!(4_000_000_000_u64) {
            return assert_eq!(message["messageType"], 201);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_can_not_be_answered_is_skipped_and_what_can_is_answered() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    let silent: [&[u8]; 7] = [
        b"",
        b"not json",
        b"[1, 2]",
        b"{\"messageType\": 0",
        b"\xff\xfe",
        b"{}",
        b"{\"messageType\": 9, \"requestId\": -4}",
    ];
    for payload in silent {
        launcher.send_payload(payload).await;
    }
    launcher.expect_nothing_for(Duration::from_secs(60)).await;

    let answered = [
        (json!({"requestId": 1}), 1, 2),
        (json!({"messageType": -3, "requestId": 2}), 2, 2),
        (json!({"messageType": "nine", "requestId": 3}), 3, 2),
        (json!({"messageType": 77, "requestId": 4}), 4, 1),
        (json!({"messageType": 3, "requestId": 5, "username": "*"}), 5, 2),
        (json!({"messageType": 5, "requestId": 6, "username": "*", "jobId": "a", "operation": "stop"}), 6, 2),
    ];
    for (request, id, code) in answered {
        launcher.send(request).await;
        launcher.expect_error(id, code).await;
    }
    still_answers(&mut launcher).await;
}

#[tokio::test(start_paused = true)]
async fn a_frame_may_come_byte_by_byte_and_many_frames_at_once() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    let frame = |id: u64| {
        let request = json!({"messageType": 201, "requestId": id}).to_string();
        launcher_api::frame::encode_frame(request.as_bytes(), usize::MAX).unwrap()
    };
    for byte in frame(1) {
        launcher.send_bytes(&[byte]).await;
        tokio::task::yield_now().await;
    }
    launcher.expect(json!({"messageType": 201, "requestId": 1})).await;
    let many: Vec<u8> = (2..=50).flat_map(frame).collect();
    launcher.send_bytes(&many).await;
    for id in 2..=50 {
        launcher.expect(json!({"messageType": 201, "requestId": id})).await;
    }
}

fn in_paused_time<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(test)
}

/// JSON that often looks like a request.
fn request_like() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just(json!("*")),
        Just(json!("a")),
        Just(json!("mara")),
        "\\PC{0,8}".prop_map(Value::from)
    ];
    let any_value = prop_oneof![
        word.clone(),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        prop::collection::vec(word.clone(), 0..3).prop_map(Value::from),
    ];
    let message_type = prop::sample::select(vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 201, 202, 203, -1]);
    let keys = prop::sample::select(vec![
        "cancel",
        "operation",
        "outputType",
        "tags",
        "statuses",
        "fields",
        "startTime",
        "job",
        "nodes",
        "version",
    ]);
    let extra = prop::collection::hash_map(keys, any_value, 0..4);
    (message_type, 0_u64..4, word.clone(), word, extra).prop_map(|(message_type, id, user, job, extra)| {
        let mut request =
            json!({"messageType": message_type, "requestId": id, "username": user, "jobId": job});
        for (key, value) in extra {
            request[key] = value;
        }
        request
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_payload_stops_the_plugin(payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..20)) {
        in_paused_time(async {
            let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
            for payload in payloads {
                launcher.send_payload(&payload).await;
            }
            still_answers(&mut launcher).await;
        });
    }

    #[test]
    fn no_sequence_of_requests_stops_the_plugin(requests in prop::collection::vec(request_like(), 0..40)) {
        in_paused_time(async {
            let backend = FakeBackend::with([job("a", "mara", JobStatus::Running), job("*", "mara", JobStatus::Pending)]);
            let mut launcher = begin(backend).bootstrapped().await;
            for request in requests {
                launcher.send(request).await;
            }
            still_answers(&mut launcher).await;
        });
    }

    #[test]
    fn any_bytes_at_all_end_cleanly_or_with_an_error_of_frames(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        in_paused_time(async {
            let mut launcher = begin(FakeBackend::default()).start();
            launcher.send_bytes(&bytes).await;
            launcher.close();
            let end = launcher.ended().await;
            assert!(matches!(end, Ok(()) | Err(launcher_plugin::ServeError::Frame(_))), "{end:?}");
        });
    }
}
