//! Channels of a container's streams, as bytes.

use bytes::{BufMut, Bytes, BytesMut};

use crate::client::StatusObject;

/// The channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Standard input, to the container.
    Stdin = 0,
    /// Standard output.
    Stdout = 1,
    /// Standard error.
    Stderr = 2,
    /// How it ended, once.
    Status = 3,
}

/// Closes one channel; v5 only.
const CLOSE: u8 = 255;

/// What the server sends.
#[derive(Clone, Debug, PartialEq)]
pub enum Frame {
    /// Output.
    Data(Channel, Bytes),
    /// The end.
    Ended(Outcome),
    /// Nothing: the server begins with an empty message.
    Nothing,
}

/// How a process that was started by exec, or an attach, ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Well; for an attach, that says nothing of the process.
    Success,
    /// With this exit code.
    ExitCode(i32),
    /// It was not started: often the image lacks the program.
    NotStarted {
        /// The server's words.
        message: String,
    },
}

impl Frame {
    /// Reads a message.
    pub fn read(message: &Bytes) -> Self {
        let Some((channel, rest)) = message.split_first() else { return Self::Nothing };
        if rest.is_empty() {
            return Self::Nothing;
        }
        match channel {
            1 => Self::Data(Channel::Stdout, message.slice(1..)),
            2 => Self::Data(Channel::Stderr, message.slice(1..)),
            3 => Self::Ended(Outcome::read(rest)),
            _ => Self::Nothing,
        }
    }
}

impl Outcome {
    fn read(status: &[u8]) -> Self {
        let Ok(status) = serde_json::from_slice::<StatusObject>(status) else {
            return Self::NotStarted { message: String::from_utf8_lossy(status).into_owned() };
        };
        if status.status == "Success" {
            return Self::Success;
        }
        let code = status
            .details
            .causes
            .iter()
            .find(|c| c.reason == "ExitCode")
            .and_then(|c| c.message.parse().ok());
        match code {
            Some(code) if status.reason == "NonZeroExitCode" => Self::ExitCode(code),
            _ => Self::NotStarted { message: status.message },
        }
    }
}

/// A piece of standard input as a message.
pub(super) fn stdin_message(piece: &[u8]) -> Bytes {
    let mut message = BytesMut::with_capacity(piece.len() + 1);
    message.put_u8(Channel::Stdin as u8);
    message.put_slice(piece);
    message.freeze()
}

/// The end of standard input as a message.
pub(super) fn stdin_end() -> Bytes {
    Bytes::from_static(&[CLOSE, Channel::Stdin as u8])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(channel: u8, text: &str) -> Frame {
        Frame::read(&Bytes::from([&[channel], text.as_bytes()].concat()))
    }

    #[test]
    fn messages_are_read_as_the_server_writes_them() {
        assert_eq!(read(1, "out"), Frame::Data(Channel::Stdout, Bytes::from_static(b"out")));
        assert_eq!(read(2, "err"), Frame::Data(Channel::Stderr, Bytes::from_static(b"err")));
        assert_eq!(read(1, ""), Frame::Nothing);
        assert_eq!(Frame::read(&Bytes::new()), Frame::Nothing);
        assert_eq!(read(3, r#"{"metadata":{},"status":"Success"}"#), Frame::Ended(Outcome::Success));
        let failed = r#"{"status":"Failure","message":"command terminated","reason":"NonZeroExitCode",
            "details":{"causes":[{"reason":"ExitCode","message":"5"}]}}"#;
        assert_eq!(read(3, failed), Frame::Ended(Outcome::ExitCode(5)));
        let missing =
            r#"{"status":"Failure","reason":"InternalError","message":"executable file not found in $PATH"}"#;
        assert!(matches!(read(3, missing), Frame::Ended(Outcome::NotStarted { .. })));
        assert_eq!(read(3, "no json"), Frame::Ended(Outcome::NotStarted { message: "no json".to_owned() }));
    }
}
