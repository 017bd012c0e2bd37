//! The files of one container's log.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::line::{LineSplitter, StampClock};
use super::reader::LogReader;
use super::selection::LogSelection;

/// When a log file is put aside for a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rotation {
    /// Never: every read sees the whole log.
    Off,
    /// Once it holds at least this many bytes (a kubelet's `containerLogMaxSize`, 10 MiB by default) and is at least so
    /// old: a kubelet looks at its files only now and then (`containerLogMonitorInterval`, 10 s by default), so that who
    /// begins to follow a job that writes fast finds all of it.
    At { bytes: u64, age: Duration },
}

/// One container's output. Cloning gives another handle to the same log; its files are removed with the last
/// handle and the last reader.
#[derive(Clone, Debug)]
pub(crate) struct ContainerLog {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    directory: PathBuf,
    rotation: Rotation,
    writer: Mutex<Writer>,
    progress: watch::Sender<Progress>,
}

#[derive(Debug)]
struct Writer {
    newest: Arc<Segment>,
    /// When the newest file was begun.
    begun: Instant,
    file: File,
    clock: StampClock,
    buffer: Vec<u8>,
}

/// What a reader that waits is told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Progress {
    /// Counts the appends.
    pub(crate) appends: u64,
    /// Nothing will be appended any more.
    pub(crate) closed: bool,
}

/// One file of the chain. It points at its successor, so whoever holds an old one keeps all that follow.
#[derive(Debug)]
pub(crate) struct Segment {
    number: u64,
    path: PathBuf,
    /// Bytes that may be read: whole stored lines only.
    length: AtomicU64,
    next: OnceLock<Arc<Segment>>,
}

impl Segment {
    fn create(directory: &Path, number: u64) -> io::Result<(Arc<Self>, File)> {
        let path = directory.join(format!("{number}.log"));
        let file = File::create_new(&path)?;
        Ok((Arc::new(Self { number, path, length: AtomicU64::new(0), next: OnceLock::new() }), file))
    }

    /// Where the file is; it stays there for as long as the segment is held.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes may be read.
    pub(crate) fn length(&self) -> u64 {
        self.length.load(Ordering::Acquire)
    }

    /// The file that took over, if this one was put aside. Once it is there, [`Self::length`] is final.
    pub(crate) fn next(&self) -> Option<&Arc<Segment>> {
        self.next.get()
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        // A file that is already gone (its directory was removed) is what was wanted.
        let _ = std::fs::remove_file(&self.path);
        // A slow reader may have held a long chain: take it apart in a loop, not by recursion.
        let mut next = self.next.take();
        while let Some(segment) = next {
            next = match Arc::try_unwrap(segment) {
                Ok(mut segment) => segment.next.take(),
                Err(_) => None,
            };
        }
    }
}

impl ContainerLog {
    /// A new, empty log in `directory`, which must exist and hold no other log.
    pub(crate) fn create(directory: PathBuf, rotation: Rotation) -> io::Result<Self> {
        let (newest, file) = Segment::create(&directory, 0)?;
        let writer =
            Writer { newest, begun: Instant::now(), file, clock: StampClock::default(), buffer: Vec::new() };
        let progress = watch::Sender::new(Progress::default());
        Ok(Self { shared: Arc::new(Shared { directory, rotation, writer: Mutex::new(writer), progress }) })
    }

    /// Stores what `bytes` complete of `splitter`'s stream. Short blocking writes to a local file.
    pub(crate) fn append(&self, splitter: &mut LineSplitter, bytes: &[u8]) -> io::Result<()> {
        self.store(|clock, stored| splitter.push(bytes, clock, stored))
    }

    /// Stores the unfinished last line of a stream that has ended.
    pub(crate) fn finish(&self, splitter: &mut LineSplitter) -> io::Result<()> {
        self.store(|clock, stored| splitter.finish(clock, stored))
    }

    /// Lets followers end once they have read everything.
    pub(crate) fn close(&self) {
        self.shared.progress.send_modify(|progress| progress.closed = true);
    }

    /// A reader for `query`, which starts in the newest file.
    pub(crate) fn read(&self, query: &LogSelection) -> LogReader {
        let newest = {
            let writer = self.shared.writer.lock().unwrap_or_else(PoisonError::into_inner);
            writer.newest.clone()
        };
        LogReader::new(newest, self.shared.progress.subscribe(), query)
    }

    fn store(&self, fill: impl FnOnce(&mut StampClock, &mut Vec<u8>)) -> io::Result<()> {
        {
            let mut writer = self.shared.writer.lock().unwrap_or_else(PoisonError::into_inner);
            let Writer { newest, begun, file, clock, buffer } = &mut *writer;
            buffer.clear();
            fill(clock, buffer);
            if buffer.is_empty() {
                return Ok(());
            }
            file.write_all(buffer)?;
            let length = newest.length() + buffer.len() as u64;
            newest.length.store(length, Ordering::Release);
            if let Rotation::At { bytes, age } = self.shared.rotation
                && length >= bytes
                && begun.elapsed() >= age
            {
                let (next, next_file) = Segment::create(&self.shared.directory, newest.number + 1)?;
                // Only this writer, under its lock, ever sets it.
                let _ = newest.next.set(next.clone());
                *newest = next;
                *file = next_file;
                *begun = Instant::now();
            }
        }
        self.shared.progress.send_modify(|progress| progress.appends += 1);
        Ok(())
    }
}
