//! PEM, as Go's `encoding/pem` reads and writes it. Headers are skipped.

use super::super::encoding;

/// What stands between the lines with dashes.
pub(super) struct Block {
    /// The words on them.
    pub(super) label: String,
    pub(super) bytes: Vec<u8>,
}

/// The first block of a text.
pub(super) fn first(text: &[u8]) -> Option<Block> {
    let text = String::from_utf8_lossy(text);
    let mut rest = &*text;
    loop {
        let start = rest.find("-----BEGIN ")?;
        let at_line_start = start == 0 || rest[..start].ends_with('\n');
        let after = &rest[start + "-----BEGIN ".len()..];
        if at_line_start && let Some(block) = block(after) {
            return Some(block);
        }
        rest = after;
    }
}

fn block(text: &str) -> Option<Block> {
    let (label, body) = text.split_once("-----")?;
    let body = body.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n')?;
    if label.contains('\n') {
        return None;
    }
    let (body, _) = body.split_once(&format!("-----END {label}-----"))?;
    // Headers, such as `Proc-Type: …`, end at an empty line.
    let body = match body.split_once("\n\n") {
        Some((headers, body)) if headers.contains(": ") => body,
        _ => body,
    };
    let digits: Vec<u8> = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bytes = encoding::decode64(&digits).ok()?;
    Some(Block { label: label.to_owned(), bytes })
}

/// A block with lines of 64 digits.
pub(super) fn encode(label: &str, bytes: &[u8]) -> String {
    const LINE: usize = 64;
    let digits = encoding::b64enc(bytes);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = &digits[..];
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}
