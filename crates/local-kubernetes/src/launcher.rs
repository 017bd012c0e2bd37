//! What the plugin needs in a cluster: a namespace, an account with the guide's rights, and its token.

use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::configuration::kubeconfig;
use crate::error::Error;
use crate::kubectl::Kubectl;
use crate::site::write;
use crate::wait::{self, Look};

const OBJECTS: &str = include_str!("../files/launcher.yaml");

/// For the controller manager to fill in the token.
const LIMIT: Duration = Duration::from_secs(60);

/// Where the plugin's access to a cluster is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LauncherAccess {
    /// The token of the service account `job-launcher`: the setting `auth-token`.
    pub token: PathBuf,
    /// A kubeconfig with that token, for `kubectl` with the plugin's own rights.
    pub kubeconfig: PathBuf,
}

impl LauncherAccess {
    /// The files' places in a folder; they need not be there.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        LauncherAccess {
            token: folder.join("launcher.token"),
            kubeconfig: folder.join("launcher.kubeconfig"),
        }
    }
}

/// Makes the objects, as far as they are not there, and writes the token and a kubeconfig into the folder.
///
/// # Errors
/// The cluster refuses an object or makes no token, or a file can't be written.
pub(crate) fn set_up(kubectl: &Kubectl, folder: &Path) -> Result<LauncherAccess, Error> {
    let objects = folder.join("launcher.yaml");
    write(&objects, OBJECTS)?;
    let objects = objects.display().to_string();
    kubectl.ask("set up the launcher's account", &["apply", "-f", &objects])?;
    let secret = ["-n", "rstudio", "get", "secret", "job-launcher-token", "-o"];
    let (token, authority) = wait::until(LIMIT, || {
        let fields = "jsonpath={.data.token} {.data.ca\\.crt}";
        let arguments: Vec<&str> = secret.into_iter().chain([fields]).collect();
        Ok::<_, Error>(match kubectl.attempt(&arguments)? {
            Ok(answer) => match answer.split_once(' ').map(|(token, ca)| (decode(token), decode(ca))) {
                Some((Some(token), Some(ca))) if !token.is_empty() => Look::Done((token, ca)),
                _ => Look::NotYet("a Secret without a token".to_owned()),
            },
            Err(why) => Look::NotYet(why),
        })
    })?
    .map_err(|gave_up| Error::TimedOut {
        what: "token in the Secret rstudio/job-launcher-token".to_owned(),
        seconds: LIMIT.as_secs(),
        last_seen: gave_up.last_seen,
        logs: folder.join("logs"),
    })?;
    let server = kubectl.server()?;
    let access = LauncherAccess::in_folder(folder);
    write(&access.token, &token)?;
    let user = format!("{{ token: \"{token}\" }}");
    write(&access.kubeconfig, &kubeconfig(&server, &authority, &user, "rstudio"))?;
    Ok(access)
}

fn decode(base64: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(base64).ok()?).ok()
}
