//! An open WebSocket to a container, kept alive by pings.

use std::time::Duration;

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::Message;

use super::channel::{Frame, stdin_end, stdin_message};
use crate::client::{ApiClient, ApiFailure, Call, FailureKind, WebSocket};

/// How often the other end is asked whether it is still there; servers do not ask by themselves.
const PING: Duration = Duration::from_secs(30);
/// How many pings may go without any answer.
const UNANSWERED: u32 = 2;

/// A session with a container's streams.
pub struct Session {
    socket: WebSocket,
    call: Call,
    client: ApiClient,
    unanswered: u32,
}

impl Session {
    /// Opens a session.
    ///
    /// # Errors
    /// [`ApiFailure`], also for a container that does not run.
    pub async fn open(client: &ApiClient, call: Call) -> Result<Self, ApiFailure> {
        let socket = client.connect(&call).await?;
        Ok(Self { socket, call, client: client.clone(), unanswered: 0 })
    }

    /// What comes next; none at the end of the session. Nothing is lost when it is dropped.
    pub async fn next(&mut self) -> Result<Option<Frame>, ApiFailure> {
        loop {
            match timeout_at(Instant::now() + PING, self.socket.stream.next()).await {
                Err(_) => {
                    if self.unanswered >= UNANSWERED {
                        return Err(self.broken("it no longer answers"));
                    }
                    self.unanswered += 1;
                    self.send(Message::Ping(Bytes::new())).await?;
                }
                Ok(None | Some(Ok(Message::Close(_)))) => return Ok(None),
                Ok(Some(Err(error))) => return Err(self.broken(&error.to_string())),
                Ok(Some(Ok(message))) => {
                    self.unanswered = 0;
                    match message {
                        Message::Binary(bytes) => return Ok(Some(Frame::read(&bytes))),
                        Message::Text(text) => return Ok(Some(Frame::read(&Bytes::from(text)))),
                        _ => {}
                    }
                }
            }
        }
    }

    /// Writes a piece of standard input; waits while the container does not take it.
    ///
    /// # Errors
    /// [`ApiFailure`] when the session has ended.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), ApiFailure> {
        self.send(Message::Binary(stdin_message(piece))).await
    }

    /// Ends standard input. Where the protocol can't do that alone, the session ends with it.
    ///
    /// # Errors
    /// [`ApiFailure`] when the session has ended.
    pub async fn end_stdin(&mut self) -> Result<(), ApiFailure> {
        if self.socket.closes_channels {
            self.send(Message::Binary(stdin_end())).await
        } else {
            self.send(Message::Close(None)).await
        }
    }

    async fn send(&mut self, message: Message) -> Result<(), ApiFailure> {
        let sent = self.socket.stream.send(message).await;
        sent.map_err(|error| self.broken(&error.to_string()))
    }

    fn broken(&self, reason: &str) -> ApiFailure {
        ApiFailure {
            operation: self.call.operation(self.client.namespace_shared()),
            kind: FailureKind::Broken { reason: reason.to_owned() },
        }
    }
}
