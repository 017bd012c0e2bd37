//! The state of one watch.

use std::{collections::VecDeque, io, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use futures::{Stream, stream};
use tokio::time::{Instant, sleep_until};

use super::{
    super::{accept::Form, query::Query, selectors::Selection},
    events::{self, Encoder, EventType},
    options::{Start, WatchOptions},
};
use crate::{
    kind::Kind,
    status_error::StatusError,
    store::{Change, ChangeKind, Expired, Object, Store, Watch},
};

/// How long before its end a watch sends its last bookmark.
const LAST_BOOKMARK: Duration = Duration::from_secs(2);
/// Lines are put together up to about this size.
const PIECE: usize = 64 * 1024;

/// A watch: the objects that were there (if asked for), then what changes, until the time is up.
pub(super) struct WatchStream {
    watch: Watch,
    kind: Kind,
    selection: Selection,
    encoder: Encoder,
    initial: VecDeque<Arc<Object>>,
    /// The version that the initial objects are of, until their end was marked.
    mark: Option<u64>,
    bookmarks: Option<Duration>,
    next_bookmark: Instant,
    last_bookmark: Instant,
    end: Instant,
}

enum Next {
    Change(Result<Change, Expired>),
    Bookmark,
    End,
}

impl WatchStream {
    pub(super) fn open(
        store: &Store,
        kind: Kind,
        namespace: Option<&str>,
        selection: Selection,
        options: &WatchOptions,
        form: Form,
        query: &Query,
    ) -> Self {
        let (initial, from) = match options.start {
            Start::After(version) => (Vec::new(), version),
            Start::Everything | Start::EverythingAndMark => {
                let snapshot = store.list(kind, namespace);
                (snapshot.items, snapshot.revision)
            }
        };
        let mark = (options.start == Start::EverythingAndMark && options.bookmarks).then_some(from);
        let now = Instant::now();
        let end = now + options.timeout;
        WatchStream {
            watch: store.watch(kind, from),
            kind,
            encoder: Encoder::new(kind, form, query.clone()),
            initial: initial.into_iter().filter(|object| selection.matches(object)).collect(),
            selection,
            mark,
            bookmarks: options.bookmarks.then_some(options.timeout),
            next_bookmark: end,
            last_bookmark: end.checked_sub(LAST_BOOKMARK).filter(|last| *last > now).unwrap_or(end),
            end,
        }
    }

    /// Sets the time between bookmarks, where bookmarks were asked for.
    pub(super) fn bookmarks_every(mut self, interval: Duration) -> Self {
        if self.bookmarks.is_some() {
            self.bookmarks = Some(interval);
            self.next_bookmark = Instant::now() + interval;
        }
        self
    }

    pub(super) fn into_stream(self) -> impl Stream<Item = io::Result<Bytes>> + Send {
        stream::unfold(Some(self), |watch| async {
            let mut watch = watch?;
            match watch.piece().await {
                Ok(piece) => Some((Ok(piece?), Some(watch))),
                Err(expired) => {
                    let error = events::error(&too_old(watch.kind, expired));
                    Some((Ok(error), None))
                }
            }
        })
    }

    /// The next lines; `None` at the end of the time.
    async fn piece(&mut self) -> Result<Option<Bytes>, Expired> {
        if let Some(lines) = self.initial_lines() {
            return Ok(Some(lines));
        }
        loop {
            match self.wait().await {
                Next::End => return Ok(None),
                Next::Bookmark => {
                    // Bookmarks must not promise what has not been sent.
                    if let Some(change) = self.watch.try_next()? {
                        if let Some(line) = self.encode(&change) {
                            return Ok(Some(line));
                        }
                        continue;
                    }
                    self.schedule_bookmark();
                    return Ok(Some(self.encoder.bookmark(self.watch.position(), false)));
                }
                Next::Change(change) => {
                    let lines = self.lines_from(&change?)?;
                    if !lines.is_empty() {
                        return Ok(Some(lines));
                    }
                }
            }
        }
    }

    async fn wait(&mut self) -> Next {
        let bookmark = self.next_bookmark.min(self.last_bookmark);
        tokio::select! {
            biased;
            () = sleep_until(self.end) => Next::End,
            change = self.watch.next() => Next::Change(change),
            () = sleep_until(bookmark), if self.bookmarks.is_some() && bookmark < self.end => Next::Bookmark,
        }
    }

    fn schedule_bookmark(&mut self) {
        let now = Instant::now();
        if now >= self.last_bookmark {
            self.last_bookmark = self.end;
        }
        self.next_bookmark = self.bookmarks.map_or(self.end, |interval| now + interval);
    }

    /// The objects that were there at the beginning, then the mark.
    fn initial_lines(&mut self) -> Option<Bytes> {
        let mut lines = BytesMut::new();
        while lines.len() < PIECE {
            if let Some(object) = self.initial.pop_front() {
                lines.extend_from_slice(&self.encoder.change(EventType::Added, &object, object.revision()));
            } else if let Some(revision) = self.mark.take() {
                lines.extend_from_slice(&self.encoder.bookmark(revision, true));
            } else {
                break;
            }
        }
        (!lines.is_empty()).then(|| lines.freeze())
    }

    /// This change and those that are there already.
    fn lines_from(&mut self, first: &Change) -> Result<Bytes, Expired> {
        let Some(line) = self.encode(first) else {
            return Ok(Bytes::new());
        };
        let Some(second) = self.watch.try_next()? else {
            return Ok(line);
        };
        let mut lines = BytesMut::from(line.as_ref());
        let mut next = Some(second);
        while let Some(change) = next {
            if let Some(line) = self.encode(&change) {
                lines.extend_from_slice(&line);
            }
            if lines.len() >= PIECE {
                break;
            }
            next = self.watch.try_next()?;
        }
        Ok(lines.freeze())
    }

    /// What a change is to this watch: an object may enter or leave the selection by being changed.
    fn encode(&mut self, change: &Change) -> Option<Bytes> {
        let revision = change.revision();
        let is = change.kind != ChangeKind::Deleted && self.selection.matches(&change.object);
        let before = change.previous.as_ref().filter(|previous| self.selection.matches(previous));
        let (event, object) = match (before, is) {
            (None, true) => (EventType::Added, &change.object),
            (Some(_), true) => (EventType::Modified, &change.object),
            (Some(_), false) if change.kind == ChangeKind::Deleted => (EventType::Deleted, &change.object),
            (Some(before), false) => (EventType::Deleted, before),
            (None, false) => return None,
        };
        Some(self.encoder.change(event, object, revision))
    }
}

fn too_old(kind: Kind, expired: Expired) -> StatusError {
    if kind == Kind::Event {
        // Events have no watch cache: their refusal comes from further down.
        StatusError::expired("The resourceVersion for the provided watch is too old.")
    } else {
        StatusError::expired(expired.to_string())
    }
}
