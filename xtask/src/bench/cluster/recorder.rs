//! What the plugin asks of the API, byte for byte: a way through which it talks to the server in the clear.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use http::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::bare::{Address, Call};
use crate::failure::Failure;

/// Listens on loopback, and hands on to the API server whatever comes.
pub(super) struct Recorder {
    url: String,
    conversations: Conversations,
    task: tokio::task::JoinHandle<()>,
}

/// What each connection has sent so far, in the pieces in which it came.
type Conversations = Arc<Mutex<Vec<Vec<Piece>>>>;

struct Piece {
    at: Instant,
    bytes: Vec<u8>,
}

impl Recorder {
    /// # Errors
    /// There is no port to listen on.
    pub(super) async fn start(server: Address) -> Result<Self, Failure> {
        let doing = "recording the plugin's requests";
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|e| Failure::during(doing, e))?;
        let address = listener.local_addr().map_err(|e| Failure::during(doing, e))?;
        let conversations = Conversations::default();
        let task = tokio::spawn(accept(listener, server, Arc::clone(&conversations)));
        Ok(Recorder { url: format!("http://{address}"), conversations, task })
    }

    /// Where the plugin finds the API.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The requests that change something, in their order, since `since`.
    pub(super) fn changes(&self, since: Instant) -> Vec<Call> {
        let conversations = self.conversations.lock().unwrap_or_else(PoisonError::into_inner);
        let mut calls: Vec<(Instant, Call)> =
            conversations.iter().flat_map(|pieces| requests(pieces)).collect();
        calls.retain(|(at, call)| *at >= since && call.method != Method::GET);
        calls.sort_by_key(|(at, _)| *at);
        calls.into_iter().map(|(_, call)| call).collect()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, server: Address, conversations: Conversations) {
    while let Ok((plugin, _)) = listener.accept().await {
        let number = {
            let mut all = conversations.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(Vec::new());
            all.len() - 1
        };
        let (server, conversations) = (server.clone(), Arc::clone(&conversations));
        tokio::spawn(async move {
            // A connection that fails is the plugin's to replace.
            drop(hand_on(plugin, &server, &conversations, number).await);
        });
    }
}

async fn hand_on(
    plugin: TcpStream,
    server: &Address,
    conversations: &Conversations,
    number: usize,
) -> Result<(), Failure> {
    let doing = "recording the plugin's requests";
    let (mut from_server, mut to_server) = tokio::io::split(server.dial().await?);
    let (mut from_plugin, mut to_plugin) = plugin.into_split();
    let answers = tokio::io::copy(&mut from_server, &mut to_plugin);
    let questions = async {
        let mut buffer = vec![0; 64 * 1024];
        while let count @ 1.. = from_plugin.read(&mut buffer).await? {
            let piece = Piece { at: Instant::now(), bytes: buffer[..count].to_vec() };
            if let Some(pieces) = conversations.lock().unwrap_or_else(PoisonError::into_inner).get_mut(number)
            {
                pieces.push(piece);
            }
            to_server.write_all(&buffer[..count]).await?;
            to_server.flush().await?;
        }
        Ok::<(), std::io::Error>(())
    };
    tokio::select! {
        answered = answers => answered.map(drop).map_err(|e| Failure::during(doing, e)),
        asked = questions => asked.map_err(|e| Failure::during(doing, e)),
    }
}

/// The HTTP/1.1 requests of one connection, whose bodies have a length.
fn requests(pieces: &[Piece]) -> Vec<(Instant, Call)> {
    let bytes: Vec<u8> = pieces.iter().flat_map(|piece| piece.bytes.iter().copied()).collect();
    let at = |offset: usize| {
        let mut end = 0;
        let piece = pieces.iter().find(|piece| {
            end += piece.bytes.len();
            end > offset
        });
        piece.map(|piece| piece.at)
    };
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(length) = bytes[rest..].windows(4).position(|window| window == b"\r\n\r\n") {
        let Some((call, body)) = head(&bytes[rest..rest + length]) else { break };
        let begin = rest + length + 4;
        let Some(body) = bytes.get(begin..begin + body) else { break };
        let Some(at) = at(rest) else { break };
        found.push((at, Call { body: Bytes::copy_from_slice(body), ..call }));
        rest = begin + body.len();
    }
    found
}

/// A request's first lines, and how many bytes of body follow them.
fn head(bytes: &[u8]) -> Option<(Call, usize)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.split("\r\n");
    let mut words = lines.next()?.split(' ');
    let method = Method::from_bytes(words.next()?.as_bytes()).ok()?;
    let mut call = Call { method, ..Call::get(words.next()?) };
    let mut length = 0;
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().ok()?;
        } else if name.eq_ignore_ascii_case("content-type") {
            call.content_type = Some(value.to_owned());
        }
    }
    Some((call, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_found_however_the_bytes_were_cut() {
        let text = b"GET /a?b=c HTTP/1.1\r\nhost: x\r\n\r\nPOST /d HTTP/1.1\r\nContent-Length: 3\r\ncontent-type: t/u\r\n\r\nxyzGET";
        for cut in 1..text.len() {
            let pieces: Vec<Piece> =
                text.chunks(cut).map(|bytes| Piece { at: Instant::now(), bytes: bytes.to_vec() }).collect();
            let calls: Vec<Call> = requests(&pieces).into_iter().map(|(_, call)| call).collect();
            assert_eq!(calls.len(), 2, "cut every {cut} bytes");
            assert_eq!((&calls[0].method, &*calls[0].path), (&Method::GET, "/a?b=c"));
            assert_eq!((&calls[1].method, &*calls[1].path), (&Method::POST, "/d"));
            assert_eq!((&*calls[1].body, calls[1].content_type.as_deref()), (&b"xyz"[..], Some("t/u")));
        }
    }
}
