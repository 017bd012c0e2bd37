//! The two byte streams of a connection, cut into frames and buffered so that a read or write may be given up
//! half way (as `select!` does) without losing a byte.

use bytes::{Buf, Bytes, BytesMut};
use launcher_api::frame::{FrameDecoder, FrameError, encode_frame};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::Gone;

/// Bytes asked of the operating system at once.
const READ_SIZE: usize = 64 * 1024;

/// The plugin's output.
pub(crate) struct Incoming<R> {
    reader: R,
    buffer: BytesMut,
    decoder: FrameDecoder,
}

impl<R: AsyncRead + Unpin> Incoming<R> {
    pub(crate) fn new(reader: R, max_message_size: usize) -> Self {
        Self {
            reader,
            buffer: BytesMut::with_capacity(READ_SIZE),
            decoder: FrameDecoder::new(max_message_size),
        }
    }

    /// Reads some bytes; 0 is the end. Nothing is lost if the future is dropped.
    pub(crate) async fn read(&mut self) -> std::io::Result<usize> {
        self.buffer.clear();
        self.buffer.reserve(READ_SIZE);
        let count = self.reader.read_buf(&mut self.buffer).await?;
        self.decoder.push(&self.buffer);
        Ok(count)
    }

    /// The next whole message among the bytes read.
    pub(crate) fn next_frame(&mut self) -> Result<Option<Bytes>, FrameError> {
        self.decoder.next_frame()
    }

    /// Whether the bytes read end between two messages.
    pub(crate) fn finish(&self) -> Result<(), FrameError> {
        self.decoder.finish()
    }
}

/// The plugin's input.
pub(crate) struct Outgoing<W> {
    writer: Writer<W>,
    buffer: BytesMut,
    /// Bytes were written since the last flush.
    unflushed: bool,
    max_message_size: usize,
}

enum Writer<W> {
    Open(W),
    /// To be closed once everything is written.
    Ending(W),
    Closed,
    Failed(Gone),
}

impl<W: AsyncWrite + Unpin> Outgoing<W> {
    pub(crate) fn new(writer: W, max_message_size: usize) -> Self {
        Self { writer: Writer::Open(writer), buffer: BytesMut::new(), unflushed: false, max_message_size }
    }

    /// Puts a message behind those that wait.
    pub(crate) fn push(&mut self, payload: &[u8]) -> Result<(), NotSent> {
        match &self.writer {
            Writer::Open(_) => {
                self.buffer.extend_from_slice(&encode_frame(payload, self.max_message_size)?);
                Ok(())
            }
            Writer::Ending(_) | Writer::Closed => Err(NotSent::Gone(Gone::ClosedHere)),
            Writer::Failed(why) => Err(NotSent::Gone(why.clone())),
        }
    }

    /// Bytes that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// Whether [`write`](Self::write) has something to do.
    pub(crate) fn has_work(&self) -> bool {
        match self.writer {
            Writer::Open(_) => !self.buffer.is_empty() || self.unflushed,
            Writer::Ending(_) => true,
            Writer::Closed | Writer::Failed(_) => false,
        }
    }

    /// Does one step of writing, flushing or closing. Nothing is lost if the future is dropped.
    pub(crate) async fn write(&mut self) -> std::io::Result<()> {
        let (Writer::Open(writer) | Writer::Ending(writer)) = &mut self.writer else { return Ok(()) };
        if self.buffer.has_remaining() {
            self.unflushed = true;
            writer.write_buf(&mut self.buffer).await?;
        } else if self.unflushed {
            writer.flush().await?;
            self.unflushed = false;
        } else {
            writer.shutdown().await?;
            // A pipe is closed by dropping it.
            self.writer = Writer::Closed;
        }
        Ok(())
    }

    /// Takes no more messages and closes the stream behind those that wait.
    pub(crate) fn end(&mut self) {
        if let Writer::Open(writer) = std::mem::replace(&mut self.writer, Writer::Closed) {
            self.writer = Writer::Ending(writer);
        }
    }

    /// Writes nothing more, after an error.
    pub(crate) fn fail(&mut self, why: Gone) {
        self.buffer.clear();
        self.writer = Writer::Failed(why);
    }
}

/// Why a message was not put behind the others.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotSent {
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error(transparent)]
    Gone(Gone),
}
