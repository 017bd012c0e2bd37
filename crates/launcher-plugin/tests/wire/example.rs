//! The example in the README does what it says.

use std::sync::Arc;

use launcher_api::frame::{FrameDecoder, encode_frame};
use launcher_plugin::{PluginOptions, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

#[expect(dead_code, reason = "its `main` belongs to the example")]
#[path = "../../examples/in_memory.rs"]
mod in_memory;

/// The messages up to one of this type.
async fn messages_until(output: &mut DuplexStream, message_type: i64) -> Vec<Value> {
    let mut decoder = FrameDecoder::new(1 << 20);
    let mut messages: Vec<Value> = Vec::new();
    loop {
        let byte = output.read_u8().await.unwrap();
        decoder.push(&[byte]);
        if let Some(payload) = decoder.next_frame().unwrap() {
            messages.push(serde_json::from_slice(&payload).unwrap());
            if messages.last().unwrap()["messageType"] == json!(message_type) {
                return messages;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn its_jobs_run_and_end() {
    let (mut to_plugin, input) = tokio::io::duplex(1 << 16);
    let (output, mut from_plugin) = tokio::io::duplex(1 << 16);
    let backend = Arc::new(in_memory::InMemory::default());
    let options = PluginOptions { heartbeat_interval: None, ..PluginOptions::new("memory") };
    let plugin = tokio::spawn(serve(backend, options, input, output, std::future::pending()));
    let requests = [
        json!({"messageType": 1, "requestId": 0, "version": {"major": 3, "minor": 0, "patch": 0}}),
        json!({"messageType": 2, "requestId": 1, "username": "mara", "job": {"name": "fit", "command": "true"}}),
        json!({"messageType": 6, "requestId": 2, "username": "mara", "jobId": "job-0"}),
    ];
    for (request, answer) in requests.into_iter().zip([1, 2, 5]) {
        to_plugin.write_all(&encode_frame(request.to_string().as_bytes(), 1 << 20).unwrap()).await.unwrap();
        let messages = messages_until(&mut from_plugin, answer).await;
        if answer == 5 {
            assert_eq!(messages[0]["output"], "fit ran in memory\n");
        }
    }
    drop(to_plugin);
    assert!(plugin.await.unwrap().is_ok());
}
