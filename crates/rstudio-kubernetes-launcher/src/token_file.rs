//! The token file as the server user finds it: it must be readable to that user, now and whenever it is read again, and
//! to nobody else.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::config::Origin;

/// Who named the token file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// The administrator, there.
    Configuration(Origin),
    /// Kubernetes, which mounted it into the pod.
    Kubernetes,
}

impl fmt::Display for NamedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(origin) => origin.fmt(f),
            Self::Kubernetes => f.write_str("the pod's service account"),
        }
    }
}

/// Why the token file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum TokenFileError {
    /// The file cannot be read by the user that the plugin runs as.
    #[error("{origin}: '{user}' cannot read the token file '{}': {cause}", path.display())]
    Unreadable {
        /// Who named the file.
        origin: NamedBy,
        /// The user.
        user: String,
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The file has no token.
    #[error("{origin}: the token file '{}' is empty", path.display())]
    Empty {
        /// Who named the file.
        origin: NamedBy,
        /// The file.
        path: PathBuf,
    },
    /// The file has something else.
    #[error("{origin}: the token file '{}' does not hold a token, which is one word of ASCII characters", path.display())]
    NotAToken {
        /// Who named the file.
        origin: NamedBy,
        /// The file.
        path: PathBuf,
    },
}

impl TokenFileError {
    /// What to do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Unreadable { origin: NamedBy::Configuration(_), user, path, .. } => {
                let path = path.display();
                format!("chown {user} {path} && chmod 0600 {path}")
            }
            Self::Unreadable { origin: NamedBy::Kubernetes, user, .. } => format!(
                "give the pod a securityContext with the group of '{user}' as fsGroup, or let it run as '{user}'"
            ),
            Self::Empty { .. } | Self::NotAToken { .. } => {
                "write the token of the job-launcher service account there, decoded from Base64".to_owned()
            }
        })
    }
}

/// What is unsafe about a token file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFileWarning {
    /// It belongs to somebody else.
    #[error("{origin}: the token file '{}' belongs to the user id {owner} and not to the server-user '{user}'", path.display())]
    Owner {
        /// Where the file is named.
        origin: Origin,
        /// The file.
        path: PathBuf,
        /// Its owner's user id.
        owner: u32,
        /// The user that the plugin runs as.
        user: String,
    },
    /// Others can read or change it.
    #[error("{origin}: others than its owner can read or change the token file '{}' (mode {mode:04o})", path.display())]
    Mode {
        /// Where the file is named.
        origin: Origin,
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
}

impl TokenFileWarning {
    /// What to do.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Owner { path, user, .. } => format!("chown {user} {}", path.display()),
            Self::Mode { path, .. } => format!("chmod 0600 {}", path.display()),
        }
    }
}

/// The user that the plugin runs as.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Its name.
    pub name: String,
    /// Its user id.
    pub uid: u32,
}

/// More than any token has: a file without end must not be read to its end.
const LONGEST: u64 = 1024 * 1024;

/// Checks that the present user can read a token from the file. To be called once the user is the final one.
///
/// # Errors
/// When there is no token to be had from it.
pub fn check(path: &Path, origin: &NamedBy, reader: &Reader) -> Result<(), TokenFileError> {
    let mut content = Vec::new();
    File::open(path).and_then(|file| file.take(LONGEST).read_to_end(&mut content)).map_err(|cause| {
        let (origin, user) = (origin.clone(), reader.name.clone());
        TokenFileError::Unreadable { origin, user, path: path.to_owned(), cause }
    })?;
    let token = content.trim_ascii();
    let (origin, path) = (origin.clone(), path.to_owned());
    if token.is_empty() {
        return Err(TokenFileError::Empty { origin, path });
    }
    if !token.iter().all(u8::is_ascii_graphic) {
        return Err(TokenFileError::NotAToken { origin, path });
    }
    Ok(())
}

/// What is unsafe about a token file that the administrator named.
#[must_use]
pub fn warnings(path: &Path, origin: &Origin, reader: &Reader) -> Vec<TokenFileWarning> {
    let Ok(metadata) = path.metadata() else { return Vec::new() };
    let mut warnings = Vec::new();
    if metadata.uid() != reader.uid {
        warnings.push(TokenFileWarning::Owner {
            origin: origin.clone(),
            path: path.to_owned(),
            owner: metadata.uid(),
            user: reader.name.clone(),
        });
    }
    if metadata.mode() & 0o077 != 0 {
        let mode = metadata.mode() & 0o7777;
        warnings.push(TokenFileWarning::Mode { origin: origin.clone(), path: path.to_owned(), mode });
    }
    warnings
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn me() -> Reader {
        Reader { name: "rstudio-server".to_owned(), uid: nix::unistd::geteuid().as_raw() }
    }

    fn file(content: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[test]
    fn a_private_file_with_a_token_is_fine() {
        let (_folder, path) = file("eyJh.b-c_d\n", 0o600);
        check(&path, &NamedBy::Kubernetes, &me()).unwrap();
        assert_eq!(warnings(&path, &Origin::CommandLine, &me()), []);
    }

    #[test]
    fn what_holds_no_token_is_refused() {
        let (_folder, path) = file(" \n", 0o600);
        assert!(matches!(check(&path, &NamedBy::Kubernetes, &me()), Err(TokenFileError::Empty { .. })));
        let (_folder, path) = file("Error from server: not found", 0o600);
        assert!(matches!(check(&path, &NamedBy::Kubernetes, &me()), Err(TokenFileError::NotAToken { .. })));
        assert!(matches!(
            check(Path::new("/nonexistent/token"), &NamedBy::Kubernetes, &me()),
            Err(TokenFileError::Unreadable { .. })
        ));
    }

    #[test]
    fn a_file_that_others_own_or_read_is_warned_of() {
        let (_folder, path) = file("token", 0o644);
        let stranger = Reader { name: "rstudio-server".to_owned(), uid: me().uid + 1 };
        let found = warnings(&path, &Origin::CommandLine, &stranger);
        assert!(matches!(
            found.as_slice(),
            [TokenFileWarning::Owner { .. }, TokenFileWarning::Mode { mode: 0o644, .. }]
        ));
    }

    #[test]
    fn the_messages_say_what_to_do() {
        let (origin, path) = (Origin::CommandLine, PathBuf::from("/etc/rstudio/token"));
        let user = "rstudio-server".to_owned();
        let owner = TokenFileWarning::Owner { origin, path: path.clone(), owner: 0, user: user.clone() };
        insta::assert_snapshot!(
            format!("{owner}\nhelp: {}", owner.help()),
            @r"
        command line: the token file '/etc/rstudio/token' belongs to the user id 0 and not to the server-user 'rstudio-server'
        help: chown rstudio-server /etc/rstudio/token
        "
        );
        let cause = io::ErrorKind::PermissionDenied.into();
        let pod = TokenFileError::Unreadable { origin: NamedBy::Kubernetes, user, path: path.clone(), cause };
        insta::assert_snapshot!(
            format!("{pod}\nhelp: {}", pod.help().unwrap()),
            @r"
        the pod's service account: 'rstudio-server' cannot read the token file '/etc/rstudio/token': permission denied
        help: give the pod a securityContext with the group of 'rstudio-server' as fsGroup, or let it run as 'rstudio-server'
        "
        );
        let empty = TokenFileError::Empty { origin: NamedBy::Configuration(Origin::CommandLine), path };
        insta::assert_snapshot!(
            format!("{empty}\nhelp: {}", empty.help().unwrap()),
            @r"
        command line: the token file '/etc/rstudio/token' is empty
        help: write the token of the job-launcher service account there, decoded from Base64
        "
        );
    }
}
