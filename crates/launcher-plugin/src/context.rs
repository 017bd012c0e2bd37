//! What the handlers of requests need.

use std::sync::Arc;

use crate::PluginOptions;
use crate::outbox::Outbox;
use crate::table::Jobs;

/// Shared by all that a session does.
#[derive(Debug)]
pub(crate) struct Context<B> {
    pub(crate) backend: Arc<B>,
    pub(crate) options: Arc<PluginOptions>,
    pub(crate) jobs: Jobs,
    pub(crate) outbox: Outbox,
}

impl<B> Clone for Context<B> {
    fn clone(&self) -> Self {
        Self {
            backend: Arc::clone(&self.backend),
            options: Arc::clone(&self.options),
            jobs: self.jobs.clone(),
            outbox: self.outbox.clone(),
        }
    }
}
