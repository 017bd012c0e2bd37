//! The HTTP API: paths, verbs, content types, `Status` errors.
//!
//! A request goes through the same stations as in the real API server: failures on demand, authentication,
//! authorization (before anything is looked up), then its handler.

mod accept;
mod body;
mod create;
mod decode;
mod delete;
mod discovery;
mod handle;
mod list;
mod patch;
mod query;
mod read;
mod request_info;
mod response;
mod selectors;
mod serve;
mod table;
mod update;
mod watch;
mod write_options;

use std::{sync::Arc, time::Duration};

pub(crate) use self::{request_info::RequestInfo, response::Body, serve::serve};
use crate::{
    auth::{Authorizer, Tokens},
    faults::Faults,
    node::Streams,
    registry::Registry,
};

/// All that a request can reach.
pub(crate) struct Api {
    registry: Registry,
    tokens: Tokens,
    authorizer: Authorizer,
    streams: Arc<dyn Streams>,
    faults: Faults,
    bookmark_interval: Duration,
}

impl Api {
    pub(crate) fn new(
        registry: Registry,
        tokens: Tokens,
        streams: Arc<dyn Streams>,
        faults: Faults,
        bookmark_interval: Duration,
    ) -> Self {
        let authorizer = Authorizer::new(registry.store().clone());
        Api { registry, tokens, authorizer, streams, faults, bookmark_interval }
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }
}
