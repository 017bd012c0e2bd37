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
    /// It belongs to somebody else, who could put another token there.
    #[error("{origin}: the token file '{}' belongs to the user id {owner} and not to the server-user '{user}'", path.display())]
    Owner {
        /// Who named the file.
        origin: NamedBy,
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
        /// Who named the file.
        origin: NamedBy,
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
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
            Self::Owner { path, user, .. } => format!("chown {user} {}", path.display()),
            Self::Mode { path, .. } => format!("chmod 0600 {}", path.display()),
            Self::Empty { .. } | Self::NotAToken { .. } => {
                "write the token of the job-launcher service account there, decoded from Base64".to_owned()
            }
        })
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

/// Checks that the present user, and nobody else, can read a token from the file. To be called once the user is the final
/// one. Whose file it is counts only where the administrator named it: Kubernetes mounts its own as it must.
///
/// # Errors
/// When there is no token to be had from it, or others can have it too.
pub fn check(path: &Path, origin: &NamedBy, reader: &Reader) -> Result<(), TokenFileError> {
    let mut content = Vec::new();
    File::open(path).and_then(|file| file.take(LONGEST).read_to_end(&mut content)).map_err(|cause| {
        let (origin, user) = (origin.clone(), reader.name.clone());
        TokenFileError::Unreadable { origin, user, path: path.to_owned(), cause }
    })?;
    if let NamedBy::Configuration(_) = origin {
        check_owner(path, origin, reader)?;
    }
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

fn check_owner(path: &Path, origin: &NamedBy, reader: &Reader) -> Result<(), TokenFileError> {
    let (origin, path, user) = (origin.clone(), path.to_owned(), reader.name.clone());
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(cause) => return Err(TokenFileError::Unreadable { origin, user, path, cause }),
    };
    if metadata.uid() != reader.uid {
        return Err(TokenFileError::Owner { origin, path, owner: metadata.uid(), user });
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(TokenFileError::Mode { origin, path, mode: metadata.mode() & 0o7777 });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn me() -> Reader {
        Reader { name: "rstudio-server".to_owned(), uid: nix::unistd::geteuid().as_raw() }
    }

    fn by_file() -> NamedBy {
        NamedBy::Configuration(Origin::CommandLine)
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
        check(&path, &by_file(), &me()).unwrap();
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
    fn a_file_that_others_own_or_read_is_refused_unless_kubernetes_mounted_it() {
        let (_folder, path) = file("token", 0o640);
        let stranger = Reader { name: "rstudio-server".to_owned(), uid: me().uid + 1 };
        assert!(matches!(check(&path, &by_file(), &stranger), Err(TokenFileError::Owner { .. })));
        assert!(matches!(check(&path, &by_file(), &me()), Err(TokenFileError::Mode { mode: 0o640, .. })));
        check(&path, &NamedBy::Kubernetes, &stranger).unwrap();
    }

    #[test]
    fn the_messages_say_what_to_do() {
        let (origin, path) = (by_file(), PathBuf::from("/etc/rstudio/token"));
        let user = "rstudio-server".to_owned();
        let owner = TokenFileError::Owner { origin, path: path.clone(), owner: 0, user: user.clone() };
        insta::assert_snapshot!(
            format!("{owner}\nhelp: {}", owner.help().unwrap()),
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
        let empty = TokenFileError::Empty { origin: by_file(), path };
        insta::assert_snapshot!(
            format!("{empty}\nhelp: {}", empty.help().unwrap()),
            @r"
        command line: the token file '/etc/rstudio/token' is empty
        help: write the token of the job-launcher service account there, decoded from Base64
        "
        );
    }
}
