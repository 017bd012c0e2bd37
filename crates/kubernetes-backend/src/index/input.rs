//! A job's standard input, as the index sees it: who has to deliver it, and when another has to step in.

use std::time::Duration;

use crate::annotation;
use crate::observed::JobObject;
use crate::stdin::{Cut, Delivery, IfMissing};

/// How long another plugin that has claimed a delivery is waited for once the container runs.
const TAKE_OVER: Duration = Duration::from_secs(20);
/// How long a plugin that keeps a standard input in its scratch path is waited for, likewise.
const LOST: Duration = Duration::from_secs(15 * 60);

/// The state of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// There is none, or what became of it is known.
    Settled,
    /// It waits for its container; the plugin that has claimed it.
    Waiting { by: Option<String> },
    /// A plugin has begun to deliver it. If that is this one, it was so before a restart.
    Begun { by: String, bytes: u64 },
    /// This plugin is delivering it.
    Asked,
    /// Another plugin keeps it in its scratch path, and has not delivered it in time.
    Elsewhere,
}

impl Input {
    /// What the Job says.
    pub(super) fn of(object: &JobObject) -> Self {
        match object.metadata.annotation(annotation::STDIN_DELIVERY).and_then(Delivery::read) {
            Some(Delivery::Done | Delivery::Cut(_)) => Self::Settled,
            Some(Delivery::Begun { by, bytes }) => Self::Begun { by, bytes },
            Some(Delivery::Claimed { by }) => Self::Waiting { by: Some(by) },
            None => Self::Waiting { by: None },
        }
    }

    /// The Job has changed.
    pub(super) fn seen_again(&mut self, object: &JobObject) {
        match (&self, Self::of(object)) {
            (Self::Settled, _) => {}
            (_, Self::Settled) => *self = Self::Settled,
            // What this plugin is doing it knows better. A Job that waits for another plugin waits on until that begins.
            (Self::Asked, _) | (Self::Elsewhere, Self::Waiting { .. }) => {}
            (_, told) => *self = told,
        }
    }

    /// Whether this plugin has to deliver it now, to a container that has run for so long.
    pub(super) fn is_due(&self, plugin: &str, running_for: Duration) -> Option<IfMissing> {
        let due = match self {
            Self::Settled | Self::Asked => false,
            Self::Waiting { by } => by.as_deref() == Some(plugin) || running_for > TAKE_OVER,
            // Another one that is restarted sees to it itself; and if it is not, the input ended with its connection.
            Self::Begun { by, .. } => by == plugin,
            Self::Elsewhere => running_for > LOST,
        };
        let if_missing = if running_for > LOST { IfMissing::Close } else { IfMissing::Wait };
        due.then_some(if_missing)
    }

    /// Whether someone is delivering it now, as far as is known: this plugin, or another that has begun.
    pub(super) fn is_under_way(&self, plugin: &str) -> bool {
        match self {
            Self::Asked => true,
            Self::Begun { by, .. } => by != plugin,
            Self::Settled | Self::Waiting { .. } | Self::Elsewhere => false,
        }
    }

    /// What became of a delivery that `plugin` began before it was restarted.
    pub(super) fn cut_by_restart_of(&self, plugin: &str) -> Option<Cut> {
        self.cut_by_restart().filter(|_| !self.is_under_way(plugin))
    }

    /// What a job that is over got, where nobody has written down how its delivery ended.
    pub(super) fn cut_by_restart(&self) -> Option<Cut> {
        match self {
            Self::Begun { bytes, .. } => Some(Cut::Restart { bytes: *bytes }),
            _ => None,
        }
    }
}
