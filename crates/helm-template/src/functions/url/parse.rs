//! Text to URLs.

use super::escape::{Part, escape, unescape};
use super::{Url, User, host, quoted};

/// The text is no URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parse {}: {reason}", quoted(.text))]
pub(super) struct UrlError {
    /// What was parsed.
    text: Vec<u8>,
    /// Why it cannot be.
    reason: Reason,
}

/// Why a text is no URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Reason {
    /// A control character.
    #[error("net/url: invalid control character in URL")]
    ControlCharacter,
    /// A colon at the start.
    #[error("missing protocol scheme")]
    MissingScheme,
    /// What stands before the colon is no scheme.
    #[error("first path segment in URL cannot contain colon")]
    ColonInFirstSegment,
    /// A percent sign without two digits, or where it must not be.
    #[error("invalid URL escape {}", quoted(.0))]
    Escape(Vec<u8>),
    /// A character that no host has.
    #[error("invalid character {} in host name", quoted(.0))]
    HostCharacter(Vec<u8>),
    /// A character that no user has.
    #[error("net/url: invalid userinfo")]
    UserInfo,
    /// Brackets around what is no IPv6 address.
    #[error("invalid IP-literal")]
    IpLiteral,
    /// An address in brackets that cannot be read.
    #[error("invalid host: ParseAddr({}): {why}", quoted(.address))]
    Address {
        /// As written.
        address: Vec<u8>,
        /// Why.
        why: &'static str,
    },
    /// A bracket that is not closed.
    #[error("missing ']' in host")]
    MissingBracket,
    /// A port that is no number.
    #[error("invalid port {} after host", quoted(.0))]
    Port(Vec<u8>),
}

impl Url {
    pub(super) fn parse(text: &[u8]) -> Result<Self, UrlError> {
        let (rest, fragment) = cut(text, b'#');
        let failed = |text: &[u8], reason| UrlError { text: text.to_vec(), reason };
        let mut url = Self::parse_rest(rest).map_err(|reason| failed(rest, reason))?;
        if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
            url.fragment = unescape(fragment, Part::Fragment).map_err(|reason| failed(text, reason))?;
            if escape(&url.fragment, Part::Fragment) != fragment {
                url.raw_fragment = fragment.to_vec();
            }
        }
        Ok(url)
    }

    /// Everything before the fragment.
    fn parse_rest(text: &[u8]) -> Result<Self, Reason> {
        if text.iter().any(u8::is_ascii_control) {
            return Err(Reason::ControlCharacter);
        }
        let mut url = Self::default();
        if text == b"*" {
            url.path = b"*".to_vec();
            return Ok(url);
        }
        let (scheme, rest) = scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (mut rest, query) = cut(rest, b'?');
        url.force_query = query == Some(b"");
        url.query = query.unwrap_or_default().to_vec();
        if !rest.starts_with(b"/") {
            if !url.scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut(rest, b'/').0.contains(&b':') {
                return Err(Reason::ColonInFirstSegment);
            }
        }
        let has_authority = !url.scheme.is_empty() || !rest.starts_with(b"///");
        if let Some(after) = rest.strip_prefix(b"//")
            && has_authority
        {
            let end = after.iter().position(|&byte| byte == b'/').unwrap_or(after.len());
            (url.user, url.host) = authority(&url.scheme, &after[..end])?;
            rest = &after[end..];
        } else if !url.scheme.is_empty() && rest.starts_with(b"/") {
            url.omit_host = true;
        }
        url.path = unescape(rest, Part::Path)?;
        if escape(&url.path, Part::Path) != rest {
            url.raw_path = rest.to_vec();
        }
        Ok(url)
    }
}

/// What stands before and after the first of a byte.
fn cut(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&other| other == byte) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// The scheme, if there is one, and what follows its colon.
fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), Reason> {
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err(Reason::MissingScheme),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok((&[], text))
}

/// User and host.
fn authority(scheme: &[u8], text: &[u8]) -> Result<(Option<User>, Vec<u8>), Reason> {
    let Some(at) = text.iter().rposition(|&byte| byte == b'@') else {
        return Ok((None, host::parse(scheme, text)?));
    };
    let (user, host) = (&text[..at], host::parse(scheme, &text[at + 1..])?);
    let is_allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !user.iter().all(is_allowed) {
        return Err(Reason::UserInfo);
    }
    let (name, password) = cut(user, b':');
    let name = unescape(name, Part::User)?;
    let password = password.map(|password| unescape(password, Part::User)).transpose()?;
    Ok((Some(User { name, password }), host))
}
