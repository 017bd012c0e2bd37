//! Reading a log, once or for as long as it grows.

use std::io::{self, SeekFrom};
use std::sync::Arc;

use bytes::Bytes;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::sync::watch;

use super::chain::{Progress, Segment};
use super::selection::{Formatter, LogSelection};

/// How much of a file is read at once, in bytes; memory held per reader is a small multiple of it.
const READ_SIZE: u64 = 64 * 1024;

/// Gives the text of one log piece by piece. Nothing is read ahead of the caller.
#[derive(Debug)]
pub(crate) struct LogReader {
    segment: Arc<Segment>,
    file: Option<File>,
    offset: u64,
    /// What was there when the reader was made; the end for a reader that does not follow.
    end: u64,
    follow: bool,
    tail_lines: Option<u64>,
    progress: watch::Receiver<Progress>,
    formatter: Formatter,
    /// The beginning of a stored line whose end has not been read yet.
    partial: Vec<u8>,
    /// The log's last handle is gone, so nothing can be appended.
    abandoned: bool,
}

enum Available {
    Bytes(u64),
    NextSegment(Arc<Segment>),
    Nothing,
}

impl LogReader {
    pub(super) fn new(
        segment: Arc<Segment>,
        progress: watch::Receiver<Progress>,
        query: &LogSelection,
    ) -> Self {
        Self {
            end: segment.length(),
            segment,
            file: None,
            offset: 0,
            follow: query.follow,
            tail_lines: query.tail_lines,
            progress,
            formatter: Formatter::new(query),
            partial: Vec::new(),
            abandoned: false,
        }
    }

    /// The next piece of text, never empty; `None` at the end. Waits for more while following. Dropping the
    /// future loses text: the reader is then of no more use.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            if self.formatter.is_full() {
                return Ok(None);
            }
            // Taken before looking, so that an append after the look is not slept through.
            let closed = self.progress.borrow_and_update().closed;
            match self.available() {
                Available::Bytes(count) => {
                    let text = self.read(count).await?;
                    if !text.is_empty() {
                        return Ok(Some(text.into()));
                    }
                }
                Available::NextSegment(next) => {
                    self.segment = next;
                    self.file = None;
                    self.offset = 0;
                }
                Available::Nothing if !self.follow || closed || self.abandoned => return Ok(None),
                Available::Nothing => self.abandoned = self.progress.changed().await.is_err(),
            }
        }
    }

    fn available(&self) -> Available {
        if !self.follow {
            return match self.end - self.offset {
                0 => Available::Nothing,
                count => Available::Bytes(count),
            };
        }
        // The successor first: once it is there, the length is final.
        let next = self.segment.next().cloned();
        match (self.segment.length() - self.offset, next) {
            (0, Some(next)) => Available::NextSegment(next),
            (0, None) => Available::Nothing,
            (count, _) => Available::Bytes(count),
        }
    }

    async fn read(&mut self, available: u64) -> io::Result<Vec<u8>> {
        if self.file.is_none() {
            let mut file = File::open(self.segment.path()).await?;
            if let Some(lines) = self.tail_lines.take() {
                self.offset = tail_start(&mut file, self.end, lines).await?;
                file.seek(SeekFrom::Start(self.offset)).await?;
                self.file = Some(file);
                return Ok(Vec::new());
            }
            self.file = Some(file);
        }
        let Some(file) = &mut self.file else { return Ok(Vec::new()) };
        let count = available.min(READ_SIZE);
        let mut chunk = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
        let read = file.take(count).read_to_end(&mut chunk).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.offset += read as u64;
        let mut text = Vec::with_capacity(read);
        for piece in chunk.split_inclusive(|&byte| byte == b'\n') {
            match piece.strip_suffix(b"\n") {
                None => self.partial.extend_from_slice(piece),
                Some(line) if self.partial.is_empty() => self.formatter.push(line, &mut text),
                Some(line) => {
                    self.partial.extend_from_slice(line);
                    self.formatter.push(&self.partial, &mut text);
                    self.partial.clear();
                }
            }
        }
        Ok(text)
    }
}

/// Where the last `lines` stored lines of the first `end` bytes begin.
async fn tail_start(file: &mut File, end: u64, lines: u64) -> io::Result<u64> {
    if lines == 0 {
        return Ok(end);
    }
    let mut chunk = vec![0; usize::try_from(READ_SIZE).unwrap_or_default()];
    let mut position = end;
    let mut newlines = 0;
    while position > 0 {
        let start = position.saturating_sub(READ_SIZE);
        let piece = &mut chunk[..usize::try_from(position - start).unwrap_or_default()];
        file.seek(SeekFrom::Start(start)).await?;
        file.read_exact(piece).await?;
        for (index, _) in piece.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n') {
            newlines += 1;
            // The newline before the first wanted line is one more than there are lines.
            if newlines > lines {
                return Ok(start + index as u64 + 1);
            }
        }
        position = start;
    }
    Ok(0)
}
