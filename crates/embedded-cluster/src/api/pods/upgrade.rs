//! The websocket handshake (RFC 6455), and which of the offered subprotocols is taken.

use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::super::response::{self, Body};

/// How a websocket carries the streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Protocol {
    /// As it is named in the handshake; empty when none was offered.
    pub(super) name: &'static str,
    pub(super) version: Version,
    pub(super) encoding: Encoding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// The status is plain text.
    First,
    /// The status is JSON.
    Fourth,
    /// Besides, standard input can be closed alone.
    Fifth,
}

/// How bytes become messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// The first byte of a binary message is the channel.
    Binary,
    /// The first character of a text message is the channel, the rest base64.
    Base64,
}

/// In the order of preference.
const PROTOCOLS: [Protocol; 6] = [
    Protocol { name: "v5.channel.k8s.io", version: Version::Fifth, encoding: Encoding::Binary },
    Protocol { name: "v4.channel.k8s.io", version: Version::Fourth, encoding: Encoding::Binary },
    Protocol { name: "v4.base64.channel.k8s.io", version: Version::Fourth, encoding: Encoding::Base64 },
    Protocol { name: "channel.k8s.io", version: Version::First, encoding: Encoding::Binary },
    Protocol { name: "base64.channel.k8s.io", version: Version::First, encoding: Encoding::Base64 },
    Protocol { name: "", version: Version::First, encoding: Encoding::Binary },
];

/// A handshake that can be answered.
#[derive(Debug)]
pub(super) struct Handshake {
    accept: String,
    pub(super) protocol: Protocol,
}

/// Why there is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoHandshake {
    /// It is an ordinary request.
    NotAsked,
    /// Only subprotocols that nobody knows.
    UnknownProtocol,
}

impl Handshake {
    pub(super) fn read(headers: &HeaderMap) -> Result<Handshake, NoHandshake> {
        let wants = |name: header::HeaderName, word: &str| {
            headers
                .get_all(name)
                .iter()
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .any(|part| part.trim().eq_ignore_ascii_case(word))
        };
        if !wants(header::CONNECTION, "upgrade") || !wants(header::UPGRADE, "websocket") {
            return Err(NoHandshake::NotAsked);
        }
        let key = headers.get(header::SEC_WEBSOCKET_KEY).ok_or(NoHandshake::NotAsked)?;
        let offered = offered_protocols(headers);
        let protocol = if offered.is_empty() {
            PROTOCOLS.last()
        } else {
            PROTOCOLS.iter().find(|known| offered.iter().any(|name| name == known.name))
        };
        let protocol = *protocol.ok_or(NoHandshake::UnknownProtocol)?;
        Ok(Handshake { accept: derive_accept_key(key.as_bytes()), protocol })
    }

    /// 101.
    pub(super) fn answer(&self) -> Response<Body> {
        let mut response = response::empty(StatusCode::SWITCHING_PROTOCOLS);
        let headers = response.headers_mut();
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        if let Ok(accept) = HeaderValue::from_str(&self.accept) {
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        }
        if !self.protocol.name.is_empty() {
            let name = HeaderValue::from_static(self.protocol.name);
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, name);
        }
        response
    }
}

/// The subprotocols that a client offers, in its order.
pub(in crate::api) fn offered_protocols(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}
