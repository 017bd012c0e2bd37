//! Scalars in blocks: `|` and `>`.

use std::borrow::Cow;

use super::super::error::{Problem, ReadError};
use super::super::token::{ScalarStyle, TokenKind};
use super::Scanner;

/// What becomes of the line breaks between lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folding {
    /// `|`: they stay.
    Literal,
    /// `>`: they become spaces, except around indented lines.
    Folded,
}

/// What becomes of the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    /// One stays.
    Clip,
    /// `-`
    Strip,
    /// `+`
    Keep,
}

impl Scanner<'_> {
    pub(super) fn block_scalar(&mut self, folding: Folding) -> Result<(), ReadError> {
        self.keys.remove(&self.cursor)?;
        self.is_key_allowed = true;
        let line = self.cursor.mark.line;
        self.cursor.skip_ascii(1);
        let (chomping, increment) = self.block_header()?;
        let mut indent = increment.map(|increment| self.indent.unwrap_or(0) + increment);

        let mut text = String::new();
        let mut leading_break = String::new();
        let mut trailing_breaks = String::new();
        let mut is_after_indented = false;
        let column = self.block_breaks(&mut indent, &mut trailing_breaks)?;
        self.cursor.need(1)?;
        while self.cursor.mark.column == column && !self.cursor.is_end() {
            let is_indented = self.cursor.is_blank();
            let is_folded = folding == Folding::Folded && !is_after_indented && !is_indented;
            if is_folded && leading_break.starts_with('\n') {
                if trailing_breaks.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(&leading_break);
            }
            text.push_str(&trailing_breaks);
            leading_break.clear();
            trailing_breaks.clear();
            is_after_indented = is_indented;

            let start = self.cursor.position();
            self.cursor.skip_to_break()?;
            text.push_str(self.cursor.since(start));
            self.cursor.need(2)?;
            leading_break.push_str(self.cursor.take_break());
            self.block_breaks(&mut indent, &mut trailing_breaks)?;
        }
        if chomping != Chomping::Strip {
            text.push_str(&leading_break);
        }
        if chomping == Chomping::Keep {
            text.push_str(&trailing_breaks);
        }
        self.push(TokenKind::Scalar { text: Cow::Owned(text), style: ScalarStyle::Text }, line);
        Ok(())
    }

    /// Reads the indicators after `|` or `>` and the rest of their line.
    fn block_header(&mut self) -> Result<(Chomping, Option<usize>), ReadError> {
        let mut chomping = self.chomping()?;
        let mut increment = None;
        if self.cursor.byte(0).is_ascii_digit() {
            if self.cursor.byte(0) == b'0' {
                return self.cursor.error(Problem::ZeroIndentation);
            }
            increment = Some(usize::from(self.cursor.byte(0) - b'0'));
            self.cursor.skip_ascii(1);
            if chomping.is_none() {
                chomping = self.chomping()?;
            }
        }
        self.cursor.skip_blanks()?;
        if self.cursor.byte(0) == b'#' {
            self.cursor.skip_to_break()?;
        }
        if !self.cursor.is_break_or_end() {
            return self.cursor.error(Problem::MissingCommentOrBreak);
        }
        if self.cursor.is_break() {
            self.cursor.need(2)?;
            self.cursor.take_break();
        }
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    fn chomping(&mut self) -> Result<Option<Chomping>, ReadError> {
        self.cursor.need(1)?;
        let chomping = match self.cursor.byte(0) {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return Ok(None),
        };
        self.cursor.skip_ascii(1);
        self.cursor.need(1)?;
        Ok(Some(chomping))
    }

    /// Skips empty lines and the indentation of the next line. Unless it is known, the deepest of these lines sets
    /// the indentation. Gives the indentation.
    fn block_breaks(&mut self, indent: &mut Option<usize>, breaks: &mut String) -> Result<usize, ReadError> {
        let mut deepest = 0;
        let limit = indent.unwrap_or(usize::MAX);
        loop {
            self.cursor.need(1)?;
            while self.cursor.mark.column < limit && self.cursor.byte(0) == b' ' {
                self.cursor.skip_ascii(1);
                self.cursor.need(1)?;
            }
            deepest = deepest.max(self.cursor.mark.column);
            if self.cursor.mark.column < limit && self.cursor.byte(0) == b'\t' {
                return self.cursor.error(Problem::TabAsIndentation);
            }
            if !self.cursor.is_break() {
                break;
            }
            self.cursor.need(2)?;
            breaks.push_str(self.cursor.take_break());
        }
        let least = self.indent.map_or(0, |indent| indent + 1).max(1);
        Ok(*indent.get_or_insert(deepest.max(least)))
    }
}
