//! The Launcher's side of the wire.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use launcher_api::frame::{FrameDecoder, MAX_MESSAGE_SIZE, encode_frame};
use launcher_plugin::{Clock, PluginOptions, ServeError, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::FakeBackend;

/// The time of day at which every test begins.
pub(crate) const BEGIN: &str = "2026-11-24T09:30:12Z";

/// Longer than anything in the plugin waits for a Launcher or a backend. Time is paused, so it passes at once.
const FOR_EVER: Duration = Duration::from_secs(300);

/// How a plugin is started.
pub(crate) struct Setup {
    pub(crate) backend: FakeBackend,
    pub(crate) options: PluginOptions,
    /// How many bytes the plugin can write that nobody reads.
    pub(crate) pipe: usize,
}

/// A setup with this backend, without heartbeats and metrics, and with a wide pipe.
pub(crate) fn begin(backend: FakeBackend) -> Setup {
    let (origin, started): (Timestamp, _) = (BEGIN.parse().unwrap(), Instant::now());
    let options = PluginOptions {
        heartbeat_interval: None,
        metrics_interval: None,
        clock: Clock::from_fn(move || origin + started.elapsed()),
        ..PluginOptions::new("Kubernetes")
    };
    Setup { backend, options, pipe: 64 * 1024 * 1024 }
}

impl Setup {
    /// Starts the plugin.
    pub(crate) fn start(self) -> Launcher {
        let (to_plugin, input) = tokio::io::duplex(64 * 1024);
        let (output, from_plugin) = tokio::io::duplex(self.pipe);
        let (shutdown, asked) = oneshot::channel::<()>();
        let backend = Arc::new(self.backend);
        let plugin = tokio::spawn(serve(Arc::clone(&backend), self.options, input, output, async {
            if asked.await.is_err() {
                std::future::pending::<()>().await;
            }
        }));
        Launcher {
            backend,
            to_plugin: Some(to_plugin),
            from_plugin: Some(from_plugin),
            decoder: FrameDecoder::new(MAX_MESSAGE_SIZE),
            next_response_id: 0,
            shutdown: Some(shutdown),
            plugin,
        }
    }

    /// Starts the plugin and bootstraps it.
    pub(crate) async fn bootstrapped(self) -> Launcher {
        let mut launcher = self.start();
        launcher.send(bootstrap(3, 7)).await;
        launcher
            .expect(
                json!({"messageType": 1, "requestId": 0, "version": {"major": 3, "minor": 7, "patch": 0}}),
            )
            .await;
        launcher
    }
}

pub(crate) fn bootstrap(major: u32, minor: u32) -> Value {
    json!({"messageType": 1, "requestId": 0, "version": {"major": major, "minor": minor, "patch": 0}})
}

/// Sends requests and checks, message by message, what comes back.
///
/// The `responseId` of every message is checked and taken off: messages are compared without it.
pub(crate) struct Launcher {
    pub(crate) backend: Arc<FakeBackend>,
    to_plugin: Option<DuplexStream>,
    from_plugin: Option<DuplexStream>,
    decoder: FrameDecoder,
    next_response_id: u64,
    shutdown: Option<oneshot::Sender<()>>,
    plugin: JoinHandle<Result<(), ServeError>>,
}

impl Launcher {
    /// Sends a request.
    pub(crate) async fn send(&mut self, request: Value) {
        self.send_payload(request.to_string().as_bytes()).await;
    }

    /// Sends a frame with any payload.
    pub(crate) async fn send_payload(&mut self, payload: &[u8]) {
        self.send_bytes(&encode_frame(payload, usize::MAX).unwrap()).await;
    }

    /// Sends bytes as they are. That the plugin has gone is for the test to find out by other ways.
    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        let to_plugin = self.to_plugin.as_mut().expect("the input is open");
        drop(to_plugin.write_all(bytes).await);
    }

    /// The next message must be this one.
    #[track_caller]
    pub(crate) fn expect(&mut self, expected: Value) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let found = self.next().await;
            assert_eq!(found, expected, "\nfound: {found}\nexpected: {expected}\nat {caller}");
        }
    }

    /// The next message must be an error with this code; gives its text.
    #[track_caller]
    pub(crate) fn expect_error(&mut self, request_id: u64, code: i64) -> impl Future<Output = String> {
        let caller = std::panic::Location::caller();
        async move {
            let mut found = self.next().await;
            let text = found["errorMessage"].take().as_str().unwrap_or_default().to_owned();
            let expected =
                json!({"messageType": -1, "requestId": request_id, "errorCode": code, "errorMessage": null});
            assert_eq!(found, expected, "\nfound: {found} {text:?}\nat {caller}");
            assert!(!text.is_empty(), "an error has a text");
            text
        }
    }

    /// Nothing comes for as long as that.
    #[track_caller]
    pub(crate) fn expect_nothing_for(&mut self, time: Duration) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            if let Ok(found) = timeout(time, self.read()).await {
                panic!("nothing is expected, found {found:?} at {caller}");
            }
        }
    }

    /// Reads what comes until nothing has come for as long as that.
    pub(crate) async fn skip_until_quiet(&mut self, time: Duration) {
        while timeout(time, self.next_payload()).await.is_ok() {}
    }

    /// The next payload as it is, its `responseId` counted and not checked. Every message must have one that counts.
    pub(crate) async fn next_payload(&mut self) -> Bytes {
        let payload =
            timeout(FOR_EVER, self.read()).await.expect("a message comes").expect("the plugin lives");
        self.next_response_id += 1;
        payload
    }

    /// The next message.
    pub(crate) async fn next(&mut self) -> Value {
        let payload =
            timeout(FOR_EVER, self.read()).await.expect("a message comes").expect("the plugin lives");
        let mut message: Value = serde_json::from_slice(&payload).unwrap();
        let response_id = message.as_object_mut().unwrap().remove("responseId");
        let counts = !matches!(message["messageType"].as_i64(), Some(-1 | 0 | 203));
        let expected = if counts { self.next_response_id } else { 0 };
        assert_eq!(response_id, Some(json!(expected)), "the response id of {message}");
        self.next_response_id += u64::from(counts);
        message
    }

    /// All messages up to the end of the output.
    pub(crate) async fn rest(&mut self) -> Vec<Value> {
        let mut rest = Vec::new();
        while let Some(payload) = timeout(FOR_EVER, self.read()).await.expect("the output ends") {
            rest.push(serde_json::from_slice(&payload).unwrap());
        }
        rest
    }

    /// The next payload; `None` at the end of the output.
    async fn read(&mut self) -> Option<Bytes> {
        let from_plugin = self.from_plugin.as_mut().expect("the output is open");
        loop {
            if let Some(payload) = self.decoder.next_frame().unwrap() {
                return Some(payload);
            }
            let mut buffer = vec![0; 64 * 1024];
            match from_plugin.read(&mut buffer).await.unwrap() {
                0 => return None,
                count => self.decoder.push(&buffer[..count]),
            }
        }
    }

    /// Closes the plugin's input.
    pub(crate) fn close(&mut self) {
        self.to_plugin = None;
    }

    /// Closes the plugin's output, as a Launcher does that has died.
    pub(crate) fn close_output(&mut self) {
        self.from_plugin = None;
    }

    /// Asks the plugin to end, as a signal does.
    pub(crate) fn ask_to_end(&mut self) {
        self.shutdown = self.shutdown.take().and_then(|shutdown| shutdown.send(()).err().and(None));
    }

    /// Waits until the plugin has ended, while nobody reads its output.
    pub(crate) async fn ended(&mut self) -> Result<(), ServeError> {
        timeout(FOR_EVER, &mut self.plugin)
            .await
            .expect("the plugin ends")
            .expect("the plugin does not panic")
    }
}
