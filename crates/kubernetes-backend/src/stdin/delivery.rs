//! Who delivers a job's standard input, and what became of that: an annotation of the Job.
//!
//! A container's standard input can be written once: the first attach that ends closes it. Several plugins may watch the
//! same namespace, and any of them may be restarted between container start and delivery. So the plugin that made the
//! job has the claim from the start, another may take it over where that one stays away, and that it is begun is written
//! down before the first byte: a plugin that is restarted in the middle knows that the job may have got a part only.

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
    /// A plugin does it.
    Begun {
        /// Which.
        by: String,
        /// How much there is to deliver.
        bytes: u64,
    },
    /// It is done, or the job did not want more of it.
    Done,
    /// It can't be done any more.
    Cut(Cut),
}

/// Why a job did not get all of its standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "lowercase")]
pub enum Cut {
    /// The plugin ended in the middle. How far it had come is not known.
    Restart {
        /// How much there was to deliver.
        bytes: u64,
    },
    /// The connection to the container broke.
    Connection {
        /// How much was written; not all of it may have arrived.
        sent: u64,
        /// How much there was to deliver.
        bytes: u64,
    },
    /// It was kept in a file that is gone.
    Lost,
}

impl Delivery {
    /// Reads the annotation; one that can't be read is none.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The annotation's value.
    pub fn write(&self) -> String {
        serde_json::to_value(self).map(|v| v.to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_read_as_it_was_written() {
        let by = || "a\"b".to_owned();
        for (delivery, text) in [
            (Delivery::Claimed { by: by() }, r#"{"state":"claimed","by":"a\"b"}"#),
            (Delivery::Begun { by: by(), bytes: 7 }, r#"{"state":"begun","by":"a\"b","bytes":7}"#),
            (Delivery::Done, r#"{"state":"done"}"#),
            (Delivery::Cut(Cut::Restart { bytes: 7 }), r#"{"state":"cut","why":"restart","bytes":7}"#),
            (
                Delivery::Cut(Cut::Connection { sent: 3, bytes: 7 }),
                r#"{"state":"cut","why":"connection","sent":3,"bytes":7}"#,
            ),
            (Delivery::Cut(Cut::Lost), r#"{"state":"cut","why":"lost"}"#),
        ] {
            assert_eq!(delivery.write(), text);
            assert_eq!(Delivery::read(text), Some(delivery));
        }
        assert_eq!(Delivery::read("true"), None);
    }
}
