//! Writing a scalar in its style, folding long lines.

use super::output::Output;
use super::scalar::{Classes, Position, Style, is_printable};
use crate::yaml::chars::{BYTE_ORDER_MARK, break_length, is_break, width};

/// The column after which a space may become a line break.
#[derive(Clone, Copy, Debug)]
pub(super) enum LineWidth {
    Columns(usize),
    Endless,
}

/// A scalar whose style is chosen.
pub(super) struct StyledScalar<'a> {
    pub(super) text: &'a str,
    pub(super) classes: Classes,
    pub(super) style: Style,
    pub(super) position: Position,
    pub(super) line_width: LineWidth,
}

impl StyledScalar<'_> {
    pub(super) fn write(&self, out: &mut Output) {
        out.space();
        match self.style {
            Style::Plain => self.write_plain(out),
            Style::SingleQuoted => self.write_single_quoted(out),
            Style::DoubleQuoted => self.write_double_quoted(out),
            Style::Literal => self.write_literal(out),
        }
    }

    /// Where a space may become a line break: after which column, and where the next line begins.
    fn fold(&self) -> Option<(usize, usize)> {
        match (self.position, self.line_width) {
            (Position::Block { indent }, LineWidth::Columns(limit)) if self.classes.has_space() => {
                Some((limit, indent))
            }
            _ => None,
        }
    }

    fn is_short(&self, out: &Output) -> bool {
        self.fold().is_none_or(|(limit, _)| out.column() + self.text.len() <= limit)
    }

    fn write_plain(&self, out: &mut Output) {
        if self.classes.is_ascii() && self.is_short(out) {
            out.ascii(self.text);
        } else {
            self.write_folded(out, 0, self.text.len());
        }
        out.end_token();
    }

    /// Writes a part of the text without line breaks: quotes are doubled where the style needs it, and single spaces
    /// beyond the line width become line breaks. Between quotes, the first and the last byte of all never do.
    fn write_folded(&self, out: &mut Output, start: usize, end: usize) {
        let bytes = self.text.as_bytes();
        let fold = self.fold();
        let is_quoted = self.style == Style::SingleQuoted;
        let is_ascii = self.classes.is_ascii();
        let mut written = start;
        for at in start..end {
            match bytes[at] {
                b'\'' if is_quoted => {
                    out.text(&self.text[written..=at]);
                    written = at;
                }
                b' ' => {
                    let Some((limit, indent)) = fold else { continue };
                    if !is_ascii {
                        out.text(&self.text[written..at]);
                        written = at;
                    }
                    let is_single = bytes.get(at + 1) != Some(&b' ') && (at == 0 || bytes[at - 1] != b' ');
                    let is_inside = !is_quoted || (at > 0 && at + 1 < bytes.len());
                    if is_single && is_inside && out.column() + (at - written) > limit {
                        out.text(&self.text[written..at]);
                        out.indent_folded(indent);
                        written = at + 1;
                    }
                }
                _ => {}
            }
        }
        out.text(&self.text[written..end]);
    }

    fn write_single_quoted(&self, out: &mut Output) {
        out.ascii("'");
        let Position::Block { indent } = self.position else {
            out.text(&self.text.replace('\'', "''"));
            return out.token("'");
        };
        let bytes = self.text.as_bytes();
        let mut at = 0;
        let mut is_line_start = false;
        while at < bytes.len() {
            let length = break_length(bytes, at);
            if length > 0 {
                out.inner_break(&self.text[at..at + length]);
                is_line_start = true;
                at += length;
                continue;
            }
            if std::mem::take(&mut is_line_start) {
                out.pad(indent);
            }
            let end = (at..bytes.len()).find(|&end| is_break(bytes, end)).unwrap_or(bytes.len());
            self.write_folded(out, at, end);
            at = end;
        }
        out.token("'");
    }

    fn write_double_quoted(&self, out: &mut Output) {
        let bytes = self.text.as_bytes();
        // libyaml looks for a byte order mark at the start of the text whatever character it is at.
        let has_mark = bytes.starts_with(BYTE_ORDER_MARK);
        let fold = self.fold();
        out.ascii("\"");
        let mut written = 0;
        let mut is_after_space = false;
        let mut at = 0;
        while at < bytes.len() {
            let next = at + width(bytes[at]);
            let is_escaped = has_mark
                || !is_printable(bytes, at)
                || is_break(bytes, at)
                || matches!(bytes[at], b'"' | b'\\');
            if is_escaped {
                out.text(&self.text[written..at]);
                written = next;
                self.text[at..next].chars().for_each(|character| escape(out, character));
                is_after_space = false;
            } else if bytes[at] == b' ' {
                out.text(&self.text[written..at]);
                written = at;
                if let Some((limit, indent)) = fold
                    && !is_after_space
                    && out.column() > limit
                    && at > 0
                    && next < bytes.len()
                {
                    out.indent_folded(indent);
                    if bytes[next] == b' ' {
                        out.ascii("\\");
                    }
                    written = next;
                }
                is_after_space = true;
            } else {
                is_after_space = false;
            }
            at = next;
        }
        out.text(&self.text[written..]);
        out.token("\"");
    }

    fn write_literal(&self, out: &mut Output) {
        let Position::Block { indent } = self.position else {
            return self.write_double_quoted(out);
        };
        let bytes = self.text.as_bytes();
        out.ascii("|");
        if bytes.first() == Some(&b' ') || is_break(bytes, 0) {
            out.ascii("2");
        }
        out.ascii(match trailing_breaks(self.text) {
            0 => "-",
            1 if self.text.chars().nth(1).is_some() => "",
            _ => "+",
        });
        out.begin_block();
        let mut at = 0;
        while at < bytes.len() {
            let length = break_length(bytes, at);
            if length > 0 {
                out.inner_break(&self.text[at..at + length]);
                at += length;
                continue;
            }
            let end = (at..bytes.len()).find(|&end| is_break(bytes, end)).unwrap_or(bytes.len());
            out.pad(indent);
            out.text(&self.text[at..end]);
            out.mark_block_text();
            at = end;
        }
    }
}

/// How many line breaks the text ends with, up to two.
fn trailing_breaks(text: &str) -> usize {
    let is_line_break = |c: &char| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    text.chars().rev().take(2).take_while(is_line_break).count()
}

/// Writes the escape of a character in double quotes.
fn escape(out: &mut Output, character: char) {
    let short = match character {
        '\0' => "\\0",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\u{b}' => "\\v",
        '\u{c}' => "\\f",
        '\r' => "\\r",
        '\u{1b}' => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{85}' => "\\N",
        '\u{a0}' => "\\_",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        _ => {
            let code = u32::from(character);
            return out.ascii(&match code {
                0..=0xff => format!("\\x{code:02X}"),
                0x100..=0xffff => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            });
        }
    };
    out.ascii(short);
}
