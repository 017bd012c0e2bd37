//! Who delivers a job's standard input, and whether that is done: an annotation of the Job.
//!
//! A container's standard input can be written once: the first attach that ends closes it. Several plugins may watch the
//! same namespace, and any of them may be restarted between container start and delivery. So the plugin that made the
//! job has the claim from the start, another may take it over where that one stays away, and what is done is written down.

use serde::{Deserialize, Serialize};

/// The state of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Delivery {
    /// A plugin will do it.
    Claimed {
        /// Which.
        by: String,
    },
    /// It is done, or can't be any more.
    Done,
}

impl Delivery {
    /// Reads the annotation; one that can't be read is none.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The annotation's value.
    pub fn write(&self) -> String {
        match self {
            Self::Claimed { by } => serde_json::json!({ "state": "claimed", "by": by }),
            Self::Done => serde_json::json!({ "state": "done" }),
        }
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_read_as_it_was_written() {
        for delivery in [Delivery::Claimed { by: "a\"b".to_owned() }, Delivery::Done] {
            assert_eq!(Delivery::read(&delivery.write()), Some(delivery));
        }
        assert_eq!(Delivery::read("true"), None);
    }
}
