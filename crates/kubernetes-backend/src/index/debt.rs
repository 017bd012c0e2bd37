//! What a user asked for, and the plugin that took the request has not carried out: it may have ended in between.

use std::time::Duration;

use jiff::Timestamp;
use launcher_api::JobTime;

use crate::lifecycle::Intent;

/// This plugin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plugin<'a> {
    /// Its lasting name.
    pub(super) name: &'a str,
    /// When it began.
    pub(super) since: Timestamp,
}

/// How long the plugin that owes it is waited for: longer than a request may take.
const OVERDUE: Duration = Duration::from_secs(60);

/// Whether something is owed to a job, and this plugin has to see to it.
#[derive(Debug, Default)]
pub(super) struct Debt {
    /// The request that is being carried out.
    asked: Option<JobTime>,
}

impl Debt {
    /// Whether `plugin` has to carry out `intent` now. Says so once.
    pub(super) fn is_due(&mut self, intent: &Intent, plugin: Plugin<'_>, now: Timestamp) -> bool {
        let Some(by) = &intent.owed_by else { return false };
        let since = intent.time.timestamp();
        // A plugin has its name from a file of its machine: both times are of one clock.
        let from_before = by == plugin.name && since < plugin.since;
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
