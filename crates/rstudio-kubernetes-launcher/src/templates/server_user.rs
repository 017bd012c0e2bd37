//! Who reads templates and runs the programs that they name: never root, unless that is asked for.

use crate::privileges::{self, Account, Host, PrivilegeError};
use crate::report::{self, Notice};

/// Becomes the server user for good, as the plugin does at its start, but changes no owner of a file. Returns the account, if
/// there was one to become.
///
/// # Errors
/// What to tell: there is no such user, or no way to become it.
pub(super) fn become_it(user: Option<&str>) -> Result<Option<Account>, Notice> {
    let Some(user) = user else { return Ok(None) };
    let standing =
        privileges::become_user(&Host, user).map_err(|error| Notice::error(&error, help(&error)))?;
    privileges::forbid_core_dumps();
    let warnings: Vec<Notice> =
        standing.warnings.iter().map(|warning| Notice::warning(warning, warning.help())).collect();
    report::print(&warnings);
    Ok(standing.account)
}

fn help(error: &PrivilegeError) -> Option<String> {
    match error {
        PrivilegeError::NoSuchUser { .. } => Some(
            "templates are read, and their programs run, as that user: name one that is here with --server-user, or stay \
             root with --unprivileged=1"
                .to_owned(),
        ),
        other => other.help(),
    }
}
