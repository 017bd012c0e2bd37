//! Which style a string is written in: go-yaml's choice, restricted by libyaml's analysis of the characters.

use super::Dialect;
use crate::yaml::chars::{is_blank, is_break, width};
use crate::yaml::resolve::{Resolved, is_octal_with_inner_sign, is_sexagesimal, resolve};

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// Where a scalar stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// Before `:` on one line, where no line breaks are allowed.
    SimpleKey,
    /// A value, an item or a key after `?`, with the column that its further lines begin at.
    Block { indent: usize },
}

/// Which kinds of bytes a text has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Classes(u8);

const SPACE: u8 = 1;
/// `:` and `#`, which matter next to white space.
const INDICATOR: u8 = 2;
const LINE_FEED: u8 = 4;
/// All but line feed and U+007F.
const CONTROL: u8 = 8;
const DELETE: u8 = 16;
/// Beyond ASCII.
const HIGH: u8 = 32;

static CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        class[byte] = match byte as u8 {
            b' ' => SPACE,
            b':' | b'#' => INDICATOR,
            b'\n' => LINE_FEED,
            0..=0x1f => CONTROL,
            0x7f => DELETE,
            0x80.. => HIGH,
            _ => 0,
        };
        byte += 1;
    }
    class
};

impl Classes {
    pub(super) fn of(text: &[u8]) -> Self {
        Self(text.iter().fold(0, |seen, &byte| seen | CLASS[usize::from(byte)]))
    }

    pub(super) fn is_ascii(self) -> bool {
        self.0 & HIGH == 0
    }

    pub(super) fn has_delete(self) -> bool {
        self.0 & DELETE != 0
    }

    pub(super) fn has_line_feed(self) -> bool {
        self.0 & LINE_FEED != 0
    }

    pub(super) fn has_space(self) -> bool {
        self.0 & SPACE != 0
    }

    /// Whether only its ends and its first characters can keep a text from being plain.
    fn is_simple(self) -> bool {
        self.0 & !SPACE == 0
    }
}

/// What the characters of a text allow.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent answers to independent questions")]
pub(super) struct Allowed {
    /// The text has line breaks of any kind.
    pub(super) is_multiline: bool,
    plain: bool,
    single_quoted: bool,
    literal: bool,
}

impl Allowed {
    pub(super) fn in_text(text: &str, classes: Classes, dialect: Dialect) -> Self {
        let bytes = text.as_bytes();
        let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else {
            return Self { plain: true, single_quoted: true, ..Self::default() };
        };
        if classes.is_simple() {
            let plain = first != b' ' && last != b' ' && !begins_with_indicator(bytes);
            return Self { is_multiline: false, plain, single_quoted: true, literal: last != b' ' };
        }
        Self::analyzed(bytes, dialect)
    }

    fn analyzed(text: &[u8], dialect: Dialect) -> Self {
        let mut found = Analysis::default();
        let mut is_after_space = false;
        let mut is_after_break = false;
        let mut is_after_white = true;
        let mut at = 0;
        while at < text.len() {
            if CLASS[usize::from(text[at])] == 0 {
                (is_after_space, is_after_break, is_after_white) = (false, false, false);
                at += 1;
                continue;
            }
            let next = at + width(text[at]);
            let is_before_white = next >= text.len() || is_blank(text, next);
            let is_line_break = is_break(text, at);
            match text[at] {
                b':' if at > 0 && is_before_white => found.has_indicator = true,
                b'#' if is_after_white => found.has_indicator = true,
                b'\t' if dialect == Dialect::Pretty => found.has_tab = true,
                _ if !is_printable(text, at) => found.has_special = true,
                _ => {}
            }
            if text[at] == b' ' {
                found.has_space_after_break |= is_after_break;
            } else if is_line_break {
                found.has_break = true;
                found.has_break_after_space |= is_after_space;
            }
            is_after_space = text[at] == b' ';
            is_after_break = is_line_break;
            is_after_white = is_line_break || matches!(text[at], b' ' | b'\t' | 0);
            at = next;
        }
        let is_bordered = text[0] == b' ' || is_break(text, 0) || is_after_space || is_after_break;
        let is_special = found.has_break_after_space || found.has_special;
        let is_quoted = found.has_space_after_break || found.has_tab || is_special;
        Self {
            is_multiline: found.has_break,
            plain: !(is_bordered
                || is_quoted
                || found.has_break
                || found.has_indicator
                || begins_with_indicator(text)),
            single_quoted: !is_quoted,
            literal: !(is_after_space || is_special),
        }
    }

    /// go-yaml's style for a string, as far as the characters allow it.
    pub(super) fn style(self, wish: Style, position: Position) -> Style {
        let is_key = position == Position::SimpleKey;
        let wish = match wish {
            _ if is_key && self.is_multiline => Style::DoubleQuoted,
            Style::Plain if !self.plain => Style::SingleQuoted,
            wish => wish,
        };
        match wish {
            Style::SingleQuoted if !self.single_quoted => Style::DoubleQuoted,
            Style::Literal if !self.literal || is_key => Style::DoubleQuoted,
            wish => wish,
        }
    }
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent findings of one pass over a text")]
struct Analysis {
    has_indicator: bool,
    has_tab: bool,
    has_special: bool,
    has_break: bool,
    has_space_after_break: bool,
    has_break_after_space: bool,
}

/// Whether the first characters mean something else in a block, or look like the border of a document.
fn begins_with_indicator(text: &[u8]) -> bool {
    match text {
        [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..] => true,
        [b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>', ..]
        | [b'\'' | b'"' | b'%' | b'@' | b'`', ..] => true,
        [b'?' | b':' | b'-'] => true,
        [b'?' | b':' | b'-', next, ..] => matches!(next, b' ' | b'\t'),
        _ => false,
    }
}

/// Whether libyaml writes the character at `at` without an escape.
pub(super) fn is_printable(text: &[u8], at: usize) -> bool {
    let byte = |offset: usize| text.get(at + offset).copied().unwrap_or_default();
    match text[at] {
        b'\n' | 0x20..=0x7e => true,
        0xc2 => byte(1) >= 0xa0,
        0xc3..=0xec | 0xee => true,
        0xed => byte(1) < 0xa0,
        0xef => !matches!((byte(1), byte(2)), (0xbb, 0xbf) | (0xbf, 0xbe | 0xbf)),
        _ => false,
    }
}

/// The style that go-yaml asks for: quotes where the plain text would be read as something else.
pub(super) fn wished_style(text: &str, classes: Classes, dialect: Dialect) -> Style {
    if classes.has_line_feed() {
        return Style::Literal;
    }
    let is_misread = match text.as_bytes().first() {
        Some(b'+' | b'-' | b'0'..=b'9') => {
            resolve(text) != Resolved::Text
                || is_sexagesimal(text)
                || (dialect == Dialect::Pretty && is_octal_with_inner_sign(text))
        }
        _ => resolve(text) != Resolved::Text,
    };
    if is_misread { Style::DoubleQuoted } else { Style::Plain }
}
