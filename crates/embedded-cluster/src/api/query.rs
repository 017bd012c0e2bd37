//! The query of a URL.

/// Decoded parameters, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    parameters: Vec<(String, String)>,
}

/// What `+` stands for: a space in queries, itself in paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plus {
    Space,
    Literal,
}

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        let parameters = text
            .split('&')
            // Go takes a bare semicolon for a mistake, and the parameter away.
            .filter(|part| !part.is_empty() && !part.contains(';'))
            .map(|part| {
                let (key, value) = part.split_once('=').unwrap_or((part, ""));
                (percent_decode(key, Plus::Space), percent_decode(value, Plus::Space))
            })
            .collect();
        Query { parameters }
    }

    /// The first value of a parameter; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.given(name).filter(|value| !value.is_empty())
    }

    /// The first value of a parameter, even if empty.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a parameter.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.parameters.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// A truth value as the API reads it: present, and not `false` or `0`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.given(name).is_some_and(|value| !matches!(value, "false" | "0" | "False" | "f" | "F" | "FALSE"))
    }

    /// A whole number; `None` when absent or not one.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }
}

/// `%20` and its like. What is no escape stays as it is; broken UTF-8 becomes U+FFFD.
pub(crate) fn percent_decode(text: &str, plus: Plus) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        if byte == b'%'
            && let Some(value) = hex_pair(&mut ahead)
        {
            decoded.push(value);
            bytes = ahead;
        } else if byte == b'+' && plus == Plus::Space {
            decoded.push(b' ');
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex_pair(ahead: &mut std::str::Bytes<'_>) -> Option<u8> {
    let high = char::from(ahead.next()?).to_digit(16)?;
    let low = char::from(ahead.next()?).to_digit(16)?;
    u8::try_from(high * 16 + low).ok()
}
