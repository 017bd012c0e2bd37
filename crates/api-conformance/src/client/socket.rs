//! A websocket to a pod: what it says by channel, and how it ends.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use futures::{SinkExt, StreamExt};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{self, Message as Frame, protocol::Role},
};

use super::{
    Cluster, PATIENCE,
    connection::{Outgoing, headers, late, read},
};
use crate::{Answer, ConformanceError, Content, row::Message};

impl Cluster {
    /// Opens a websocket, sends what is to be sent and reads it to its end. One that is not opened is an ordinary
    /// answer.
    pub(crate) async fn socket(
        &self,
        outgoing: &Outgoing,
        protocols: &str,
        sends: &[Message],
    ) -> Result<Answer, ConformanceError> {
        let mut outgoing = outgoing.clone();
        let handshake = [
            ("connection", "Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("sec-websocket-protocol", protocols),
        ];
        let handshake = handshake.map(|(name, value)| (name.to_owned(), value.to_owned()));
        outgoing.headers.extend(handshake);
        let work = async {
            let (response, _) = self.open(&outgoing).await?;
            if response.status() != 101 {
                return read(&outgoing, response).await;
            }
            let headers = headers(&response);
            let failed = |source| ConformanceError::Http { request: outgoing.title(), source };
            let upgraded = hyper::upgrade::on(response).await.map_err(failed)?;
            let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, None).await;
            let content = talk(socket, sends).await.map_err(|source| ConformanceError::Socket {
                request: outgoing.title(),
                source: Box::new(source),
            })?;
            Ok(Answer { status: 101, headers, content })
        };
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(answer) => answer,
            Err(_) => Err(late(&outgoing, PATIENCE)),
        }
    }
}

/// The conversation: one message is awaited, then all is sent, then all is read.
async fn talk<S>(mut socket: WebSocketStream<S>, sends: &[Message]) -> Result<Content, tungstenite::Error>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let mut said = Said::default();
    if !matches!(said.hear(socket.next().await), Heard::More) {
        return Ok(said.content());
    }
    for message in sends {
        let frame = match message {
            Message::Binary(text) => Frame::binary(text.as_bytes().to_vec()),
            Message::Text(text) => Frame::text(text.clone()),
            Message::Close(channel) => Frame::binary(vec![255, *channel]),
            Message::End => Frame::Close(None),
        };
        socket.send(frame).await?;
    }
    while let Heard::More = said.hear(socket.next().await) {}
    Ok(said.content())
}

enum Heard {
    More,
    End,
}

/// What was said so far.
#[derive(Default)]
struct Said {
    first: Option<String>,
    channels: BTreeMap<String, Vec<u8>>,
    closes: Value,
}

impl Said {
    fn hear(&mut self, message: Option<Result<Frame, tungstenite::Error>>) -> Heard {
        match message {
            Some(Ok(Frame::Binary(bytes))) => {
                let (channel, rest) = bytes
                    .split_first()
                    .map_or((String::new(), &[][..]), |(channel, rest)| (channel.to_string(), rest));
                self.note(format!("binary {channel}:{}", String::from_utf8_lossy(rest)), channel, rest);
            }
            Some(Ok(Frame::Text(text))) => {
                let (channel, rest) = text.split_at_checked(1).unwrap_or(("", &text));
                let decoded = STANDARD.decode(rest).unwrap_or_else(|_| rest.as_bytes().to_vec());
                self.note(format!("text {text}"), channel.to_owned(), &decoded);
            }
            Some(Ok(Frame::Close(frame))) => {
                self.closes = frame.map_or(json!("without a code"), |frame| json!(u16::from(frame.code)));
                return Heard::End;
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Heard::End,
        }
        Heard::More
    }

    fn note(&mut self, whole: String, channel: String, rest: &[u8]) {
        self.first.get_or_insert(whole);
        self.channels.entry(channel).or_default().extend_from_slice(rest);
    }

    /// Channel 3 is a document in the protocols from v4 on.
    fn content(self) -> Content {
        let channels = self.channels.into_iter().map(|(channel, bytes)| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let value = match serde_json::from_str::<Value>(&text) {
                Ok(document) if document.is_object() => document,
                _ => Value::String(text),
            };
            (channel, value)
        });
        let channels: serde_json::Map<String, Value> = channels.collect();
        Content::Json(json!({"first": self.first, "channels": channels, "closes": self.closes}))
    }
}
