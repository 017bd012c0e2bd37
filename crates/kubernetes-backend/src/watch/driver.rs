//! Makes the requests that a watch's state asks for, and hands on what comes of them.

use std::time::Duration;

use futures::StreamExt;
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::lines::Lines;
use super::machine::Versioned;
use super::page::{self, Page};
use super::{Backoff, Change, Heard, Input, Kind, Machine, Next, State, WatchEvent};
use crate::client::{Answer, ApiClient, ApiFailure, ByteStream, Call, FailureKind, Resource, Verb};
use crate::observed::Meta;

/// What to watch, and how.
#[derive(Clone, Debug)]
pub struct WatchOptions {
    /// What.
    pub resource: Resource,
    /// Whether it may be listed.
    pub kind: Kind,
    /// Which objects: parameters of every request.
    pub selector: (&'static str, &'static str),
    /// How long one watch request lasts.
    pub timeout: Duration,
    /// How many objects a page holds.
    pub page_size: u32,
    /// How long to wait between attempts.
    pub backoff: Backoff,
}

/// Why a watch has to wait; none while all is well.
pub type Trouble = watch::Sender<Option<ApiFailure>>;

/// The first failure of a row is told, and then every so many.
const TELL_EVERY: u32 = 20;

/// Watches until nobody takes the changes any more.
pub async fn run<T>(
    client: ApiClient,
    options: WatchOptions,
    changes: mpsc::Sender<Change<T>>,
    trouble: Trouble,
) where
    T: Versioned + DeserializeOwned + Send + 'static,
{
    let machine = Machine::new(options.kind, options.backoff);
    let mut watch = Watch { client, options, machine, ahead: None, changes, trouble };
    while watch.act().await.is_some() {}
}

struct Watch<T> {
    client: ApiClient,
    options: WatchOptions,
    machine: Machine,
    ahead: Option<Asked>,
    changes: mpsc::Sender<Change<T>>,
    trouble: Trouble,
}

/// A page of a list that has been asked for. Given up when it is dropped.
struct Asked {
    token: Option<String>,
    answer: JoinSet<Result<Answer, ApiFailure>>,
    /// Where the page after it begins: told when the beginning of the answer is there.
    next: oneshot::Receiver<String>,
}

/// How much of a page surely tells where the next one begins. Of less the parser would be asked again and again.
const BEGINNING: usize = 4096;

impl<T: Versioned + DeserializeOwned + Send + 'static> Watch<T> {
    /// Does what the state says, until that asks for another connection. None when nobody listens any more.
    async fn act(&mut self) -> Option<()> {
        match self.machine.state().clone() {
            State::Waiting { delay, .. } => {
                tokio::select! {
                    () = sleep(delay) => {}
                    () = self.changes.closed() => return None,
                }
                self.take(Input::Elapsed).await.map(drop)
            }
            State::Paging { token } => {
                let input = self.page(token).await;
                self.take(input).await.map(drop)
            }
            State::Streaming => {
                self.changes.send(Change::Begin).await.ok()?;
                let call = self
                    .watch()
                    .with("sendInitialEvents", "true")
                    .with("resourceVersionMatch", "NotOlderThan");
                self.follow(&call).await
            }
            State::Following { version } => {
                let call = match version {
                    Some(version) => self.watch().with("resourceVersion", version),
                    None => self.watch(),
                };
                self.follow(&call).await
            }
        }
    }

    /// Reads a page. The one after it is asked for as soon as the beginning of this one is there, so that the server makes it
    /// while this one comes and is read.
    async fn page(&mut self, token: Option<String>) -> Input<T> {
        let asked = self.ahead.take().filter(|ahead| ahead.token == token);
        let Asked { token, mut answer, mut next } = asked.unwrap_or_else(|| self.ask(token));
        let answer = tokio::select! {
            biased;
            Ok(token) = &mut next => {
                self.ahead = Some(self.ask(Some(token)));
                answer.join_next().await
            }
            answer = answer.join_next() => answer,
        };
        let call = self.list(token);
        let answer = match answer.and_then(Result::ok) {
            Some(answer) => answer,
            None => self.client.call(&call).await,
        };
        let body = match answer {
            Ok(answer) => answer.body,
            Err(failure) => {
                self.ahead = None;
                return Input::Failed(failure);
            }
        };
        let mut ahead = self.ahead.take();
        let page = page::read(&body, |token| {
            ahead.get_or_insert_with(|| self.ask(Some(token.to_owned())));
        });
        self.ahead = ahead;
        match page {
            Ok(Page { objects, version, token }) => Input::Page { objects, version, token },
            Err(error) => Input::Failed(unexpected(&call, &self.client, &error)),
        }
    }

    fn ask(&self, token: Option<String>) -> Asked {
        let (client, call) = (self.client.clone(), self.list(token.clone()));
        let (tell, next) = oneshot::channel();
        let mut tell = Some(tell);
        let heed = move |beginning: &[u8]| {
            if let Some(tell) = tell.take_if(|_| beginning.len() >= BEGINNING)
                && let Some(token) = page::next_in(beginning)
            {
                // Nobody waits for it any more when the page is given up.
                drop(tell.send(token));
            }
        };
        let mut answer = JoinSet::new();
        answer.spawn(async move { client.call_heeding(&call, heed).await });
        Asked { token, answer, next }
    }

    fn list(&self, token: Option<String>) -> Call {
        let (key, value) = self.options.selector;
        let call = Call::new(Verb::List, self.options.resource)
            .with(key, value)
            .with("limit", self.options.page_size.max(1).to_string());
        match token {
            Some(token) => call.with("continue", token),
            None => call,
        }
    }

    fn watch(&self) -> Call {
        let (key, value) = self.options.selector;
        Call::new(Verb::Watch, self.options.resource)
            .with("watch", "true")
            .with(key, value)
            .with("allowWatchBookmarks", "true")
            .with("timeoutSeconds", self.lasting().as_secs().max(1).to_string())
    }

    /// How long a watch is asked to last. The store of events sends no bookmarks: there the end of the watch is the sign of
    /// life.
    fn lasting(&self) -> Duration {
        match self.options.kind {
            Kind::Listed => self.options.timeout,
            Kind::WatchedOnly => self.options.timeout.min(self.client.patience().bookmarks * 3 / 2),
        }
    }

    /// How long the server may say nothing.
    fn silence(&self) -> Duration {
        let patience = self.client.patience();
        match self.machine.state() {
            State::Streaming => patience.opening,
            _ => patience.bookmarks * 2,
        }
    }

    async fn follow(&mut self, call: &Call) -> Option<()> {
        let begun = Instant::now();
        let stream = match self.client.open(call).await {
            Ok(stream) => stream,
            Err(failure) => return self.take(Input::Failed(failure)).await.map(drop),
        };
        let mut reading = Reading { stream, lines: Lines::default() };
        let mut heard = Heard::Nothing;
        loop {
            let input = tokio::select! {
                input = timeout(self.silence(), reading.next(call, &self.client)) => match input {
                    Ok(Some(Ok(event))) => {
                        heard = Heard::Something;
                        Input::Event(event)
                    }
                    Ok(Some(Err(failure))) => Input::Failed(failure),
                    Ok(None) => Input::Ended { after: begun.elapsed() },
                    Err(_) => {
                        tracing::info!(resource = %self.options.resource, "the watch is silent and is replaced");
                        Input::Silent(heard)
                    }
                },
                () = self.changes.closed() => return None,
            };
            if self.take(input).await? == Next::Act {
                return Some(());
            }
        }
    }

    async fn take(&mut self, input: Input<T>) -> Option<Next> {
        let failure = match &input {
            Input::Failed(failure) => Some(failure.clone()),
            Input::Event(WatchEvent::Error(status)) => Some(ApiFailure {
                operation: self.watch().operation(self.client.namespace_shared()),
                kind: FailureKind::of_status(status.code, status.clone()),
            }),
            _ => None,
        };
        let before = self.machine.attempt();
        let step = self.machine.step(input);
        if let Some(failure) = failure {
            self.tell(failure, before);
        } else if before > 0 && self.machine.attempt() == 0 {
            tracing::info!(resource = %self.options.resource, "the watch works again");
            self.trouble.send_replace(None);
        }
        for change in step.changes {
            self.changes.send(change).await.ok()?;
        }
        Some(step.next)
    }

    fn tell(&self, failure: ApiFailure, before: u32) {
        if matches!(self.machine.state(), State::Waiting { .. }) && failure.kind != FailureKind::Gone {
            if before.is_multiple_of(TELL_EVERY) {
                tracing::warn!(attempt = before, "{} (it is tried again)", failure.with_advice());
            }
            self.trouble.send_replace(Some(failure));
        } else {
            tracing::debug!(resource = %self.options.resource, "{failure}");
        }
    }
}

struct Reading {
    stream: ByteStream,
    lines: Lines,
}

impl Reading {
    /// The next event; none at the end of the stream. Nothing is lost when it is dropped.
    async fn next<T: DeserializeOwned>(
        &mut self,
        call: &Call,
        client: &ApiClient,
    ) -> Option<Result<WatchEvent<T>, ApiFailure>> {
        loop {
            if let Some(line) = self.lines.next() {
                return Some(serde_json::from_slice(&line).map_err(|error| unexpected(call, client, &error)));
            }
            match self.stream.next().await? {
                Ok(piece) => self.lines.push(&piece),
                Err(failure) => return Some(Err(failure)),
            }
        }
    }
}

fn unexpected(call: &Call, client: &ApiClient, error: &serde_json::Error) -> ApiFailure {
    ApiFailure {
        operation: call.operation(client.namespace_shared()),
        kind: FailureKind::Unexpected { reason: error.to_string() },
    }
}

macro_rules! versioned {
    ($($object:ident)*) => {
        $(impl Versioned for crate::observed::$object {
            fn meta(&self) -> &Meta {
                &self.metadata
            }
        })*
    };
}

versioned!(JobObject PodObject EventObject);
