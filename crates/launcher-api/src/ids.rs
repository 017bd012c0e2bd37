//! Names and numbers that must not be swapped for one another.

use std::borrow::Borrow;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Defines a text newtype; `$clean` turns the given text into the text kept.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $clean:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(
            #[serde(deserialize_with = "deserialize_clean::<_, Self>", serialize_with = "serialize_text")] String,
        );

        impl $name {
            /// The text as it is written on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// True for the empty text, which stands for "none" on the wire.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }

            /// Gives the text away.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                let clean: fn(String) -> String = $clean;
                Self(clean(text))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::from(text.to_owned())
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(text: &str) -> Result<Self, Infallible> {
                Ok(Self::from(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

text_id!(
    /// The id of a job, unique in its cluster and given by the plugin. Ordered bytewise, as lists of jobs are.
    JobId,
    std::convert::identity
);

text_id!(
    /// The name of a user who owns jobs.
    ///
    /// White space around it is cut, as the Launcher's own SDK does; case counts. The user need not exist on this machine.
    Username,
    trimmed
);

text_id!(
    /// The name of a cluster as it stands in the Launcher's configuration.
    ClusterName,
    std::convert::identity
);

fn trimmed(text: String) -> String {
    let inside = text.trim();
    if inside.len() == text.len() { text } else { inside.to_owned() }
}

fn deserialize_clean<'de, D, Id>(deserializer: D) -> Result<String, D::Error>
where
    D: serde::Deserializer<'de>,
    Id: From<String> + AsRef<str>,
{
    String::deserialize(deserializer).map(|text| Id::from(text).as_ref().to_owned())
}

fn serialize_text<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

/// The number of a request, given by the sender and repeated in its answers.
///
/// Bootstrap and heartbeats use 0. A cancel repeats the number of the stream that it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub u64);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<u64> for RequestId {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_has_no_white_space_around_it_however_it_is_made() {
        assert_eq!(Username::from(" mara\t").as_str(), "mara");
        let read: Username = serde_json::from_str("\"  mara \"").unwrap();
        assert_eq!(read, Username::from("mara"));
    }

    #[test]
    fn a_job_id_is_kept_as_it_came() {
        assert_eq!(JobId::from(" 7 ").as_str(), " 7 ");
    }
}
