//! The plugin as a Launcher has it: a process, frames in, frames out, each with the moment at which it was there.

use std::time::{Duration, Instant};

use bytes::Bytes;
use launcher_api::frame::{FrameDecoder, encode_frame};
use launcher_api::request::Bootstrap;
use launcher_api::{API_VERSION, Request, RequestBody, RequestId, Response};
use launchway::{PluginCommand, PluginProcess, StderrTo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::mpsc;

use crate::failure::Failure;
use crate::programs::Programs;
use crate::site::Site;

/// The largest message, in bytes, that both sides allow here: a list of ten thousand jobs with all their fields has
/// more than the 5 MiB that a Launcher allows.
const LARGEST: usize = 64 * 1024 * 1024;
/// Frames that wait for the benchmark.
const FRAMES: usize = 4096;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// A plugin that runs.
pub(super) struct Plugin {
    process: PluginProcess,
    input: ChildStdin,
    frames: mpsc::Receiver<Frame>,
    last_id: u64,
}

/// A message of the plugin.
pub(super) struct Frame {
    /// When its last byte was read.
    pub(super) at: Instant,
    /// Its payload.
    pub(super) payload: Bytes,
}

impl Frame {
    /// What it says.
    ///
    /// # Errors
    /// It can't be read.
    pub(super) fn response(&self) -> Result<Response, Failure> {
        Response::from_json(&self.payload)
            .map(|(_, response)| response)
            .map_err(|e| Failure::during("reading a message of the plugin", e))
    }
}

impl Plugin {
    /// Starts a plugin and waits until it is ready.
    ///
    /// # Errors
    /// It does not start.
    pub(super) async fn start(programs: &Programs, site: &Site) -> Result<Self, Failure> {
        let mut flags = site.quiet_flags();
        flags.push(format!("--max-message-size={LARGEST}"));
        let command =
            PluginCommand::new(&programs.plugin).args(flags).heartbeat(None).stderr(StderrTo::Capture);
        let (process, input, output) =
            PluginProcess::start(&command).map_err(|e| Failure::during("starting the plugin", e))?;
        let (sender, frames) = mpsc::channel(FRAMES);
        tokio::spawn(read(output, sender));
        let mut plugin = Plugin { process, input, frames, last_id: 0 };
        plugin.ask(RequestBody::Bootstrap(Bootstrap { version: API_VERSION })).await?;
        Ok(plugin)
    }

    /// Its process.
    ///
    /// # Errors
    /// It has ended.
    pub(super) fn pid(&self) -> Result<u32, Failure> {
        self.process.pid().ok_or_else(|| Failure::new("the plugin has ended"))
    }

    /// Writes a request. Returns its id.
    ///
    /// # Errors
    /// It can't be written.
    pub(super) async fn send(&mut self, body: RequestBody) -> Result<RequestId, Failure> {
        self.last_id += 1;
        let id = RequestId(self.last_id);
        let frame = encode_frame(&Request { id, body }.to_json(), LARGEST)
            .map_err(|e| Failure::during("writing a request", e))?;
        self.input.write_all(&frame).await.map_err(|e| Failure::during("writing to the plugin", e))?;
        Ok(id)
    }

    /// The next message, of whatever kind.
    ///
    /// # Errors
    /// None comes.
    pub(super) async fn next(&mut self) -> Result<Frame, Failure> {
        match tokio::time::timeout(PATIENCE, self.frames.recv()).await {
            Ok(Some(frame)) => Ok(frame),
            Ok(None) => {
                Err(Failure::new(format!("the plugin has ended:\n{}", self.process.stderr_tail().join("\n"))))
            }
            Err(_) => Err(Failure::new("the plugin says nothing for a minute and a half")),
        }
    }

    /// Asks, and waits for the answer. Returns it with the time from the writing of the request to its last byte.
    /// What comes in between is dropped.
    ///
    /// # Errors
    /// None comes, or a refusal.
    pub(super) async fn ask(&mut self, body: RequestBody) -> Result<(Duration, Response), Failure> {
        let began = Instant::now();
        let id = self.send(body).await?;
        loop {
            let frame = self.next().await?;
            let response = frame.response()?;
            if response.request_id() != id {
                continue;
            }
            if let Response::Error(refusal) = response {
                return Err(Failure::new(format!("the plugin refuses: {}", refusal.message)));
            }
            return Ok((frame.at - began, response));
        }
    }

    /// Closes its input and waits for its end.
    ///
    /// # Errors
    /// It does not end.
    pub(super) async fn close(mut self) -> Result<(), Failure> {
        drop(self.input);
        self.frames.close();
        self.process.end().await.map(drop).map_err(|e| Failure::during("ending the plugin", e))
    }
}

/// Reads until the plugin ends, or nobody wants its messages.
async fn read(mut output: ChildStdout, frames: mpsc::Sender<Frame>) {
    let mut decoder = FrameDecoder::new(LARGEST);
    let mut buffer = vec![0; 256 * 1024];
    while let Ok(count @ 1..) = output.read(&mut buffer).await {
        let at = Instant::now();
        decoder.push(&buffer[..count]);
        while let Ok(Some(payload)) = decoder.next_frame() {
            if frames.send(Frame { at, payload }).await.is_err() {
                return;
            }
        }
    }
}
