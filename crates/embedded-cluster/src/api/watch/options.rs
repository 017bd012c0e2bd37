//! What a watch is asked for.

use std::time::Duration;

use super::super::query::Query;
use crate::{
    identifiers,
    release::Release,
    status_error::{Cause, Reason, StatusError},
};

/// The shortest time that a watch without `timeoutSeconds` lasts; at most twice that.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(1800);

/// Where a watch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// With all objects as they are, then what follows.
    Everything,
    /// With all objects, and a bookmark after them if bookmarks are allowed.
    EverythingAndMark,
    /// After this version.
    After(u64),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct WatchOptions {
    pub(super) start: Start,
    pub(super) bookmarks: bool,
    pub(super) timeout: Duration,
}

impl WatchOptions {
    pub(super) fn read(query: &Query, release: Release) -> Result<Self, StatusError> {
        let version = match query.get("resourceVersion") {
            None => None,
            Some(text) => Some(text.parse::<u64>().map_err(|_| invalid_version(text))?),
        };
        let matching = query.get("resourceVersionMatch");
        let start = if query.flag("sendInitialEvents") {
            if !release.has_watch_lists() {
                return Err(forbidden_option(
                    "sendInitialEvents",
                    "Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled",
                ));
            }
            if matching != Some("NotOlderThan") {
                return Err(forbidden_option(
                    "resourceVersionMatch",
                    "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
                ));
            }
            Start::EverythingAndMark
        } else if matching.is_some() && query.given("sendInitialEvents").is_none() {
            return Err(forbidden_option(
                "resourceVersionMatch",
                "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
            ));
        } else {
            match version {
                None | Some(0) => Start::Everything,
                Some(version) => Start::After(version),
            }
        };
        Ok(WatchOptions { start, bookmarks: query.flag("allowWatchBookmarks"), timeout: timeout(query) })
    }
}

fn timeout(query: &Query) -> Duration {
    match query.number("timeoutSeconds") {
        Some(seconds) if seconds > 0 => Duration::from_secs(seconds.unsigned_abs()),
        _ => {
            let [spread] = identifiers::random_bytes::<1>();
            DEFAULT_TIMEOUT + DEFAULT_TIMEOUT * u32::from(spread) / 256
        }
    }
}

/// 500 for a `resourceVersion` that is no number: what the API server says to a watch.
fn invalid_version(version: &str) -> StatusError {
    StatusError::new(500, Reason::Unknown, not_a_number(version))
}

pub(crate) fn not_a_number(version: &str) -> String {
    format!(
        "resourceVersion: Invalid value: \"{version}\": strconv.ParseUint: parsing \"{version}\": invalid syntax"
    )
}

fn forbidden_option(field: &str, text: &str) -> StatusError {
    let message = format!("ListOptions.meta.k8s.io \"\" is invalid: {field}: {text}");
    StatusError::new(422, Reason::Invalid, message)
        .with_detail("group", "meta.k8s.io".into())
        .with_detail("kind", "ListOptions".into())
        .with_cause(Cause {
            reason: "FieldValueForbidden",
            message: text.to_owned(),
            field: field.to_owned(),
        })
}
