//! Whether the cluster can tell standard output and standard error apart.

use std::sync::Arc;

use serde::Deserialize;
use tokio::sync::OnceCell;

use crate::annotation;
use crate::client::{ApiClient, Call, FailureKind, Resource, Verb};

/// What the cluster can do; found out once, with the first log that is read.
#[derive(Clone, Debug, Default)]
pub struct SplitStreams {
    found: Arc<OnceCell<Split>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// All is one stream.
    Mixed,
    /// The log's parameter `stream` works.
    Apart,
}

#[derive(Deserialize)]
struct Version {
    major: String,
    minor: String,
}

impl SplitStreams {
    /// Asks the cluster, unless it is known. A cluster that fails now is asked again with the next log.
    pub(super) async fn of(&self, client: &ApiClient, pod: &str) -> Split {
        let found = self.found.get_or_try_init(|| async { probe(client, pod).await.ok_or(()) }).await;
        found.copied().unwrap_or(Split::Mixed)
    }
}

/// Before 1.32 the parameter was unknown, and silently ignored.
async fn probe(client: &ApiClient, pod: &str) -> Option<Split> {
    let version: Version = client.read(&Call::new(Verb::Get, Resource::Version)).await.ok()?;
    if !knows_streams(&version) {
        return Some(Split::Mixed);
    }
    let call = Call::get(Resource::PodLog, pod)
        .with("container", annotation::MAIN_CONTAINER)
        .with("stream", "Stdout")
        .with("limitBytes", "1");
    match client.call(&call).await {
        Ok(_) => Some(Split::Apart),
        Err(failure) => match failure.kind {
            FailureKind::Invalid { causes, .. } if causes.iter().any(|c| c.field == "stream") => {
                Some(Split::Mixed)
            }
            _ => None,
        },
    }
}

fn knows_streams(version: &Version) -> bool {
    let number = |text: &str| {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().unwrap_or(0)
    };
    (number(&version.major), number(&version.minor)) >= (1, 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_is_believed_from_1_32_on() {
        for (major, minor, knows) in [
            ("1", "30", false),
            ("1", "31+", false),
            ("1", "32", true),
            ("1", "37+", true),
            ("2", "0", true),
            ("", "", false),
        ] {
            let version = Version { major: major.to_owned(), minor: minor.to_owned() };
            assert_eq!(knows_streams(&version), knows, "{major}.{minor}");
        }
    }
}
