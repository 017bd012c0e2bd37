//! Failures on demand: what a cluster does on its bad days, switched on by a test while it runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::{kind::Kind, status_error::StatusError};

/// The switchboard of failures. Clones act on the same cluster.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    denied: Vec<Denial>,
}

#[derive(Debug)]
struct Denial {
    resource: String,
    message: String,
}

impl Faults {
    /// From now on, every creation of `resource` (its plural name, such as `jobs`) is refused as by a quota:
    /// 403 `jobs.batch "x" is forbidden: MESSAGE`. Also the cluster's own controllers are refused.
    pub fn deny_create(&self, resource: &str, message: &str) {
        let denial = Denial { resource: resource.to_owned(), message: message.to_owned() };
        self.lock().denied.push(denial);
    }

    /// Ends every refusal of [`Faults::deny_create`].
    pub fn allow_create(&self) {
        self.lock().denied.clear();
    }

    pub(crate) fn admit(&self, kind: Kind, object: &Value) -> Result<(), StatusError> {
        let state = self.lock();
        let Some(denial) = state.denied.iter().find(|denial| denial.resource == kind.info().plural) else {
            return Ok(());
        };
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        Err(StatusError::forbidden(kind, name, &denial.message))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
