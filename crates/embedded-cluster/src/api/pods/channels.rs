//! The streams of an attach or exec over one websocket: `channel.k8s.io`, versions 1, 4 and 5.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::{BufMut, Bytes, BytesMut};
use futures::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::mpsc,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self, Message,
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

use super::upgrade::{Encoding, Protocol, Version};
use crate::node::{RemoteIo, RemoteOutcome};

/// Larger messages cut the connection.
const MAX_MESSAGE: usize = 32 * 1024 * 1024;

const STDIN: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const STATUS: u8 = 3;
const CLOSE: u8 = 255;

/// Carries the streams until the process, or the client, is done.
///
/// # Errors
/// When the connection breaks; there is nobody left to tell.
pub(super) async fn run<S>(
    socket: S,
    protocol: Protocol,
    command: &[String],
    remote: RemoteIo,
) -> tungstenite::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let config =
        WebSocketConfig::default().max_message_size(Some(MAX_MESSAGE)).max_frame_size(Some(MAX_MESSAGE));
    let socket = WebSocketStream::from_raw_socket(socket, Role::Server, Some(config)).await;
    let (sink, source) = socket.split();
    let RemoteIo { stdin, stdout, stderr, outcome } = remote;
    let mut outgoing = Outgoing { sink, protocol };
    let incoming = Incoming { source, protocol, stdin };
    let first = if stdout.is_some() {
        STDOUT
    } else if stderr.is_some() {
        STDERR
    } else {
        STATUS
    };
    outgoing.send(first, b"").await?;
    let write = async {
        outgoing.copy(stdout, stderr).await?;
        match outcome.await {
            Ok(outcome) => outgoing.finish(&outcome, command).await,
            // The node went away: the connection just ends.
            Err(_) => Ok(()),
        }
    };
    tokio::select! {
        ended = incoming.read() => ended,
        written = write => written,
    }
}

struct Outgoing<S> {
    sink: SplitSink<WebSocketStream<S>, Message>,
    protocol: Protocol,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Outgoing<S> {
    /// Sends both outputs until both have ended.
    async fn copy(
        &mut self,
        mut stdout: Option<mpsc::Receiver<Bytes>>,
        mut stderr: Option<mpsc::Receiver<Bytes>>,
    ) -> tungstenite::Result<()> {
        while stdout.is_some() || stderr.is_some() {
            tokio::select! {
                piece = receive(&mut stdout) => self.forward(STDOUT, piece, &mut stdout).await?,
                piece = receive(&mut stderr) => self.forward(STDERR, piece, &mut stderr).await?,
            }
        }
        Ok(())
    }

    async fn forward(
        &mut self,
        channel: u8,
        piece: Option<Bytes>,
        from: &mut Option<mpsc::Receiver<Bytes>>,
    ) -> tungstenite::Result<()> {
        match piece {
            Some(piece) => self.send(channel, &piece).await,
            None => {
                *from = None;
                Ok(())
            }
        }
    }

    async fn send(&mut self, channel: u8, data: &[u8]) -> tungstenite::Result<()> {
        let message = match self.protocol.encoding {
            Encoding::Binary => {
                let mut message = BytesMut::with_capacity(data.len() + 1);
                message.put_u8(channel);
                message.put_slice(data);
                Message::Binary(message.freeze())
            }
            Encoding::Base64 => Message::text(format!("{channel}{}", STANDARD.encode(data))),
        };
        self.sink.send(message).await
    }

    async fn finish(&mut self, outcome: &RemoteOutcome, command: &[String]) -> tungstenite::Result<()> {
        let status = match self.protocol.version {
            Version::First => plain_status(outcome, command),
            Version::Fourth => Some(json_status(outcome, None)),
            Version::Fifth => Some(json_status(outcome, Some(json!({})))),
        };
        if let Some(status) = status {
            self.send(STATUS, status.as_bytes()).await?;
        }
        let close = CloseFrame { code: CloseCode::Normal, reason: "".into() };
        self.sink.send(Message::Close(Some(close))).await?;
        self.sink.close().await
    }
}

/// The next piece of an output; never, if there is no such output.
async fn receive(from: &mut Option<mpsc::Receiver<Bytes>>) -> Option<Bytes> {
    match from {
        Some(from) => from.recv().await,
        None => std::future::pending().await,
    }
}

struct Incoming<S> {
    source: SplitStream<WebSocketStream<S>>,
    protocol: Protocol,
    stdin: Option<mpsc::Sender<Bytes>>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Incoming<S> {
    /// Reads until the client is gone.
    async fn read(mut self) -> tungstenite::Result<()> {
        while let Some(message) = self.source.next().await {
            let bytes = match message? {
                Message::Binary(bytes) => bytes,
                Message::Text(text) if self.protocol.encoding == Encoding::Base64 => {
                    decode_text(text.as_str())
                }
                Message::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
                Message::Close(_) => break,
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
            };
            self.take(&bytes).await;
        }
        Ok(())
    }

    async fn take(&mut self, message: &Bytes) {
        match message.first() {
            Some(&STDIN) if message.len() > 1 => {
                if let Some(stdin) = &self.stdin
                    && stdin.send(message.slice(1..)).await.is_err()
                {
                    // The process does not read any more; what comes is dropped.
                    self.stdin = None;
                }
            }
            Some(&CLOSE) if self.protocol.version == Version::Fifth && message.get(1) == Some(&STDIN) => {
                self.stdin = None;
            }
            // Terminal sizes, and channels that only the server sends on.
            _ => {}
        }
    }
}

/// A text message of the base64 protocols as if it were binary.
fn decode_text(text: &str) -> Bytes {
    let mut message = BytesMut::new();
    let mut characters = text.chars();
    if let Some(channel) = characters.next().and_then(|digit| digit.to_digit(10)) {
        message.put_u8(u8::try_from(channel).unwrap_or(CLOSE));
        if let Ok(data) = STANDARD.decode(characters.as_str()) {
            message.put_slice(&data);
        }
    }
    message.freeze()
}

fn json_status(outcome: &RemoteOutcome, metadata: Option<Value>) -> String {
    let mut status = json!({});
    if let Some(metadata) = metadata {
        status["metadata"] = metadata;
    }
    match outcome {
        RemoteOutcome::Success => status["status"] = json!("Success"),
        RemoteOutcome::ExitCode(code) => {
            status["status"] = json!("Failure");
            status["message"] = json!(format!(
                "command terminated with non-zero exit code: command terminated with exit code {code}"
            ));
            status["reason"] = json!("NonZeroExitCode");
            status["details"] = json!({"causes": [{"reason": "ExitCode", "message": code.to_string()}]});
        }
        RemoteOutcome::NotStarted(why) => {
            status["status"] = json!("Failure");
            status["message"] = json!(format!("Internal error occurred: {why}"));
            status["reason"] = json!("InternalError");
            status["details"] = json!({"causes": [{"message": why}]});
            status["code"] = json!(500);
        }
    }
    status.to_string()
}

/// Version 1 tells failures only, as text.
fn plain_status(outcome: &RemoteOutcome, command: &[String]) -> Option<String> {
    match outcome {
        RemoteOutcome::Success => None,
        RemoteOutcome::ExitCode(code) => Some(format!(
            "command terminated with non-zero exit code: error executing command [{}], exit code {code}",
            command.join(" ")
        )),
        RemoteOutcome::NotStarted(why) => Some(format!("Internal error occurred: {why}")),
    }
}
