//! What is odd about a configuration, but does not keep the plugin from starting.

use std::path::PathBuf;

use super::{FileLine, Origin};
use crate::option;

/// One oddity in the configuration.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigWarning {
    /// A flag that this version does not know; newer Launchers may pass some.
    #[error("command line: unknown option '--{name}' is ignored")]
    UnknownFlag {
        /// The flag.
        name: String,
    },
    /// A file named on the command line is not there.
    #[error("command line: the configuration file '{}' does not exist, so nothing is read", path.display())]
    ConfigFileMissing {
        /// The file.
        path: PathBuf,
    },
    /// A token on the command line.
    #[error("command line: '--auth-token' shows the token to every user of this machine")]
    TokenOnCommandLine,
    /// Any certificate is taken.
    #[error(
        "{origin}: 'verify-ssl-certs' is off: whoever stands between this machine and the API server can read the \
         token"
    )]
    CertificatesNotVerified {
        /// Where it is set.
        origin: Origin,
    },
    /// The token goes over the network as plain text.
    #[error("{origin}: 'api-url' is not encrypted: whoever sees the network's traffic can read the token")]
    Unencrypted {
        /// Where it is set.
        origin: Origin,
    },
    /// Ended jobs vanish at once.
    #[error(
        "{origin}: 'job-expiry-hours' is 0: a job is removed the moment it ends, before anyone can look at its \
         output"
    )]
    ExpiryAtOnce {
        /// Where it is set.
        origin: Origin,
    },
    /// Several clusters keep their files in one place.
    #[error(
        "{origin}: 'scratch-path' is one for the clusters '{names}': they share their templates, and whatever else they \
         keep there"
    )]
    ScratchPathShared {
        /// Where it is set.
        origin: Origin,
        /// The clusters.
        names: String,
    },
    /// A group with a section of its own that could not be looked up.
    #[error("{place}: cannot find out whether there is a group '{group}': {cause}")]
    GroupNotLookedUp {
        /// The line.
        place: FileLine,
        /// The group.
        group: String,
        /// Why.
        cause: String,
    },
    /// An override removes what the plugin needs.
    #[error("{place}: 'job-json-overrides' takes away what the plugin needs by changing '{pointer}': {lost}")]
    OverrideLoses {
        /// The line.
        place: FileLine,
        /// What is changed.
        pointer: String,
        /// What is lost, in words.
        lost: &'static str,
    },
    /// Overrides do not go together with templates.
    #[error("{place}: 'job-json-overrides' has no effect while 'use-templating' is on")]
    OverridesIgnored {
        /// The line.
        place: FileLine,
    },
}

impl ConfigWarning {
    /// What to do, where there is something.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::UnknownFlag { name } => {
                option::nearest_name(name).map(|near| format!("did you mean '--{near}'?"))
            }
            Self::TokenOnCommandLine => Some("use auth-token-path".to_owned()),
            Self::CertificatesNotVerified { .. } => {
                Some("set certificate-authority instead, except for a trial".to_owned())
            }
            Self::Unencrypted { .. } => Some("use an https:// address".to_owned()),
            Self::OverrideLoses { .. } => {
                Some("change single fields, or give the value what is needed as well".to_owned())
            }
            Self::ScratchPathShared { .. } => Some(
                "remove it, so that each has a folder of its name, or give each a config-file in launcher.conf"
                    .to_owned(),
            ),
            Self::OverridesIgnored { .. } => Some("make the change in job.tpl instead".to_owned()),
            Self::ConfigFileMissing { .. } | Self::ExpiryAtOnce { .. } | Self::GroupNotLookedUp { .. } => {
                None
            }
        }
    }
}
