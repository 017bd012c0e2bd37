//! The only task that writes to the Launcher.

use std::io;
use std::time::Duration;

use launcher_api::Response;
use launcher_api::frame::FrameError;
use launcher_api::response::{JobOutputResponse, OutputPiece};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::Instant;

use crate::outbox::{Lanes, Next, Outbound, Phase};
use crate::oversize;

/// Writes one frame at a time, numbers the responses as they go out, and says that the plugin lives.
///
/// Opens when it has written the answer to Bootstrap: nothing but answers goes out before, and the heartbeat's clock
/// starts then.
#[derive(Debug)]
pub(crate) struct Writer<W> {
    output: W,
    max_message_size: usize,
    heartbeat_interval: Option<Duration>,
    next_response_id: u64,
    phase: Phase,
    last_heartbeat: Instant,
}

impl<W: AsyncWrite + Unpin> Writer<W> {
    pub(crate) fn new(output: W, max_message_size: usize, heartbeat_interval: Option<Duration>) -> Self {
        Self {
            output,
            max_message_size,
            heartbeat_interval: heartbeat_interval.filter(|interval| !interval.is_zero()),
            next_response_id: 0,
            phase: Phase::BeforeBootstrap,
            last_heartbeat: Instant::now(),
        }
    }

    /// Writes what comes until every sender is gone, or the Launcher.
    pub(crate) async fn run(mut self, mut lanes: Lanes) -> io::Result<()> {
        loop {
            match lanes.next(self.phase, self.heartbeat_in()).await {
                Next::Heartbeat => self.write_heartbeat().await?,
                Next::Message(message) => self.write_message(*message).await?,
                Next::End => return self.output.flush().await,
            }
        }
    }

    fn heartbeat_in(&self) -> Option<Duration> {
        let interval = self.heartbeat_interval.filter(|_| self.phase == Phase::Open)?;
        Some(interval.saturating_sub(self.last_heartbeat.elapsed()))
    }

    async fn write_heartbeat(&mut self) -> io::Result<()> {
        self.write(Response::Heartbeat).await?;
        self.last_heartbeat = Instant::now();
        Ok(())
    }

    async fn write_message(&mut self, message: Outbound) -> io::Result<()> {
        if message.life.is_some_and(|life| life.is_over()) {
            return Ok(());
        }
        let opens =
            self.phase == Phase::BeforeBootstrap && matches!(message.response, Response::Bootstrap(_));
        self.write(message.response).await?;
        if opens {
            self.phase = Phase::Open;
            self.last_heartbeat = Instant::now();
        }
        Ok(())
    }

    async fn write(&mut self, response: Response) -> io::Result<()> {
        let (message_type, request) = (response.message_type(), response.request_id());
        let is_output = matches!(
            &response,
            Response::JobOutput(JobOutputResponse { piece: OutputPiece::Data { .. }, .. })
        );
        let (frame, counts) = match self.encode(&response) {
            Ok(frame) => (frame, response.counts_response_id()),
            Err(error) => match self.encode_smaller(response, &error) {
                Some(smaller) => smaller,
                None => return Ok(()),
            },
        };
        self.next_response_id += u64::from(counts);
        if is_output {
            tracing::trace!(message_type, %request, bytes = frame.len(), "message sent");
        } else {
            tracing::debug!(message_type, %request, bytes = frame.len(), "message sent");
        }
        self.output.write_all(&frame).await?;
        self.output.flush().await
    }

    fn encode(&self, response: &Response) -> Result<bytes::Bytes, FrameError> {
        response.to_frame(self.next_response_id, self.max_message_size)
    }

    fn encode_smaller(&self, response: Response, error: &FrameError) -> Option<(bytes::Bytes, bool)> {
        for smaller in oversize::instead_of(response, error) {
            if let Ok(frame) = self.encode(&smaller) {
                return Some((frame, smaller.counts_response_id()));
            }
        }
        None
    }
}
