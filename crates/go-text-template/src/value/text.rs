//! Strings as Go has them: bytes, usually UTF-8, cheap to clone.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A Go string: any bytes, usually UTF-8. Cloning shares the bytes.
///
/// ```
/// use go_text_template::Str;
///
/// let name = Str::from("héllo");
/// assert_eq!(name.as_bytes().len(), 6);
/// assert_eq!(name.to_text(), "héllo");
/// assert_eq!(Str::from(&b"\xff"[..]).to_str(), None);
/// ```
#[derive(Clone)]
pub struct Str(Repr);

/// Short strings, which most are, lie in place: no allocation, and no pointer to follow when keys are compared.
#[derive(Clone)]
enum Repr {
    Short { length: u8, bytes: [u8; SHORT] },
    Shared(Arc<[u8]>),
}

/// As many bytes as fit beside the length without making [`Value`](super::Value) larger.
const SHORT: usize = 22;

impl Str {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Short { length, bytes } => &bytes[..usize::from(*length).min(SHORT)],
            Repr::Shared(bytes) => bytes,
        }
    }

    /// The bytes outside this value, unless somebody else holds them too.
    pub(super) fn own_bytes(&self) -> usize {
        match &self.0 {
            Repr::Shared(bytes) if Arc::strong_count(bytes) == 1 => bytes.len(),
            Repr::Short { .. } | Repr::Shared(_) => 0,
        }
    }

    fn short(text: &[u8]) -> Option<Self> {
        let mut bytes = [0; SHORT];
        bytes.get_mut(..text.len())?.copy_from_slice(text);
        Some(Self(Repr::Short { length: u8::try_from(text.len()).ok()?, bytes }))
    }

    /// The text, unless the bytes are broken UTF-8.
    #[must_use]
    pub fn to_str(&self) -> Option<&str> {
        std::str::from_utf8(self.as_bytes()).ok()
    }

    /// The text, with U+FFFD for broken bytes.
    #[must_use]
    pub fn to_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.as_bytes())
    }

    /// The length in bytes, as Go's `len` counts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }
}

impl From<&[u8]> for Str {
    fn from(bytes: &[u8]) -> Self {
        Self::short(bytes).unwrap_or_else(|| Self(Repr::Shared(bytes.into())))
    }
}

impl From<Vec<u8>> for Str {
    fn from(bytes: Vec<u8>) -> Self {
        Self::short(&bytes).unwrap_or_else(|| Self(Repr::Shared(bytes.into())))
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Self {
        Self::from(text.as_bytes())
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        Self::from(text.into_bytes())
    }
}

impl From<Cow<'_, str>> for Str {
    fn from(text: Cow<'_, str>) -> Self {
        Self::from(text.as_bytes())
    }
}

impl Default for Str {
    /// The empty string.
    fn default() -> Self {
        Self::from(&b""[..])
    }
}

impl AsRef<[u8]> for Str {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl Borrow<[u8]> for Str {
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            // What lies behind a short string's end is always zero, so all of it may be compared at once.
            (Repr::Short { length: a, bytes: x }, Repr::Short { length: b, bytes: y }) => a == b && x == y,
            _ => self.as_bytes() == other.as_bytes(),
        }
    }
}

impl Eq for Str {}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str {
    /// By bytes, as Go orders strings.
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for Str {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_text(), f)
    }
}

impl fmt::Display for Str {
    /// Writes the text, with U+FFFD for broken bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;

    #[test]
    fn short_and_long_strings_behave_alike() {
        for length in 0..60 {
            let text = "x".repeat(length);
            let string = Str::from(text.as_str());
            assert_eq!(string.as_bytes(), text.as_bytes());
            assert_eq!(string, Str::from(text.clone()));
            assert!(Str::from(format!("{text}a")) > string);
        }
    }

    #[test]
    fn a_short_string_makes_no_value_larger() {
        assert_eq!(size_of::<Str>(), 24);
        assert_eq!(size_of::<Value>(), 24);
    }
}
