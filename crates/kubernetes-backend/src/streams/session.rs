//! An open WebSocket to a container, kept alive by pings.

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::channel::{Frame, stdin_end, stdin_message};
use crate::client::{ApiClient, ApiFailure, Call, FailureKind, WebSocket};

/// A session with a container's streams.
pub struct Session {
    socket: WebSocket,
    call: Call,
    client: ApiClient,
    asked: Asked,
}

/// Whether the other end has been asked if it is there, since it was last heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    No,
    Yes,
}

impl Session {
    /// Opens a session.
    ///
    /// # Errors
    /// [`ApiFailure`], also for a container that does not run.
    pub async fn open(client: &ApiClient, call: Call) -> Result<Self, ApiFailure> {
        let socket = client.connect(&call).await?;
        Ok(Self { socket, call, client: client.clone(), asked: Asked::No })
    }

    /// What comes next; none at the end of the session. Nothing is lost when it is dropped.
    ///
    /// A silent session is kept alive by pings: servers send none by themselves. One that answers nothing is broken.
    ///
    /// # Errors
    /// [`ApiFailure`] when the connection breaks.
    pub async fn next(&mut self) -> Result<Option<Frame>, ApiFailure> {
        loop {
            match timeout(self.client.patience().ping, self.socket.stream.next()).await {
                Err(_) if self.asked == Asked::Yes => return Err(self.broken("it no longer answers")),
                Err(_) => {
                    self.asked = Asked::Yes;
                    self.send(Message::Ping(Bytes::new())).await?;
                }
                Ok(None | Some(Ok(Message::Close(_)))) => return Ok(None),
                Ok(Some(Err(error))) => return Err(self.broken(&error.to_string())),
                Ok(Some(Ok(message))) => {
                    self.asked = Asked::No;
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
