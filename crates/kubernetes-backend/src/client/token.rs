//! The token: read again when its file changes, and when the server stops accepting it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use http::HeaderValue;

use super::FailureKind;
use crate::settings::{Secret, TokenSource};

/// How often the file is looked at. The cluster renews tokens at 80 % of their life, so seconds do not matter.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

/// The present token.
#[derive(Debug)]
pub(super) struct Token {
    source: TokenSource,
    cached: Mutex<Option<Cached>>,
}

#[derive(Clone, Debug)]
struct Cached {
    secret: Secret,
    modified: Option<SystemTime>,
    looked: Instant,
}

impl Token {
    pub(super) fn new(source: TokenSource) -> Self {
        Self { source, cached: Mutex::new(None) }
    }

    /// The value of the header `Authorization`.
    pub(super) fn header(&self) -> Result<HeaderValue, FailureKind> {
        let path = match &self.source {
            TokenSource::Inline(secret) => return bearer(secret, Path::new("auth-token")),
            TokenSource::File(path) => path,
        };
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(present) = cached.as_mut() {
            if present.looked.elapsed() < LOOK_AGAIN {
                return bearer(&present.secret, path);
            }
            present.looked = Instant::now();
            if modified(path).is_some_and(|m| present.modified == Some(m)) {
                return bearer(&present.secret, path);
            }
        }
        match (read(path), cached.as_ref()) {
            (Ok(fresh), _) => {
                let header = bearer(&fresh.secret, path);
                *cached = Some(fresh);
                header
            }
            // A file that is being replaced may be gone for a moment: the old token still counts.
            (Err(_), Some(present)) => bearer(&present.secret, path),
            (Err(failure), None) => Err(failure),
        }
    }

    /// The server does not accept the token any more: whether there is another one to try.
    pub(super) fn refused(&self) -> bool {
        let TokenSource::File(path) = &self.source else { return false };
        let Ok(fresh) = read(path) else { return false };
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        let differs = cached.as_ref().is_none_or(|present| present.secret != fresh.secret);
        *cached = Some(fresh);
        differs
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|m| m.modified()).ok()
}

fn read(path: &PathBuf) -> Result<Cached, FailureKind> {
    let failed = |reason: String| FailureKind::Token { path: path.display().to_string(), reason };
    let modified = modified(path);
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    let text = text.trim();
    if text.is_empty() {
        return Err(failed("the file is empty".to_owned()));
    }
    Ok(Cached { secret: Secret::new(text), modified, looked: Instant::now() })
}

fn bearer(secret: &Secret, path: &Path) -> Result<HeaderValue, FailureKind> {
    let mut value =
        HeaderValue::from_str(&format!("Bearer {}", secret.expose())).map_err(|_| FailureKind::Token {
            path: path.display().to_string(),
            reason: "it holds characters that no token has".to_owned(),
        })?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_token_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("token");
        std::fs::write(&path, "one\n").expect("written");
        let token = Token::new(TokenSource::File(path.clone()));
        assert_eq!(token.header().expect("a token"), "Bearer one");
        assert!(!token.refused(), "nothing new to try");
        std::fs::write(&path, "two\n").expect("written");
        assert!(token.refused());
        assert_eq!(token.header().expect("a token"), "Bearer two");
    }

    #[test]
    fn a_missing_file_is_told_with_its_path() {
        let token = Token::new(TokenSource::File("/nonexistent/token".into()));
        let failure = token.header().expect_err("no token");
        assert!(failure.to_string().starts_with("the token cannot be read from '/nonexistent/token'"));
    }

    #[test]
    fn a_token_is_never_printed() {
        let token = Token::new(TokenSource::Inline(Secret::new("hush")));
        assert!(!format!("{token:?} {:?}", token.header()).contains("hush"));
    }
}
