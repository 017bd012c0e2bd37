//! Failures on demand: what a cluster does on its bad days, switched on by a test while it runs.

mod body;
mod rule;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub(crate) use self::body::guard;
use self::rule::Rule;
pub use self::rule::{Effect, Matching, Times};
use crate::{kind::Kind, status_error::StatusError, store::Store};

/// How long [`Faults::restart`] keeps the door shut.
const RESTART_PAUSE: Duration = Duration::from_millis(200);

/// How long it waits for the listening socket.
const DOOR_TIMEOUT: Duration = Duration::from_secs(5);

/// The switchboard of failures. Clones act on the same cluster; all can be used while requests run.
///
/// Nothing here outlives the cluster, and [`Faults::clear`] ends everything but cut connections.
#[derive(Clone, Debug)]
pub struct Faults {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    store: Store,
    /// Whether connections are accepted.
    door: watch::Sender<bool>,
    /// Whether there is a listening socket.
    listening: watch::Sender<bool>,
    /// Whether nothing is sent any more.
    silent: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct State {
    denied: Vec<Denial>,
    rules: Vec<Rule>,
    /// Cancelled to cut every connection of its time.
    cut: CancellationToken,
    next_id: u64,
}

#[derive(Debug)]
struct Denial {
    resource: String,
    message: String,
}

/// Names one injected failure, to count its victims or to end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultId(u64);

impl Faults {
    pub(crate) fn new(store: Store) -> Self {
        let inner = Inner {
            state: Mutex::default(),
            store,
            door: watch::Sender::new(true),
            listening: watch::Sender::new(true),
            silent: watch::Sender::new(false),
        };
        Faults { inner: Arc::new(inner) }
    }

    /// From now on, `effect` happens to the requests that match, so many times. Of several injected failures the
    /// first that matches and is not used up is taken.
    pub fn inject(&self, matching: Matching, effect: Effect, times: Times) -> FaultId {
        let mut state = self.lock();
        state.next_id += 1;
        let id = state.next_id;
        state.rules.push(Rule::new(id, matching, effect, times));
        FaultId(id)
    }

    /// How many requests an injected failure has met so far; 0 after its removal.
    pub fn hits(&self, id: FaultId) -> u64 {
        self.lock().rules.iter().find(|rule| rule.id == id.0).map_or(0, |rule| rule.hits)
    }

    /// Ends one injected failure.
    pub fn remove(&self, id: FaultId) {
        self.lock().rules.retain(|rule| rule.id != id.0);
    }

    /// Ends every failure: injected ones, refused creations, the shut door, the silence.
    pub fn clear(&self) {
        let mut state = self.lock();
        state.rules.clear();
        state.denied.clear();
        drop(state);
        self.accept_connections();
        self.speak();
    }

    /// Closes the listening socket: new connections are refused by the system. Open ones live on.
    pub fn refuse_connections(&self) {
        self.inner.door.send_replace(false);
    }

    /// Listens again, on the same address.
    pub fn accept_connections(&self) {
        self.inner.door.send_replace(true);
    }

    /// Cuts every open connection, as when the API server is killed: no last chunk, no close frame.
    pub fn cut_connections(&self) {
        let old = std::mem::take(&mut self.lock().cut);
        old.cancel();
    }

    /// Nothing is sent any more, on old connections and new ones; they stay open.
    pub fn fall_silent(&self) {
        self.inner.silent.send_replace(true);
    }

    /// Ends [`Faults::fall_silent`]: what was held back is sent.
    pub fn speak(&self) {
        self.inner.silent.send_replace(false);
    }

    /// Forgets all past changes: watches from older versions get 410. Open watches go on.
    pub fn compact(&self) {
        self.inner.store.compact();
    }

    /// As a restart of the API server: connections are refused for a moment and cut, and every version that was
    /// given out before is too old to watch from, even the newest. Objects and pods stay. Returns when the API
    /// accepts connections again (or, if another program has taken the address meanwhile, after some seconds).
    pub async fn restart(&self) {
        self.refuse_connections();
        self.until_listening(false).await;
        self.cut_connections();
        self.inner.store.forget_history();
        tokio::time::sleep(RESTART_PAUSE).await;
        self.accept_connections();
        self.until_listening(true).await;
    }

    async fn until_listening(&self, wanted: bool) {
        let mut listening = self.inner.listening.subscribe();
        let reached = listening.wait_for(|listening| *listening == wanted);
        if tokio::time::timeout(DOOR_TIMEOUT, reached).await.is_err() {
            tracing::warn!(wanted, "the API's listening socket did not follow");
        }
    }

    /// From now on, every creation of `resource` (its plural name, such as `jobs`) is refused as by a quota:
    /// 403 `jobs.batch "x" is forbidden: MESSAGE`. The cluster's own controllers are refused as well.
    pub fn deny_create(&self, resource: &str, message: &str) {
        let denial = Denial { resource: resource.to_owned(), message: message.to_owned() };
        self.lock().denied.push(denial);
    }

    /// Ends every refusal of [`Faults::deny_create`].
    pub fn allow_create(&self) {
        self.lock().denied.clear();
    }

    /// What admission says to a new object.
    pub(crate) fn admit(&self, kind: Kind, object: &Value) -> Result<(), StatusError> {
        let state = self.lock();
        let Some(denial) = state.denied.iter().find(|denial| denial.resource == kind.info().plural) else {
            return Ok(());
        };
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        Err(StatusError::forbidden(kind, name, &denial.message))
    }

    /// The failure that a request is to meet, if any; counts it.
    pub(crate) fn strike(&self, request: &crate::api::RequestInfo) -> Option<Effect> {
        self.lock().rules.iter_mut().find_map(|rule| rule.strike(request))
    }

    /// Whether the door is open, now and later.
    pub(crate) fn door(&self) -> watch::Receiver<bool> {
        self.inner.door.subscribe()
    }

    /// Tells whether there is a listening socket.
    pub(crate) fn set_listening(&self, listening: bool) {
        self.inner.listening.send_replace(listening);
    }

    /// Whether silence reigns, now and later.
    pub(crate) fn silence(&self) -> watch::Receiver<bool> {
        self.inner.silent.subscribe()
    }

    /// Cancelled when the connections that are open now are to be cut.
    pub(crate) fn cut_signal(&self) -> CancellationToken {
        self.lock().cut.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns once `silent` is false.
pub(crate) async fn until_speech(silent: &mut watch::Receiver<bool>) {
    // An error means that the cluster is gone; then the connection is about to go too.
    let _ = silent.wait_for(|silent| !silent).await;
}
