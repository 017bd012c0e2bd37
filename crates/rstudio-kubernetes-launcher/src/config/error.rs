//! What is wrong with a configuration, in the words of who can mend it.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::{FileLine, Origin};
use crate::api_url::ApiUrlError;
use crate::certificate::CertificateError;
use crate::option::{self, kind::Refusal};
use crate::profiles::ProfileError;

/// One mistake in the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A flag without its value.
    #[error("command line: '--{name}' needs a value")]
    FlagWithoutValue {
        /// The flag.
        name: &'static str,
    },
    /// A flag twice.
    #[error("command line: '--{name}' is given twice")]
    FlagTwice {
        /// The flag.
        name: &'static str,
    },
    /// A word that is no flag and no flag's value.
    #[error("command line: unexpected '{argument}'")]
    Argument {
        /// The word.
        argument: String,
    },
    /// An argument that is not UTF-8.
    #[error("command line: '{argument}' is not valid UTF-8")]
    ArgumentNotText {
        /// The argument, with a mark for each wrong byte.
        argument: String,
    },
    /// A shell without a completion script.
    #[error("command line: no completion script for '{shell}'")]
    Shell {
        /// The shell.
        shell: String,
    },
    /// A command on the templates of one cluster, where there are several.
    #[error("launcher.conf has several clusters of this program: '{names}'")]
    SeveralClusters {
        /// Their names.
        names: String,
    },
    /// A value that its option does not take.
    #[error("{origin}: wrong value{} for '{name}': {refusal}", Quoted(.value.as_deref()))]
    Value {
        /// Where it stands.
        origin: Origin,
        /// The option.
        name: &'static str,
        /// The value; `None` if it is a secret.
        value: Option<String>,
        /// Why, and what would be taken.
        refusal: Refusal,
    },
    /// The configuration file cannot be read.
    #[error("cannot read the configuration file '{}': {cause}", path.display())]
    FileUnreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A line that is not UTF-8.
    #[error("{place}: the line is not valid UTF-8")]
    NotText {
        /// The line.
        place: FileLine,
    },
    /// A line that is neither `name=value` nor blank.
    #[error("{place}: '{text}' is not of the form name=value")]
    NoEquals {
        /// The line.
        place: FileLine,
        /// What stands there.
        text: String,
    },
    /// A section, which this file does not have.
    #[error("{place}: this file has no sections such as '{section}'")]
    Section {
        /// The line.
        place: FileLine,
        /// What stands there.
        section: String,
    },
    /// A name that no option has.
    #[error("{place}: unknown option '{name}'")]
    UnknownOption {
        /// The line.
        place: FileLine,
        /// What stands there.
        name: String,
    },
    /// An option twice in the file.
    #[error("{place}: '{name}' was already set in line {first}")]
    OptionTwice {
        /// The second line.
        place: FileLine,
        /// The option.
        name: &'static str,
        /// The first line.
        first: usize,
    },
    /// An option that belongs on the command line.
    #[error("{place}: '{name}' can be set on the command line only")]
    FlagOnly {
        /// The line.
        place: FileLine,
        /// The option.
        name: &'static str,
    },
    /// No address of the API server.
    #[error("'api-url' is not set, and this process does not run in a Kubernetes pod")]
    NoApiUrl {
        /// The file in which to set it.
        config_file: PathBuf,
    },
    /// The address that Kubernetes announced makes no sense.
    #[error(
        "KUBERNETES_SERVICE_HOST '{host}' and KUBERNETES_SERVICE_PORT '{port}' do not make an address: {cause}"
    )]
    InClusterAddress {
        /// `$KUBERNETES_SERVICE_HOST`.
        host: String,
        /// `$KUBERNETES_SERVICE_PORT`.
        port: String,
        /// Why.
        cause: ApiUrlError,
    },
    /// No token.
    #[error("neither 'auth-token-path' nor 'auth-token' is set{}", Tried(.tried.as_deref()))]
    NoToken {
        /// The file in which to set one.
        config_file: PathBuf,
        /// The service account's token file, in a pod.
        tried: Option<PathBuf>,
    },
    /// Two tokens.
    #[error("{path_origin}: 'auth-token-path' is set, and so is 'auth-token' ({token_origin})")]
    TwoTokens {
        /// Where the file is named.
        path_origin: Origin,
        /// Where the token stands.
        token_origin: Origin,
    },
    /// The token file is not there.
    #[error("{origin}: the token file '{}' does not exist", path.display())]
    TokenFileMissing {
        /// Where it is named.
        origin: Origin,
        /// The file.
        path: PathBuf,
    },
    /// The certificate authority that Kubernetes mounted cannot be used.
    #[error("cannot use the pod's certificate authority '{}': {cause}", path.display())]
    InClusterAuthority {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: InClusterAuthorityError,
    },
    /// A mistake in the profiles file.
    #[error(transparent)]
    Profile(#[from] ProfileError),
}

/// Why the certificate authority that Kubernetes mounts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InClusterAuthorityError {
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// It holds no certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

impl ConfigError {
    /// What to do, where the message does not say so already.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::FlagWithoutValue { name } => Some(format!("write '--{name}=VALUE'")),
            Self::FlagTwice { .. } => Some("keep one of them".to_owned()),
            Self::Argument { .. } => Some("every option begins with '--': see '--help'".to_owned()),
            Self::Shell { .. } => Some("use bash, zsh or fish".to_owned()),
            Self::SeveralClusters { .. } => {
                Some("choose one with --plugin-name, or name its folder with --scratch-path".to_owned())
            }
            Self::Value { name, .. } => option::find(name)
                .and_then(option::AnyOption::fixed_default)
                .map(|default| format!("or remove it for the default, '{default}'")),
            Self::FileUnreadable { .. } => {
                Some("give the user that starts the plugin the right to read it".to_owned())
            }
            Self::NoEquals { .. } | Self::NotText { .. } => {
                Some("correct the line, or put a '#' before it".to_owned())
            }
            Self::Section { .. } => Some("remove the line; every option stands by itself".to_owned()),
            Self::UnknownOption { name, .. } => Some(match option::nearest_name(name) {
                Some(near) => format!("did you mean '{near}'?"),
                None => "'--help' lists every option".to_owned(),
            }),
            Self::OptionTwice { .. } => Some("remove one of the two lines".to_owned()),
            Self::FlagOnly { name, .. } => Some(format!("remove the line and start with '--{name}=…'")),
            Self::NoApiUrl { config_file } => Some(format!(
                "set it in '{}', for example api-url=https://192.168.99.100:8443",
                config_file.display()
            )),
            Self::NoToken { config_file, .. } => Some(format!(
                "write the token of the job-launcher service account to a file that only the server-user can read, \
                 and set auth-token-path to it in '{}'",
                config_file.display()
            )),
            Self::TwoTokens { .. } => Some("remove one of the two, best auth-token".to_owned()),
            Self::TokenFileMissing { .. } => Some(
                "write the token of the job-launcher service account there, or correct the path".to_owned(),
            ),
            Self::InClusterAuthority { .. } => {
                Some("set certificate-authority to the authority to use, in Base64".to_owned())
            }
            Self::Profile(error) => error.help(),
            Self::InClusterAddress { .. } => Some("set api-url to the address of the API server".to_owned()),
            Self::ArgumentNotText { .. } => None,
        }
    }

    /// Where the mistake stands, if it stands anywhere.
    fn origin(&self) -> Option<Origin> {
        match self {
            Self::FlagWithoutValue { .. }
            | Self::FlagTwice { .. }
            | Self::Argument { .. }
            | Self::ArgumentNotText { .. }
            | Self::Shell { .. }
            | Self::SeveralClusters { .. } => Some(Origin::CommandLine),
            Self::Value { origin, .. }
            | Self::TwoTokens { path_origin: origin, .. }
            | Self::TokenFileMissing { origin, .. } => Some(origin.clone()),
            Self::NotText { place }
            | Self::NoEquals { place, .. }
            | Self::Section { place, .. }
            | Self::UnknownOption { place, .. }
            | Self::OptionTwice { place, .. }
            | Self::FlagOnly { place, .. } => Some(Origin::File(place.clone())),
            Self::FileUnreadable { .. }
            | Self::NoApiUrl { .. }
            | Self::InClusterAddress { .. }
            | Self::NoToken { .. }
            | Self::InClusterAuthority { .. } => None,
            Self::Profile(error) => error.place().cloned().map(Origin::File),
        }
    }
}

/// All that is wrong with a configuration, in this order: command line, configuration file, profiles
/// file, what stands nowhere.
#[derive(Debug)]
pub struct ConfigErrors(Vec<ConfigError>);

impl ConfigErrors {
    pub(crate) fn new(mut errors: Vec<ConfigError>) -> Self {
        errors.sort_by_key(|error| {
            let origin = error.origin();
            let part = match (error, &origin) {
                (_, Some(Origin::CommandLine)) => 0,
                (ConfigError::Profile(_), _) => 2,
                (_, Some(Origin::File(_))) => 1,
                (_, None) => 3,
            };
            (part, origin)
        });
        Self(errors)
    }

    /// Each mistake.
    #[must_use]
    pub fn all(&self) -> &[ConfigError] {
        &self.0
    }
}

/// A value in quotes, cut to what fits in a line.
struct Quoted<'a>(Option<&'a str>);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 60;
        match self.0 {
            None => Ok(()),
            Some(value) if value.chars().count() <= SHOWN => write!(f, " '{value}'"),
            Some(value) => {
                let start: String = value.chars().take(SHOWN).collect();
                write!(f, " '{start}…'")
            }
        }
    }
}

/// The service account's token file that was looked for.
struct Tried<'a>(Option<&'a std::path::Path>);

impl fmt::Display for Tried<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => Ok(()),
            Some(path) => write!(f, ", and the pod's token '{}' does not exist", path.display()),
        }
    }
}
