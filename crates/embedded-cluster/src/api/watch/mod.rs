//! Watches: a stream of changes, one JSON object a line.

mod compress;
mod events;
mod options;
mod stream;

use http::{HeaderMap, Response};

pub(super) use self::options::not_a_number;
use self::{
    options::{Start, WatchOptions},
    stream::WatchStream,
};
use super::{
    Api, accept,
    query::Query,
    response::{self, Body},
    selectors::Selection,
};
use crate::{kind::Kind, status_error::StatusError};

impl Api {
    /// `GET` of a collection with `watch=true`.
    ///
    /// # Errors
    /// 400 and 422 for queries that make no sense. A version that is too old is no error here: it becomes an
    /// `ERROR` event.
    pub(super) fn watch(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        query: &Query,
        headers: &HeaderMap,
    ) -> Result<Response<Body>, StatusError> {
        let form = accept::form(headers)?;
        let selection = Selection::read(kind, namespace, query)?;
        let options = WatchOptions::read(query, self.settings.release)?;
        let store = self.registry.store();
        let stream = WatchStream::open(store, kind, namespace, selection, &options, form, query)
            .bookmarks_every(self.settings.bookmark_interval);
        let pieces = stream.into_stream();
        // Only the initial events are worth it: a plain watch is never compressed.
        if options.start == Start::EverythingAndMark && response::accepts_gzip(headers) {
            let mut answer = response::stream("application/json", compress::pieces(pieces));
            response::mark_gzip(&mut answer);
            return Ok(answer);
        }
        Ok(response::stream("application/json", pieces))
    }
}

/// A watch that fails at once, as for an expired version.
pub(super) fn failed(error: &StatusError) -> Response<Body> {
    let event = events::error(error);
    response::stream("application/json", futures::stream::iter([Ok(event)]))
}
