//! Frames: how messages are told apart on a byte stream.
//!
//! A frame is a length of four bytes (unsigned, big-endian) and as many bytes of payload. Nothing separates frames, and
//! a stream may be cut anywhere between two reads. This module knows nothing of what a payload means.

use bytes::{Buf, Bytes, BytesMut};

/// The largest payload that both sides allow unless told otherwise: 5 MiB. Exactly as many bytes are allowed.
pub const MAX_MESSAGE_SIZE: usize = 5_242_880;

/// Bytes of the length that stands before each payload.
const HEADER_SIZE: usize = 4;

/// A byte stream that can't be cut into frames, or a payload that can't become one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A payload is larger than allowed. On reading the stream can't be trusted from here on.
    #[error("message of {found} bytes exceeds the limit of {limit} bytes")]
    TooLarge {
        /// Bytes of payload.
        found: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The stream ended in the four bytes of a length.
    #[error("input ended inside the header of a message: {received} of 4 bytes arrived")]
    EndedInHeader {
        /// Bytes of the header that had come.
        received: usize,
    },
    /// The stream ended in a payload.
    #[error("input ended inside a message: {received} of {expected} bytes arrived")]
    EndedInPayload {
        /// Bytes of the payload that had come.
        received: usize,
        /// Bytes of the whole payload.
        expected: usize,
    },
}

/// Cuts a byte stream into payloads, however the bytes arrive.
///
/// ```
/// use launcher_api::frame::{FrameDecoder, MAX_MESSAGE_SIZE};
///
/// let mut decoder = FrameDecoder::new(MAX_MESSAGE_SIZE);
/// decoder.push(b"\0\0\0\x02{");
/// assert_eq!(decoder.next_frame()?, None);
/// decoder.push(b"}");
/// assert_eq!(decoder.next_frame()?.as_deref(), Some(&b"{}"[..]));
/// decoder.finish()?;
/// # Ok::<(), launcher_api::frame::FrameError>(())
/// ```
#[derive(Debug)]
pub struct FrameDecoder {
    /// Bytes that are not yet part of a finished frame; the first four are always a header.
    buffer: BytesMut,
    limit: usize,
}

impl FrameDecoder {
    /// Starts at the beginning of a stream. Payloads may have up to `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { buffer: BytesMut::new(), limit }
    }

    /// Adds what was read. Take all frames out with [`next_frame`](Self::next_frame) before the next read: then no more
    /// than one payload and one read are held in memory.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole payload, or `None` if more bytes are needed. A payload may be empty.
    ///
    /// # Errors
    /// [`FrameError::TooLarge`] as soon as a header asks for more than the limit, and again on each later call.
    pub fn next_frame(&mut self) -> Result<Option<Bytes>, FrameError> {
        let Some(length) = self.announced_length() else { return Ok(None) };
        if length > self.limit {
            return Err(FrameError::TooLarge { found: length, limit: self.limit });
        }
        if self.buffer.len() - HEADER_SIZE < length {
            return Ok(None);
        }
        self.buffer.advance(HEADER_SIZE);
        let payload = self.buffer.split_to(length).freeze();
        if self.buffer.is_empty() {
            // What is left of the buffer would keep the whole of a large message in memory until the next one.
            self.buffer = BytesMut::new();
        }
        Ok(Some(payload))
    }

    /// Call at the end of the stream, when [`next_frame`](Self::next_frame) has nothing more.
    ///
    /// # Errors
    /// The stream ended inside a frame.
    pub fn finish(&self) -> Result<(), FrameError> {
        match (self.buffer.len(), self.announced_length()) {
            (0, _) => Ok(()),
            (received, None) => Err(FrameError::EndedInHeader { received }),
            (received, Some(expected)) => {
                Err(FrameError::EndedInPayload { received: received - HEADER_SIZE, expected })
            }
        }
    }

    fn announced_length(&self) -> Option<usize> {
        let header: &[u8; HEADER_SIZE] = self.buffer.first_chunk()?;
        // Where an address has fewer than 32 bits, such a length is above any limit.
        Some(usize::try_from(u32::from_be_bytes(*header)).unwrap_or(usize::MAX))
    }
}

/// Puts the header before a payload: the bytes to write in one piece.
///
/// # Errors
/// [`FrameError::TooLarge`] if the payload has more than `limit` bytes (or more than a header can say).
pub fn encode_frame(payload: &[u8], limit: usize) -> Result<Bytes, FrameError> {
    header(payload.len(), limit)?;
    let mut frame = empty_frame(payload.len());
    frame.extend_from_slice(payload);
    finish_frame(frame, limit)
}

/// Room for the header of a frame, and then for a payload that [`finish_frame`] waits for.
pub(crate) fn empty_frame(payload: usize) -> Vec<u8> {
    let mut frame = Vec::with_capacity(HEADER_SIZE + payload);
    frame.extend_from_slice(&[0; HEADER_SIZE]);
    frame
}

/// Writes the header over the room that [`empty_frame`] kept: a large payload is not copied for it.
pub(crate) fn finish_frame(mut frame: Vec<u8>, limit: usize) -> Result<Bytes, FrameError> {
    let header = header(frame.len() - HEADER_SIZE, limit)?;
    frame[..HEADER_SIZE].copy_from_slice(&header);
    Ok(Bytes::from(frame))
}

fn header(payload: usize, limit: usize) -> Result<[u8; HEADER_SIZE], FrameError> {
    let length = u32::try_from(payload).ok().filter(|_| payload <= limit);
    length.map(u32::to_be_bytes).ok_or(FrameError::TooLarge { found: payload, limit })
}
