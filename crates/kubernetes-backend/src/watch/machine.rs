//! The states of a watch, and what leads from one to the next.

use std::time::Duration;

use serde::Deserialize;

use super::Backoff;
use crate::annotation::INITIAL_EVENTS_END;
use crate::client::{ApiFailure, FailureKind, StatusObject};
use crate::observed::Meta;

/// What the watch is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Reads everything there is and then what changes, over one connection ("streaming list"): how a watch begins of what
    /// may not be listed. Left for [`Following`](Self::Following) when the server marks the end of what there was, or can't.
    Streaming,
    /// Reads everything there is, page by page: how a watch begins of what may be listed. Pages are compressed, and the
    /// server makes the next one while this one is read. Left for [`Following`](Self::Following) after the last page; begun
    /// anew when the server no longer knows the list that it was paging through.
    Paging {
        /// Where the next page begins; none for the first.
        token: Option<String>,
    },
    /// Reads what changes after `version`. The version moves with every event and bookmark, and the watch is renewed from
    /// there whenever it ends. Left for a list when the version is too old.
    Following {
        /// The last version that was seen; none begins with everything there is, without a mark.
        version: Option<String>,
    },
    /// Waits, and then goes on with `then`.
    Waiting {
        /// How long.
        delay: Duration,
        /// With what.
        then: Box<State>,
    },
}

/// How a kind of object may be watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It may be listed: what is gone is found by listing again.
    Listed,
    /// It may only be watched, as events: nothing is ever found to be gone.
    WatchedOnly,
}

/// What arrives.
#[derive(Clone, Debug, PartialEq)]
pub enum Input<T> {
    /// A page of a list.
    Page {
        /// Its objects.
        objects: Vec<T>,
        /// The list's version.
        version: String,
        /// Where the next page begins; none if this is the last.
        token: Option<String>,
    },
    /// A line of a watch.
    Event(WatchEvent<T>),
    /// The watch ended cleanly.
    Ended {
        /// After how long.
        after: Duration,
    },
    /// A request failed, or its answer broke off.
    Failed(ApiFailure),
    /// Nothing came for longer than the server may be silent.
    Silent(Heard),
    /// The wait is over.
    Elapsed,
}

/// What a connection brought before it fell silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Not a word.
    Nothing,
    /// An event or a bookmark.
    Something,
}

/// A line of a watch.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "type", content = "object", rename_all = "UPPERCASE")]
pub enum WatchEvent<T> {
    /// The object is there.
    Added(T),
    /// The object has changed.
    Modified(T),
    /// The object is gone, or no longer selected.
    Deleted(T),
    /// Nothing happened up to this version.
    Bookmark(Marked),
    /// The watch can't go on.
    Error(StatusObject),
}

/// What is read of a bookmark's object.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Marked {
    /// Its version and annotations.
    pub metadata: Meta,
}

/// What the index is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Change<T> {
    /// Everything there is follows; what does not follow before [`Complete`](Self::Complete) is gone.
    Begin,
    /// The object is there, so.
    Seen(T),
    /// The object is gone; this is the last that was seen of it.
    Gone(T),
    /// That was everything.
    Complete,
}

/// What comes of an input.
#[derive(Clone, Debug, PartialEq)]
pub struct Step<T> {
    /// For the index, in order.
    pub changes: Vec<Change<T>>,
    /// What to do next.
    pub next: Next,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Go on reading the open connection.
    Read,
    /// Drop any connection and do what the state says.
    Act,
}

/// A watch that ends sooner than this was not worth having: wait before the next.
const HASTY: Duration = Duration::from_secs(1);

/// A watch.
#[derive(Clone, Debug)]
pub struct Machine {
    kind: Kind,
    backoff: Backoff,
    state: State,
    /// Failures in a row.
    attempt: u32,
    /// Beginnings anew in a row that no event followed: a list that can be read says nothing of the watch after it.
    in_vain: u32,
    /// Whether the server is believed to know streaming lists.
    streams: Streams,
}

/// What is believed of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Streams {
    Lists,
    ChangesOnly,
}

/// What the machine needs to know of an object.
pub trait Versioned {
    /// Its metadata.
    fn meta(&self) -> &Meta;
}

impl Machine {
    /// A watch that has not begun.
    pub fn new(kind: Kind, backoff: Backoff) -> Self {
        let streams = Streams::Lists;
        Self { kind, backoff, state: beginning(kind, streams), attempt: 0, in_vain: 0, streams }
    }

    /// What it is doing.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Failures in a row.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Takes in what arrived.
    pub fn step<T: Versioned>(&mut self, input: Input<T>) -> Step<T> {
        match input {
            Input::Page { objects, version, token } => self.page(objects, version, token),
            Input::Event(event) => self.event(event),
            Input::Ended { after } => self.ended(after),
            Input::Failed(failure) => self.failed(&failure.kind),
            Input::Silent(heard) => self.silent(heard),
            Input::Elapsed => {
                if let State::Waiting { then, .. } = &self.state {
                    self.state = (**then).clone();
                }
                act()
            }
        }
    }

    fn page<T>(&mut self, objects: Vec<T>, version: String, token: Option<String>) -> Step<T> {
        self.attempt = 0;
        let mut changes = Vec::with_capacity(objects.len() + 2);
        if matches!(self.state, State::Paging { token: None }) {
            changes.push(Change::Begin);
        }
        changes.extend(objects.into_iter().map(Change::Seen));
        if token.is_some() {
            self.state = State::Paging { token };
        } else {
            changes.push(Change::Complete);
            self.state = State::Following { version: Some(version) };
        }
        Step { changes, next: Next::Act }
    }

    fn event<T: Versioned>(&mut self, event: WatchEvent<T>) -> Step<T> {
        let change = match event {
            WatchEvent::Error(status) => {
                return self.failed(&FailureKind::of_status(status.code, status));
            }
            WatchEvent::Bookmark(mark) => return self.bookmark(&mark.metadata),
            WatchEvent::Added(object) | WatchEvent::Modified(object) => {
                self.moved_to(object.meta());
                Change::Seen(object)
            }
            WatchEvent::Deleted(object) => {
                self.moved_to(object.meta());
                Change::Gone(object)
            }
        };
        self.heard();
        Step { changes: vec![change], next: Next::Read }
    }

    /// While everything is being streamed, an object's version says nothing about the others.
    fn moved_to(&mut self, meta: &Meta) {
        if let State::Following { version } = &mut self.state {
            *version = Some(meta.resource_version.clone());
        }
    }

    fn heard(&mut self) {
        (self.attempt, self.in_vain) = (0, 0);
    }

    fn bookmark<T>(&mut self, meta: &Meta) -> Step<T> {
        self.heard();
        let version = Some(meta.resource_version.clone());
        if self.state != State::Streaming {
            self.state = State::Following { version };
            return Step { changes: Vec::new(), next: Next::Read };
        }
        if meta.annotation(INITIAL_EVENTS_END).is_some() {
            self.state = State::Following { version };
            return Step { changes: vec![Change::Complete], next: Next::Read };
        }
        // The server took the request for a plain watch: the end of what there was will not be marked.
        self.without_streaming()
    }

    fn ended<T>(&mut self, after: Duration) -> Step<T> {
        match &self.state {
            State::Following { .. } if after >= HASTY => act(),
            _ => self.wait_and_go_on(),
        }
    }

    fn silent<T>(&mut self, heard: Heard) -> Step<T> {
        match (&self.state, heard) {
            // The connection may be dead; or the server sent what there was and can't mark its end, as a very old one.
            (State::Streaming, _) => self.this_time_without_streaming(),
            // Not even a bookmark, ever: the version may lie in the future of a server whose store was restored, and would
            // be waited for in vain.
            (State::Following { version: Some(_) }, Heard::Nothing) => {
                self.state =
                    State::Waiting { delay: self.backoff.spread(), then: Box::new(self.beginning()) };
                act()
            }
            (State::Following { .. }, _) => act(),
            _ => self.wait_and_go_on(),
        }
    }

    fn failed<T>(&mut self, kind: &FailureKind) -> Step<T> {
        match (&self.state, kind) {
            (State::Streaming, FailureKind::Invalid { .. }) => self.without_streaming(),
            (State::Following { version: Some(_) } | State::Paging { .. }, FailureKind::Gone) => {
                self.in_vain = self.in_vain.saturating_add(1);
                let delay =
                    if self.in_vain > 1 { self.backoff.delay(self.in_vain) } else { self.backoff.spread() };
                self.state = State::Waiting { delay, then: Box::new(self.beginning()) };
                act()
            }
            _ => self.wait_and_go_on(),
        }
    }

    fn without_streaming<T>(&mut self) -> Step<T> {
        self.streams = Streams::ChangesOnly;
        self.this_time_without_streaming()
    }

    fn this_time_without_streaming<T>(&mut self) -> Step<T> {
        self.state = State::Following { version: None };
        // Nothing will mark the end of what there was: nobody shall wait for it.
        Step { changes: vec![Change::Complete], next: Next::Act }
    }

    /// How to read everything there is.
    fn beginning(&self) -> State {
        beginning(self.kind, self.streams)
    }

    fn wait_and_go_on<T>(&mut self) -> Step<T> {
        let then = match &self.state {
            State::Waiting { then, .. } => then.clone(),
            other => Box::new(other.clone()),
        };
        self.state = State::Waiting { delay: self.backoff.delay(self.attempt), then };
        self.attempt = self.attempt.saturating_add(1);
        act()
    }
}

fn beginning(kind: Kind, streams: Streams) -> State {
    match (kind, streams) {
        (Kind::Listed, _) => State::Paging { token: None },
        (Kind::WatchedOnly, Streams::Lists) => State::Streaming,
        (Kind::WatchedOnly, Streams::ChangesOnly) => State::Following { version: None },
    }
}

fn act<T>() -> Step<T> {
    Step { changes: Vec::new(), next: Next::Act }
}

#[cfg(test)]
mod tests;
