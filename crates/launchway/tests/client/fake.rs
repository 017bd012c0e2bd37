//! A plugin in memory that a test plays by hand: it reads a request, writes an answer.

use std::time::Duration;

use launcher_api::frame::{FrameDecoder, MAX_MESSAGE_SIZE, encode_frame};
use launcher_api::request::Bootstrap;
use launcher_api::response::{
    BootstrapResponse, ErrorResponse, JobStateResponse, JobStatusResponse, StreamSequence,
};
use launcher_api::{
    API_VERSION, ErrorCode, Job, JobStatus, Request, RequestBody, RequestId, Requester, Response,
};
use launchway::{ClientError, ClientOptions, PluginClient};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, duplex, split};

/// The plugin's side of the wire.
pub(crate) struct FakePlugin {
    input: ReadHalf<DuplexStream>,
    output: WriteHalf<DuplexStream>,
    decoder: FrameDecoder,
    next_response_id: u64,
}

/// Room in each direction of the wire, in bytes: small enough to fill.
const WIRE: usize = 64 * 1024;

/// A client and the plugin that it has not bootstrapped yet.
pub(crate) fn wire(
    options: ClientOptions,
) -> (impl Future<Output = Result<PluginClient, ClientError>>, FakePlugin) {
    let (ours, theirs) = duplex(WIRE);
    let (input, output) = split(theirs);
    let (client_input, client_output) = split(ours);
    let decoder = FrameDecoder::new(MAX_MESSAGE_SIZE);
    (
        PluginClient::over(client_input, client_output, options),
        FakePlugin { input, output, decoder, next_response_id: 0 },
    )
}

/// Options of most tests: no heartbeats, so that only what the test does goes over the wire.
pub(crate) fn quiet() -> ClientOptions {
    ClientOptions { heartbeat: None, ..ClientOptions::default() }
}

/// A client and its plugin, bootstrapped.
pub(crate) async fn connected(options: ClientOptions) -> (PluginClient, FakePlugin) {
    let (client, mut plugin) = wire(options);
    let (client, ()) = tokio::join!(client, plugin.answer_bootstrap());
    (client.unwrap(), plugin)
}

impl FakePlugin {
    pub(crate) async fn answer_bootstrap(&mut self) {
        let request = self.read().await.unwrap();
        assert_eq!(request.body, RequestBody::Bootstrap(Bootstrap { version: API_VERSION }));
        assert_eq!(request.id, RequestId(0));
        let answer = BootstrapResponse { request_id: RequestId(0), version: API_VERSION };
        self.write(Response::Bootstrap(answer)).await;
    }

    /// The next request, heartbeats included; `None` once the client has closed its end.
    pub(crate) async fn read(&mut self) -> Option<Request> {
        loop {
            if let Some(payload) = self.decoder.next_frame().unwrap() {
                return Some(Request::from_json(&payload).unwrap());
            }
            let mut bytes = [0; 4096];
            match self.input.read(&mut bytes).await.unwrap() {
                0 => return None,
                count => self.decoder.push(&bytes[..count]),
            }
        }
    }

    /// The next request, which must come.
    pub(crate) async fn request(&mut self) -> Request {
        self.read().await.expect("a request")
    }

    /// The raw bytes that come within a moment of (paused) time.
    pub(crate) async fn is_silent(&mut self) -> bool {
        tokio::time::timeout(Duration::from_millis(10), self.read()).await.is_err()
    }

    pub(crate) async fn write(&mut self, response: Response) {
        let id = self.next_response_id;
        if response.counts_response_id() {
            self.next_response_id += 1;
        }
        self.write_payload(&response.to_json(id)).await;
    }

    pub(crate) async fn write_payload(&mut self, payload: &[u8]) {
        self.write_bytes(&encode_frame(payload, MAX_MESSAGE_SIZE).unwrap()).await;
    }

    pub(crate) async fn write_bytes(&mut self, bytes: &[u8]) {
        self.output.write_all(bytes).await.unwrap();
    }

    /// Ends the plugin's output, as an exiting process does.
    pub(crate) async fn exit(mut self) {
        self.output.shutdown().await.unwrap();
    }
}

pub(crate) fn mara() -> Requester {
    Requester::from("mara")
}

pub(crate) fn job(id: &str) -> Job {
    Job { id: id.into(), name: format!("job {id}"), user: "mara".into(), ..Job::default() }
}

pub(crate) fn jobs(request: &Request, jobs: impl IntoIterator<Item = Job>) -> Response {
    let jobs = jobs.into_iter().map(std::sync::Arc::new).collect();
    Response::JobState(JobStateResponse {
        request_id: request.id,
        jobs,
        fields: launcher_api::job::JobFields::ALL,
    })
}

pub(crate) fn refusal(request: &Request, code: ErrorCode) -> Response {
    Response::Error(ErrorResponse { request_id: request.id, code, message: "no".into() })
}

/// A status message for requests, each with its number in the stream.
pub(crate) fn status(id: &str, status: JobStatus, to: &[(RequestId, u64)]) -> Response {
    Response::JobStatus(JobStatusResponse {
        sequences: to.iter().map(|&(request_id, seq_id)| StreamSequence { request_id, seq_id }).collect(),
        id: id.into(),
        name: String::new(),
        status,
        status_message: String::new(),
        status_code: String::new(),
    })
}
