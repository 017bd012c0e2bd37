//! The kinds of values that options take: how each is read, shown and refused.

use std::path::{Path, PathBuf};
use std::time::Duration;

use kubernetes_backend::templates::TemplateVersion;
use kubernetes_backend::{CertificateAuthority, Secret};

use crate::api_url::{ApiUrl, ApiUrlError};
use crate::certificate::CertificateError;
use crate::logging::LogLevel;

/// How a value looks, for the documents and the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What stands for the value in `--help`, for example `SECONDS`.
    pub placeholder: &'static str,
    /// What a flag without a value means; `None` if it must have one.
    pub bare: Option<&'static str>,
    /// What an empty value means.
    pub blank: Blank,
}

/// What an empty value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    /// The same as not writing the option.
    Unset,
    /// A mistake.
    Refused,
}

/// A kind of values of type `T`.
pub struct Kind<T> {
    /// How values look.
    pub shape: Shape,
    parse: fn(&str) -> Result<T, Refusal>,
    /// The value as it would be written.
    pub show: fn(&T) -> String,
}

impl<T> Kind<T> {
    /// Reads a value; `None` is an empty one where that is allowed.
    ///
    /// # Errors
    /// Why the value is refused.
    pub fn read(&self, text: &str) -> Result<Option<T>, Refusal> {
        match (text.is_empty(), self.shape.blank) {
            (true, Blank::Unset) => Ok(None),
            (true, Blank::Refused) => Err(Refusal::Empty),
            (false, _) => (self.parse)(text).map(Some),
        }
    }
}

/// Why a value is refused. The text says what would be taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing after `=`.
    #[error("a value is missing")]
    Empty,
    /// Not one of the words for yes and no.
    #[error("use 1, true, yes or on; or 0, false, no or off")]
    Boolean,
    /// Not a whole number, or one outside the range.
    #[error("use a whole number from {least} to {most}")]
    Number {
        /// The smallest number allowed.
        least: u32,
        /// The greatest number allowed.
        most: u32,
    },
    /// Not a log level.
    #[error("use OFF, ERROR, WARNING, INFO or DEBUG (or 0 to 4)")]
    Level,
    /// A relative path.
    #[error("use an absolute path, one that begins with '/'")]
    RelativePath,
    /// A cluster name that could not be a folder's.
    #[error("a cluster name may hold neither '/' nor control characters, and may not be '.' or '..'")]
    ClusterName,
    /// A user name that no system has.
    #[error("a user name may hold neither white space nor ':' or '/'")]
    UserName,
    /// Not a version of templates.
    #[error("use one of {}", versions())]
    TemplateVersion,
    /// Not a namespace.
    #[error(
        "a namespace has at most 63 lower case letters, digits and '-', and begins and ends with a letter or digit"
    )]
    Namespace,
    /// White space or the like in a token.
    #[error("a token is one word of printable ASCII characters")]
    Token,
    /// Not the address of an API server.
    #[error(transparent)]
    ApiUrl(#[from] ApiUrlError),
    /// Not a certificate in Base64.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

const fn value(placeholder: &'static str, blank: Blank) -> Shape {
    Shape { placeholder, bare: None, blank }
}

/// Yes or no, in any of the words that Launchers write.
pub const BOOLEAN: Kind<bool> = Kind {
    shape: Shape { placeholder: "0|1", bare: Some("1"), blank: Blank::Refused },
    parse: |text| match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err(Refusal::Boolean),
    },
    show: |value| u8::from(*value).to_string(),
};

/// A whole number from `LEAST` to `MOST`.
#[must_use]
pub const fn whole<const LEAST: u32, const MOST: u32>(placeholder: &'static str) -> Kind<u32> {
    Kind {
        shape: value(placeholder, Blank::Refused),
        parse: within::<LEAST, MOST>,
        show: ToString::to_string,
    }
}

/// A length of time in whole seconds, from `LEAST` to `MOST`.
#[must_use]
pub const fn seconds<const LEAST: u32, const MOST: u32>() -> Kind<Duration> {
    Kind {
        shape: value("SECONDS", Blank::Refused),
        parse: |text| within::<LEAST, MOST>(text).map(|seconds| Duration::from_secs(seconds.into())),
        show: |value| value.as_secs().to_string(),
    }
}

const SECONDS_PER_HOUR: u64 = 3600;
/// A thousand years: what is meant as "never" fits, and no sum of it with today's date overflows.
const MOST_HOURS: u32 = 8_760_000;

/// A length of time in whole hours.
pub const HOURS: Kind<Duration> = Kind {
    shape: value("HOURS", Blank::Refused),
    parse: |text| {
        within::<0, MOST_HOURS>(text).map(|hours| Duration::from_secs(u64::from(hours) * SECONDS_PER_HOUR))
    },
    show: |value| (value.as_secs() / SECONDS_PER_HOUR).to_string(),
};

/// A version of object templates.
pub const TEMPLATE_VERSION: Kind<TemplateVersion> = Kind {
    shape: value("VERSION", Blank::Refused),
    parse: |text| text.parse().map_err(|_| Refusal::TemplateVersion),
    show: ToString::to_string,
};

fn versions() -> String {
    TemplateVersion::ALL.map(TemplateVersion::as_str).join(", ")
}

/// How much is logged.
pub const LEVEL: Kind<LogLevel> = Kind {
    shape: value("LEVEL", Blank::Refused),
    parse: |text| LogLevel::parse(text).ok_or(Refusal::Level),
    show: ToString::to_string,
};

/// An absolute path; blank is the same as unset.
pub const ABSOLUTE_PATH: Kind<PathBuf> = Kind {
    shape: value("PATH", Blank::Unset),
    parse: |text| {
        let path = Path::new(text);
        if path.is_absolute() { Ok(path.to_owned()) } else { Err(Refusal::RelativePath) }
    },
    show: |path| path.display().to_string(),
};

/// A path, also one that counts from the working directory; blank is the same as unset.
pub const ANY_PATH: Kind<PathBuf> = Kind {
    shape: value("PATH", Blank::Unset),
    parse: |text| Ok(PathBuf::from(text)),
    show: |path| path.display().to_string(),
};

/// A cluster's name, which is also the name of a folder.
pub const CLUSTER_NAME: Kind<String> = Kind {
    shape: value("NAME", Blank::Unset),
    parse: |text| {
        let bad = text == "." || text == ".." || text.contains('/') || text.contains(char::is_control);
        if bad { Err(Refusal::ClusterName) } else { Ok(text.to_owned()) }
    },
    show: Clone::clone,
};

/// The name of a user of this machine.
pub const USER_NAME: Kind<String> = Kind {
    shape: value("USER", Blank::Refused),
    parse: |text| {
        let bad = text.contains(|c: char| c.is_whitespace() || c.is_control() || c == ':' || c == '/');
        if bad { Err(Refusal::UserName) } else { Ok(text.to_owned()) }
    },
    show: Clone::clone,
};

/// The name of a Kubernetes namespace (an RFC 1123 label).
pub const NAMESPACE: Kind<String> = Kind {
    shape: value("NAMESPACE", Blank::Refused),
    parse: |text| {
        let edge = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let bytes = text.as_bytes();
        let good = bytes.len() <= 63
            && bytes.first().is_some_and(|c| edge(*c))
            && bytes.last().is_some_and(|c| edge(*c))
            && bytes.iter().all(|c| edge(*c) || *c == b'-');
        if good { Ok(text.to_owned()) } else { Err(Refusal::Namespace) }
    },
    show: Clone::clone,
};

/// The address of a Kubernetes API server.
pub const API_URL: Kind<ApiUrl> =
    Kind { shape: value("URL", Blank::Unset), parse: |text| Ok(text.parse()?), show: ToString::to_string };

/// A service account's token.
pub const TOKEN: Kind<Secret> = Kind {
    shape: value("TOKEN", Blank::Unset),
    parse: |text| {
        if text.bytes().all(|c| c.is_ascii_graphic()) { Ok(Secret::new(text)) } else { Err(Refusal::Token) }
    },
    show: ToString::to_string,
};

/// A PEM certificate (or several) in Base64.
pub const CERTIFICATE: Kind<CertificateAuthority> = Kind {
    shape: value("BASE64", Blank::Unset),
    parse: |text| Ok(crate::certificate::from_base64(text)?),
    show: |_| "(certificates)".to_owned(),
};

fn within<const LEAST: u32, const MOST: u32>(text: &str) -> Result<u32, Refusal> {
    text.parse()
        .ok()
        .filter(|number| (LEAST..=MOST).contains(number))
        .ok_or(Refusal::Number { least: LEAST, most: MOST })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_are_read_in_every_word_and_any_case() {
        for word in ["1", "true", "YES", "On", "tRuE"] {
            assert_eq!(BOOLEAN.read(word), Ok(Some(true)), "{word}");
        }
        for word in ["0", "false", "NO", "Off"] {
            assert_eq!(BOOLEAN.read(word), Ok(Some(false)), "{word}");
        }
        for word in ["2", "y", "enabled", "-1"] {
            assert_eq!(BOOLEAN.read(word), Err(Refusal::Boolean), "{word}");
        }
        assert_eq!(BOOLEAN.read(""), Err(Refusal::Empty));
    }

    #[test]
    fn numbers_keep_to_their_range() {
        const PERCENT: Kind<u32> = whole::<1, 100>("N");
        assert_eq!(PERCENT.read("100"), Ok(Some(100)));
        for text in ["0", "101", "-1", "1.5", "ten", "99999999999999999999999"] {
            assert_eq!(PERCENT.read(text), Err(Refusal::Number { least: 1, most: 100 }), "{text}");
        }
    }

    #[test]
    fn namespaces_are_rfc_1123_labels() {
        for good in ["rstudio", "r", "a-1", &"x".repeat(63)] {
            assert_eq!(NAMESPACE.read(good), Ok(Some(good.to_owned())));
        }
        for bad in ["RStudio", "-a", "a-", "a.b", "a_b", "é", &"x".repeat(64)] {
            assert_eq!(NAMESPACE.read(bad), Err(Refusal::Namespace), "{bad}");
        }
    }

    #[test]
    fn a_cluster_name_cannot_leave_its_folder() {
        for bad in ["..", ".", "a/b", "../etc", "a\nb"] {
            assert_eq!(CLUSTER_NAME.read(bad), Err(Refusal::ClusterName), "{bad:?}");
        }
        assert_eq!(CLUSTER_NAME.read("Nachtläufe 2"), Ok(Some("Nachtläufe 2".to_owned())));
    }

    #[test]
    fn a_token_is_never_shown() {
        let token = TOKEN.read("abc.def-ghi").unwrap().unwrap();
        assert!(!(TOKEN.show)(&token).contains("abc"));
        assert!(!format!("{token:?}").contains("abc"));
        assert_eq!(TOKEN.read("two words"), Err(Refusal::Token));
    }

    #[test]
    fn hours_meant_as_never_are_taken() {
        assert_eq!(HOURS.read("999999"), Ok(Some(Duration::from_secs(999_999 * 3600))));
        assert!(HOURS.read("99999999999").is_err());
    }
}
