//! The templates in use: swapped whole when they are reloaded.

use std::sync::{Arc, PoisonError, RwLock};

use super::ObjectTemplates;

/// A place that holds the present templates. Cheap to clone; all clones are the same place.
#[derive(Clone, Debug)]
pub struct TemplatesInUse(Arc<RwLock<Result<ObjectTemplates, NoTemplates>>>);

/// There were no usable templates yet. The log says what is wrong with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the object templates of this cluster are not valid; its administrator finds the reason in the plugin's log"
)]
pub struct NoTemplates;

impl TemplatesInUse {
    /// A place that holds these.
    pub fn new(templates: Result<ObjectTemplates, NoTemplates>) -> Self {
        Self(Arc::new(RwLock::new(templates)))
    }

    /// The present ones: what is rendered with them is not touched by a reload.
    ///
    /// # Errors
    /// There are none.
    pub fn get(&self) -> Result<ObjectTemplates, NoTemplates> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts others in their place.
    pub fn replace(&self, templates: ObjectTemplates) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Ok(templates);
    }
}
