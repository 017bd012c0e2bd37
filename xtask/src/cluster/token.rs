//! The launcher's token: one that lasts, or one in a file whose content is replaced before it expires, as a kubelet does
//! with a projected service account token.

use std::path::{Path, PathBuf};

use tokio::task::JoinHandle;

use super::Minter;
use crate::failure::Failure;

/// What the plugin authenticates with.
pub(crate) enum LauncherToken {
    Lasting(String),
    Replaced(ReplacedToken),
}

impl LauncherToken {
    /// The token of this moment, where it is one that expires.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn soon_expired(&self) -> Result<Option<String>, Failure> {
        match self {
            LauncherToken::Lasting(_) => Ok(None),
            LauncherToken::Replaced(token) => std::fs::read_to_string(&token.file)
                .map(Some)
                .map_err(|e| Failure::during(format!("reading {}", token.file.display()), e)),
        }
    }
}

/// A file with a token that is always good, though no token in it is good for long. Ends with this value.
pub(crate) struct ReplacedToken {
    file: PathBuf,
    _folder: tempfile::TempDir,
    replacing: JoinHandle<()>,
}

impl ReplacedToken {
    /// Writes the first token, and a new one as often as the minter's tokens need it.
    ///
    /// # Errors
    /// No token can be made, or the file can't be written.
    pub(crate) async fn start(minter: Minter) -> Result<Self, Failure> {
        let folder = tempfile::Builder::new()
            .prefix("launchway-token-")
            .tempdir()
            .map_err(|e| Failure::during("making a folder for the token", e))?;
        let file = folder.path().join("token");
        replace(&file, &minter.mint().await?)?;
        let kept = file.clone();
        let replacing = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(minter.period());
            ticks.tick().await;
            loop {
                ticks.tick().await;
                // A failure shows in the behaviours: the plugin is refused.
                let _ = minter.mint().await.and_then(|token| replace(&kept, &token));
            }
        });
        Ok(ReplacedToken { file, _folder: folder, replacing })
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }
}

impl Drop for ReplacedToken {
    fn drop(&mut self) {
        self.replacing.abort();
    }
}

/// At once, so that no reader sees half a token; for its owner alone.
fn replace(file: &Path, token: &str) -> Result<(), Failure> {
    let fresh = file.with_extension("fresh");
    write_private(&fresh, token)
        .and_then(|()| std::fs::rename(&fresh, file))
        .map_err(|e| Failure::during(format!("writing {}", file.display()), e))
}

/// Writes a token that nobody else may read.
///
/// # Errors
/// The file can't be written.
pub(crate) fn write_private(file: &Path, token: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(file)?
        .write_all(token.as_bytes())
}
