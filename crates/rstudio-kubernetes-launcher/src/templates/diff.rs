//! `--diff-templates`: what an administrator has changed, as `diff` shows it.

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use kubernetes_backend::templates::{BUILT_IN_JOB, BUILT_IN_SERVICE, ObjectKind};

use super::TROUBLE;
use super::server_user::become_it;
use crate::config::ChosenTemplates;

/// Exits as `diff` does: 0 if nothing was changed, 1 if something was, 2 if that can't be told.
pub(super) fn run(chosen: &ChosenTemplates) -> ExitCode {
    if let Err(error) = become_it(chosen.server_user.as_deref()) {
        crate::report::print(&[error]);
        return ExitCode::from(TROUBLE);
    }
    let mut worst = 0;
    for (kind, original) in [(ObjectKind::Job, BUILT_IN_JOB), (ObjectKind::Service, BUILT_IN_SERVICE)] {
        let changed = chosen.folder.path.join(kind.file());
        match diff(original, &changed, kind.file()) {
            Ok(status) => worst = worst.max(status),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let help = "install it (package diffutils), or put it on the PATH";
                return super::trouble("the program 'diff' is not on the PATH", Some(help.to_owned()));
            }
            Err(error) => return super::trouble(&format!("cannot run 'diff': {error}"), None),
        }
    }
    ExitCode::from(worst)
}

fn diff(original: &str, changed: &Path, name: &str) -> io::Result<u8> {
    use std::io::Write as _;
    let colour = if io::stdout().is_terminal() && crate::colour::wanted() { "always" } else { "never" };
    let mut child = Command::new("diff")
        .arg("-u")
        .arg(format!("--color={colour}"))
        .args(["--label", &format!("{name} as generated"), "--label"])
        .arg(changed)
        .arg("-")
        .arg(changed)
        .stdin(Stdio::piped())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // A diff that ends early, as for a file that is not there, says so itself.
        drop(input.write_all(original.as_bytes()));
    }
    let status = child.wait()?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(TROUBLE))
}
