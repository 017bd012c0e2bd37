//! What administrators say of jobs: profiles and templates, swapped together when they are read again.

use std::sync::{Arc, PoisonError, RwLock};

use crate::profiles::ProfilesInUse;
use crate::templates::{NoTemplates, ObjectTemplates};

/// The rules at one moment. Templates read what profiles give them, so that a job is made by both of one moment.
pub struct Rules {
    /// What is allowed and preset for whom.
    pub profiles: Arc<ProfilesInUse>,
    /// What makes objects; nothing as long as there were no usable ones.
    pub templates: Result<ObjectTemplates, NoTemplates>,
}

/// A place that holds the present rules. Cheap to clone; all clones are the same place.
#[derive(Clone)]
pub struct RulesInUse(Arc<RwLock<Arc<Rules>>>);

impl RulesInUse {
    /// A place that holds these.
    pub fn new(rules: Rules) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(rules))))
    }

    /// The present ones: whoever has them is not touched by a reload.
    pub fn get(&self) -> Arc<Rules> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts others in their place.
    pub fn replace(&self, rules: Rules) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
    }
}
