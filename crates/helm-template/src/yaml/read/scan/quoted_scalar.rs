//! Scalars in quotes.

use std::borrow::Cow;

use super::super::error::{Problem, ReadError};
use super::super::token::{ScalarStyle, TokenKind};
use super::Scanner;
use super::folding::LineBreaks;

/// Which quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    Single,
    Double,
}

impl Quote {
    fn byte(self) -> u8 {
        match self {
            Self::Single => b'\'',
            Self::Double => b'"',
        }
    }
}

impl<'s> Scanner<'s> {
    pub(super) fn quoted_scalar(&mut self, quote: Quote) -> Result<(), ReadError> {
        self.save_key()?;
        self.is_key_allowed = false;
        let line = self.cursor.mark.line;
        self.cursor.skip_ascii(1);
        let text = self.quoted_text(quote)?;
        self.cursor.skip_ascii(1);
        self.push(TokenKind::Scalar { text, style: ScalarStyle::Text }, line);
        Ok(())
    }

    fn quoted_text(&mut self, quote: Quote) -> Result<Cow<'s, str>, ReadError> {
        // What is not a plain copy of the source up to here, and where the copy since then begins.
        let mut changed = String::new();
        let mut start = self.cursor.position();
        let mut has_changed = false;
        loop {
            self.cursor.need(4)?;
            if self.cursor.is_at_document_indicator() {
                return self.cursor.error(Problem::DocumentIndicatorInQuotes);
            }
            if self.cursor.is_end() {
                return self.cursor.error(Problem::EndInQuotes);
            }
            let mut breaks = LineBreaks::default();
            while !self.cursor.is_white_or_end() {
                let byte = self.cursor.byte(0);
                if byte == b'\'' && quote == Quote::Single && self.cursor.byte(1) == b'\'' {
                    self.cursor.skip_ascii(1);
                    changed.push_str(self.cursor.since(start));
                    self.cursor.skip_ascii(1);
                } else if byte == quote.byte() {
                    break;
                } else if byte == b'\\' && quote == Quote::Double {
                    changed.push_str(self.cursor.since(start));
                    if self.cursor.is_break_at(1) {
                        self.cursor.need(3)?;
                        self.cursor.skip_ascii(1);
                        self.cursor.take_break();
                        breaks.push_escaped();
                    } else {
                        changed.push(self.escape()?);
                    }
                } else {
                    self.cursor.skip();
                    self.cursor.skip_ascii_run(
                        |byte| matches!(byte, b'!' | b'#'..=b'&' | b'('..=b'[' | b']'..=b'~'),
                    );
                    self.cursor.need(2)?;
                    continue;
                }
                has_changed = true;
                start = self.cursor.position();
                if breaks.any() {
                    break;
                }
                self.cursor.need(2)?;
            }
            self.cursor.need(1)?;
            if self.cursor.byte(0) == quote.byte() {
                break;
            }
            let end = self.cursor.position();
            while self.cursor.is_blank() || self.cursor.is_break() {
                if self.cursor.is_break() {
                    self.cursor.need(2)?;
                    if !breaks.any() {
                        changed.push_str(self.cursor.between(start, end));
                    }
                    breaks.push(self.cursor.take_break());
                } else {
                    self.cursor.skip_ascii(1);
                }
                self.cursor.need(1)?;
            }
            if breaks.any() {
                breaks.fold_into(&mut changed);
                has_changed = true;
                start = self.cursor.position();
            }
        }
        let last = self.cursor.since(start);
        Ok(if has_changed { Cow::Owned(changed + last) } else { Cow::Borrowed(last) })
    }

    /// Reads an escape in double quotes.
    fn escape(&mut self) -> Result<char, ReadError> {
        let character = match self.cursor.byte(1) {
            b'0' => '\0',
            b'a' => '\u{7}',
            b'b' => '\u{8}',
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b'v' => '\u{b}',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'e' => '\u{1b}',
            b' ' => ' ',
            b'"' => '"',
            b'\'' => '\'',
            b'\\' => '\\',
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            b'x' => return self.escape_code(2),
            b'u' => return self.escape_code(4),
            b'U' => return self.escape_code(8),
            _ => return self.cursor.error(Problem::UnknownEscape),
        };
        self.cursor.skip_ascii(2);
        Ok(character)
    }

    fn escape_code(&mut self, digits: usize) -> Result<char, ReadError> {
        self.cursor.skip_ascii(2);
        self.cursor.need(digits)?;
        let mut code: u32 = 0;
        for at in 0..digits {
            match char::from(self.cursor.byte(at)).to_digit(16) {
                Some(digit) => code = code << 4 | digit,
                None => return self.cursor.error(Problem::EscapeDigits),
            }
        }
        let Some(character) = char::from_u32(code) else {
            return self.cursor.error(Problem::EscapeCode);
        };
        self.cursor.skip_ascii(digits);
        Ok(character)
    }
}
