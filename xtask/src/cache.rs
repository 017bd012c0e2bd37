//! The folder outside the tree where heavy builds are kept.

use std::path::PathBuf;

/// `$XDG_CACHE_HOME/launchway`, or `~/.cache/launchway`.
pub(crate) fn folder() -> PathBuf {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
        .unwrap_or_else(std::env::temp_dir);
    base.join("launchway")
}
