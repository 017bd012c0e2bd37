//! The HTTP API.

mod serve;

use std::{sync::Arc, time::Duration};

pub(crate) use self::serve::serve;
use crate::{
    auth::{Authorizer, Tokens},
    node::Streams,
    registry::Registry,
};

/// All that a request can reach.
pub(crate) struct Api {
    registry: Registry,
    tokens: Tokens,
    authorizer: Authorizer,
    streams: Arc<dyn Streams>,
    bookmark_interval: Duration,
}

impl Api {
    pub(crate) fn new(
        registry: Registry,
        tokens: Tokens,
        streams: Arc<dyn Streams>,
        bookmark_interval: Duration,
    ) -> Self {
        let authorizer = Authorizer::new(registry.store().clone());
        Api { registry, tokens, authorizer, streams, bookmark_interval }
    }
}
