//! Scalars without quotes, over one line or several.

use std::borrow::Cow;

use super::super::error::{Problem, ReadError};
use super::super::token::{ScalarStyle, TokenKind};
use super::Scanner;
use super::folding::LineBreaks;

/// The bytes that never end a plain scalar, as a table: this is where most of a text goes through.
const IS_PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = matches!(
            byte as u8,
            b'!'..=b'+' | b'-'..=b'9' | b';'..=b'>' | b'@'..=b'Z' | b'\\' | b'^'..=b'z' | b'|' | b'~'
        );
        byte += 1;
    }
    table
};

impl Scanner<'_> {
    pub(super) fn plain_scalar(&mut self) -> Result<(), ReadError> {
        self.save_key()?;
        self.is_key_allowed = false;
        let line = self.cursor.mark.line;
        let indent = self.indent.map_or(0, |indent| indent + 1);
        // What earlier lines gave, and where the text of this line is.
        let mut folded = String::new();
        let mut start = self.cursor.position();
        let mut end = start;
        let mut breaks = LineBreaks::default();
        loop {
            self.cursor.need(4)?;
            if self.cursor.is_at_document_indicator() || self.cursor.byte(0) == b'#' {
                break;
            }
            while !self.cursor.is_white_or_end() && !self.is_at_plain_end() {
                if breaks.any() {
                    folded.push_str(self.cursor.between(start, end));
                    breaks.fold_into(&mut folded);
                    start = self.cursor.position();
                }
                self.skip_plain_run();
                end = self.cursor.position();
                self.cursor.need(2)?;
            }
            if !self.cursor.is_blank() && !self.cursor.is_break() {
                break;
            }
            while self.cursor.is_blank() || self.cursor.is_break() {
                if self.cursor.is_break() {
                    self.cursor.need(2)?;
                    breaks.push(self.cursor.take_break());
                } else {
                    let is_indentation = breaks.any() && self.cursor.mark.column < indent;
                    if is_indentation && self.cursor.byte(0) == b'\t' {
                        return self.cursor.error(Problem::TabInPlain);
                    }
                    self.cursor.skip_ascii(1);
                }
                self.cursor.need(1)?;
            }
            if self.brackets == 0 && self.cursor.mark.column < indent {
                break;
            }
        }
        self.is_key_allowed |= breaks.any();
        let last = self.cursor.between(start, end);
        let text = if folded.is_empty() { Cow::Borrowed(last) } else { Cow::Owned(folded + last) };
        self.push(TokenKind::Scalar { text, style: ScalarStyle::Plain }, line);
        Ok(())
    }

    /// Whether an indicator that ends a plain scalar is here.
    fn is_at_plain_end(&self) -> bool {
        match self.cursor.byte(0) {
            b':' => self.cursor.is_white_or_end_at(1),
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.brackets > 0,
            _ => false,
        }
    }

    /// Moves over one character, or over as many as are certain to belong to the scalar.
    fn skip_plain_run(&mut self) {
        self.cursor.skip();
        self.cursor.skip_ascii_run(|byte| IS_PLAIN[usize::from(byte)]);
    }
}
