//! Hosts and ports.

use std::net::Ipv6Addr;

use super::escape::{Part, unescape};
use super::parse::Reason;
use crate::bytes::find;

/// Reads the host of a URL, port included.
pub(super) fn parse(scheme: &[u8], host: &[u8]) -> Result<Vec<u8>, Reason> {
    match host.iter().rposition(|&byte| byte == b'[') {
        Some(0) => in_brackets(host),
        Some(_) => Err(Reason::IpLiteral),
        None => {
            let first = host.iter().position(|&byte| byte == b':');
            let last = host.iter().rposition(|&byte| byte == b':');
            // Databases have lists of hosts with ports; the web has one.
            let colon = if matches!(scheme, b"http" | b"https") { first } else { last };
            if let Some(colon) = colon {
                check_port(&host[colon..])?;
            }
            unescape(host, Part::Host)
        }
    }
}

/// An IPv6 address, perhaps with a zone, in brackets.
fn in_brackets(host: &[u8]) -> Result<Vec<u8>, Reason> {
    let end = host.iter().rposition(|&byte| byte == b']').ok_or(Reason::MissingBracket)?;
    check_port(&host[end + 1..])?;
    let port = unescape(&host[end + 1..], Part::Host)?;
    let address = &host[1..end];
    let address = match find(address, b"%25") {
        Some(zone) => {
            [unescape(&address[..zone], Part::Host)?, unescape(&address[zone..], Part::Zone)?].concat()
        }
        None => unescape(address, Part::Host)?,
    };
    check_address(&address)?;
    Ok([b"[", &address[..], b"]", &port].concat())
}

fn check_address(address: &[u8]) -> Result<(), Reason> {
    let bad = |why| Reason::Address { address: address.to_vec(), why };
    match address.iter().find(|&&byte| matches!(byte, b'.' | b':' | b'%')) {
        None => Err(bad("unable to parse IP")),
        Some(b'%') => Err(bad("missing IPv6 address")),
        Some(b'.') => Err(Reason::IpLiteral),
        Some(_) => {
            let mut parts = address.splitn(2, |&byte| byte == b'%');
            let digits = parts.next().and_then(|digits| std::str::from_utf8(digits).ok());
            if parts.next() == Some(b"") {
                return Err(bad("zone must be a non-empty string"));
            }
            let is_address = digits.is_some_and(|digits| digits.parse::<Ipv6Addr>().is_ok());
            if is_address { Ok(()) } else { Err(bad("unable to parse IP")) }
        }
    }
}

/// Whether it is nothing, or a colon and digits, perhaps none.
fn is_port(text: &[u8]) -> bool {
    match text {
        [] => true,
        [b':', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

fn check_port(text: &[u8]) -> Result<(), Reason> {
    if is_port(text) { Ok(()) } else { Err(Reason::Port(text.to_vec())) }
}

/// The host without its port and brackets.
pub(super) fn without_port(host: &[u8]) -> &[u8] {
    let colon = host.iter().rposition(|&byte| byte == b':').filter(|&colon| is_port(&host[colon..]));
    let host = &host[..colon.unwrap_or(host.len())];
    match host {
        [b'[', inner @ .., b']'] => inner,
        host => host,
    }
}
