//! URLs to text.

use super::escape::{Part, escape, must_escape, unescape};
use super::{Url, User};

impl User {
    pub(super) fn print(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Part::User);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Part::User));
        }
        out
    }
}

impl Url {
    pub(super) fn print(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.print_hierarchy(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if self.force_query || !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(as_written(&self.fragment, &self.raw_fragment, Part::Fragment));
        }
        out
    }

    /// Authority and path.
    fn print_hierarchy(&self, out: &mut Vec<u8>) {
        let has_host = !self.host.is_empty();
        let is_absolute = !self.scheme.is_empty() || has_host || self.user.is_some();
        let is_omitted = self.omit_host && !has_host && self.user.is_none();
        if is_absolute && !is_omitted {
            if has_host || !self.path.is_empty() || self.user.is_some() {
                out.extend_from_slice(b"//");
            }
            if let Some(user) = &self.user {
                out.extend(user.print());
                out.push(b'@');
            }
            out.extend(escape(&self.host, Part::Host));
        }
        let path = if self.path == b"*" && self.raw_path.is_empty() {
            b"*".to_vec()
        } else {
            as_written(&self.path, &self.raw_path, Part::Path)
        };
        if has_host && path.first().is_some_and(|&byte| byte != b'/') {
            out.push(b'/');
        }
        // A colon in the first segment would make a scheme of it.
        let first_segment = path.split(|&byte| byte == b'/').next().unwrap_or_default();
        if out.is_empty() && first_segment.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    }
}

/// The part as it was written, if that still means the same, else escaped.
fn as_written(part: &[u8], raw: &[u8], of: Part) -> Vec<u8> {
    let is_valid = |&byte: &u8| b"!$&'()*+,;=:@[]%".contains(&byte) || !must_escape(byte, of);
    let is_same = !raw.is_empty()
        && raw.iter().all(is_valid)
        && unescape(raw, of).is_ok_and(|unescaped| unescaped == part);
    if is_same { raw.to_vec() } else { escape(part, of) }
}
