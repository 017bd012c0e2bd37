//! TOML as `BurntSushi/toml` reads and writes it, for the values of templates.

mod escape;
mod number;
mod read;
mod scan;
mod tree;
mod write;

use std::borrow::Cow;

pub(crate) use read::read;
pub(crate) use write::{WriteError, write};

/// Lists and tables inside each other beyond which reading and writing stop. Go has no limit.
const MAX_DEPTH: usize = 256;

/// The text is no TOML, in the library's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("toml: line {line}{}: {message}", last_key(.key))]
pub(crate) struct ReadError {
    line: usize,
    /// The key being read, or else the table; empty at the top.
    key: String,
    message: String,
}

fn last_key(key: &str) -> String {
    if key.is_empty() {
        return String::new();
    }
    let quoted = go_text_template::format::quote(key);
    format!(" (last key {})", String::from_utf8_lossy(&quoted))
}

/// A key as it is written: in quotes if it must be.
fn written_key(key: &[u8]) -> Cow<'_, [u8]> {
    let is_bare = |&byte: &u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !key.is_empty() && key.iter().all(is_bare) {
        return Cow::Borrowed(key);
    }
    Cow::Owned(escape::quoted(key))
}

/// Keys with dots between them.
fn written_path<K: AsRef<[u8]>>(path: &[K]) -> Vec<u8> {
    path.iter().map(|key| written_key(key.as_ref())).collect::<Vec<_>>().join(&b'.')
}
