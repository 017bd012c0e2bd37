//! What a user asked for, and the plugin that took the request has not carried out: it may have ended in between.

use std::time::Duration;

use jiff::Timestamp;
use launcher_api::JobTime;

use crate::lifecycle::Intent;

/// How long the plugin that owes it is waited for: longer than a request may take.
const OVERDUE: Duration = Duration::from_secs(60);

/// Whether something is owed to a job, and this plugin has to see to it.
#[derive(Debug, Default)]
pub(super) struct Debt {
    /// The request that was already there when this plugin began.
    from_before: Option<JobTime>,
    /// The request that is being carried out.
    asked: Option<JobTime>,
}

impl Debt {
    /// For a job that is seen for the first time.
    pub(super) fn of(intent: Option<&Intent>) -> Self {
        let from_before = intent.filter(|i| i.owed_by.is_some()).map(|i| i.time);
        Self { from_before, asked: None }
    }

    /// Whether `plugin` has to carry out `intent` now. Says so once.
    pub(super) fn is_due(&mut self, intent: &Intent, plugin: &str, now: Timestamp) -> bool {
        let Some(by) = &intent.owed_by else { return false };
        let from_before = by == plugin && self.from_before == Some(intent.time);
        let since = intent.time.timestamp();
        let overdue = now > since && now.duration_since(since).unsigned_abs() > OVERDUE;
        if self.asked == Some(intent.time) || !(from_before || overdue) {
            return false;
        }
        self.asked = Some(intent.time);
        true
    }

    /// It was tried, to no avail.
    pub(super) fn undone(&mut self) {
        self.asked = None;
    }
}
