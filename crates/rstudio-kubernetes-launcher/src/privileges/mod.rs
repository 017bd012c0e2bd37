//! From root to the server user (plugin API 1.5): directories are made and given away, then every right is given up
//! for good, before the first byte of the Launcher is read.

mod directory;
mod system;

use std::io;
use std::path::{Path, PathBuf};

pub use system::{Account, Host, System};

use crate::config::ProcessSettings;
use crate::logging;

/// What is to be prepared before rights are given up.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// User and scratch path.
    pub process: &'a ProcessSettings,
    /// The log file; `None` if the log goes to stderr only.
    pub log_file: Option<&'a Path>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Standing {
    /// Whom the process now belongs to, if that was changed.
    pub account: Option<Account>,
    /// Oddities that do not keep the plugin from starting.
    pub warnings: Vec<PrivilegeWarning>,
}

/// Why the plugin cannot start as the user it should be.
#[derive(Debug, thiserror::Error)]
pub enum PrivilegeError {
    /// No such user.
    #[error("the server-user '{user}' does not exist on this machine")]
    NoSuchUser {
        /// The user.
        user: String,
    },
    /// The user database cannot be asked.
    #[error("cannot look up the server-user '{user}': {cause}")]
    Lookup {
        /// The user.
        user: String,
        /// Why.
        cause: io::Error,
    },
    /// Something else has the scratch path's name.
    #[error("the scratch-path '{}' is not a directory", path.display())]
    ScratchNotADirectory {
        /// The path.
        path: PathBuf,
    },
    /// The scratch path is a directory of the system's.
    #[error("the scratch-path '{}' belongs to the system and cannot be given to '{user}'", path.display())]
    ScratchOfSystem {
        /// The path.
        path: PathBuf,
        /// The user.
        user: String,
    },
    /// The scratch path cannot be made, or not given away.
    #[error("cannot prepare the scratch-path '{}': {cause}", path.display())]
    Scratch {
        /// The path.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The kernel refused.
    #[error("cannot become the server-user '{user}': {cause}")]
    Drop {
        /// The user.
        user: String,
        /// Why.
        cause: io::Error,
    },
    /// The kernel agreed, yet root is still within reach.
    #[error("became the server-user '{user}', but could still become root again")]
    NotDropped {
        /// The user.
        user: String,
    },
}

impl PrivilegeError {
    /// What to do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoSuchUser { user } => format!(
                "make it with 'useradd --system {user}', or set server-user to the user that the Launcher runs as"
            ),
            Self::ScratchNotADirectory { .. } => "remove what is there, or set scratch-path elsewhere".to_owned(),
            Self::ScratchOfSystem { .. } => {
                "set scratch-path to a directory of the plugin's own, such as /var/lib/rstudio-launcher/Kubernetes"
                    .to_owned()
            }
            Self::Scratch { .. } => "set scratch-path to where a directory can be made".to_owned(),
            Self::Drop { .. } | Self::NotDropped { .. } => {
                "in a container, allow the capabilities SETUID and SETGID, or start the plugin as that user".to_owned()
            }
            Self::Lookup { .. } => return None,
        })
    }
}

/// Something that did not work and was gone without.
#[derive(Debug, thiserror::Error)]
pub enum PrivilegeWarning {
    /// The scratch path could not be made: jobs with a long standard input will be refused.
    #[error("cannot make the scratch-path '{}': {cause}", path.display())]
    Scratch {
        /// The path.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The log's directory could not be made or given away.
    #[error("cannot prepare the logging-dir '{}': {cause}", path.display())]
    LoggingDirectory {
        /// The path.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The log's directory is one of the system's, whose owner stays.
    #[error(
        "the logging-dir '{}' belongs to the system, so its owner stays and full log files cannot be put aside",
        path.display()
    )]
    LoggingDirectoryOfSystem {
        /// The path.
        path: PathBuf,
    },
    /// The log file could not be given away.
    #[error("cannot give the log file '{}' to the server-user: {cause}", path.display())]
    LogFileOwner {
        /// The path.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The server user is root.
    #[error("the server-user is root, so the plugin keeps every right of this machine")]
    ServerUserIsRoot,
}

impl PrivilegeWarning {
    /// What to do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Scratch { .. } => {
                "set scratch-path to where this user can make a directory; long standard inputs of jobs are kept there"
                    .to_owned()
            }
            Self::LoggingDirectory { .. } => "set logging-dir to where a directory can be made".to_owned(),
            Self::LoggingDirectoryOfSystem { .. } => "set logging-dir to a directory of the plugin's own".to_owned(),
            Self::ServerUserIsRoot => "set server-user to a user without rights, such as rstudio-server".to_owned(),
            Self::LogFileOwner { .. } => return None,
        })
    }
}

/// Makes the directories, gives them away if a server user is to take over, and becomes that user.
///
/// # Errors
/// When there is no such user, no scratch path for it, or no way to become it.
pub fn settle(system: &impl System, plan: Plan<'_>) -> Result<Standing, PrivilegeError> {
    let mut standing = Standing::default();
    match &plan.process.server_user {
        Some(user) => prepare_and_become(system, user, plan, &mut standing)?,
        None => stay(plan, &mut standing)?,
    }
    Ok(standing)
}

/// Becomes a user, and prepares nothing: no owner of a file changes.
///
/// # Errors
/// When there is no such user, or no way to become it.
pub fn become_user(system: &impl System, user: &str) -> Result<Standing, PrivilegeError> {
    let mut standing = Standing::default();
    let account = account(system, user)?;
    give_up_root(system, account, &mut standing)?;
    Ok(standing)
}

fn prepare_and_become(
    system: &impl System,
    user: &str,
    plan: Plan<'_>,
    standing: &mut Standing,
) -> Result<(), PrivilegeError> {
    let account = account(system, user)?;
    let path = &plan.process.scratch_path;
    if directory::is_of_system(path) {
        return Err(PrivilegeError::ScratchOfSystem { path: path.clone(), user: user.to_owned() });
    }
    scratch_directory(path)?;
    directory::open_to_all(path)
        .and_then(|directory| system.give(&directory, &account))
        .map_err(|cause| PrivilegeError::Scratch { path: path.clone(), cause })?;
    if let Some(file) = plan.log_file {
        standing.warnings.extend(log_file(system, file, &account));
    }
    give_up_root(system, account, standing)
}

fn account(system: &impl System, user: &str) -> Result<Account, PrivilegeError> {
    let user = user.to_owned();
    match system.account(&user) {
        Ok(Some(account)) => Ok(account),
        Ok(None) => Err(PrivilegeError::NoSuchUser { user }),
        Err(cause) => Err(PrivilegeError::Lookup { user, cause }),
    }
}

fn give_up_root(
    system: &impl System,
    account: Account,
    standing: &mut Standing,
) -> Result<(), PrivilegeError> {
    let user = account.name.clone();
    if account.uid == 0 {
        standing.warnings.push(PrivilegeWarning::ServerUserIsRoot);
    }
    system.give_up_root(&account).map_err(|cause| PrivilegeError::Drop { user: user.clone(), cause })?;
    if account.uid != 0 && system.could_be_root() {
        return Err(PrivilegeError::NotDropped { user });
    }
    standing.account = Some(account);
    Ok(())
}

fn stay(plan: Plan<'_>, standing: &mut Standing) -> Result<(), PrivilegeError> {
    match scratch_directory(&plan.process.scratch_path) {
        Err(PrivilegeError::Scratch { path, cause }) => {
            standing.warnings.push(PrivilegeWarning::Scratch { path, cause });
        }
        other => other?,
    }
    if let Some(directory) = plan.log_file.and_then(Path::parent)
        && let Err(cause) = directory::make(directory)
    {
        standing.warnings.push(PrivilegeWarning::LoggingDirectory { path: directory.to_owned(), cause });
    }
    Ok(())
}

fn scratch_directory(path: &Path) -> Result<(), PrivilegeError> {
    match directory::make(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory && path.exists() => {
            Err(PrivilegeError::ScratchNotADirectory { path: path.to_owned() })
        }
        Err(cause) => Err(PrivilegeError::Scratch { path: path.to_owned(), cause }),
    }
}

/// Makes the log file and gives it, and its directory, to the account. A log that cannot be had is no reason not to
/// start.
fn log_file(system: &impl System, path: &Path, account: &Account) -> Vec<PrivilegeWarning> {
    let mut warnings = Vec::new();
    if let Some(parent) = path.parent() {
        let trouble = |cause| PrivilegeWarning::LoggingDirectory { path: parent.to_owned(), cause };
        if let Err(cause) = directory::make(parent) {
            return vec![trouble(cause)];
        }
        if directory::is_of_system(parent) {
            warnings.push(PrivilegeWarning::LoggingDirectoryOfSystem { path: parent.to_owned() });
        } else if let Err(cause) = directory::open(parent).and_then(|folder| system.give(&folder, account)) {
            warnings.push(trouble(cause));
        }
    }
    // A file that cannot be opened now cannot be opened by the account either: that is told when the log begins.
    if let Ok(file) = logging::prepare(path)
        && let Err(cause) = system.give(&file, account)
    {
        warnings.push(PrivilegeWarning::LogFileOwner { path: path.to_owned(), cause });
    }
    warnings
}

/// Keeps the token, and what users wrote, out of core files, and debuggers of other processes out of this one.
///
/// To be called after a change of user: the kernel then sets the flag to `fs.suid_dumpable`, which may allow dumps.
pub(crate) fn forbid_core_dumps() {
    // Linux knows it since before there was Kubernetes.
    let _ = nix::sys::prctl::set_dumpable(false);
}
