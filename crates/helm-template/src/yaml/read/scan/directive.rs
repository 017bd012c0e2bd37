//! `%YAML` and `%TAG`.

use super::super::error::{Problem, ReadError};
use super::super::token::{TagDirective, TokenKind};
use super::{Scanner, is_word};

/// The longest part of a version, in digits.
const MAX_VERSION_DIGITS: usize = 2;

impl<'s> Scanner<'s> {
    pub(super) fn directive(&mut self) -> Result<(), ReadError> {
        self.close_blocks(None);
        self.keys.remove(&self.cursor)?;
        self.is_key_allowed = false;
        let line = self.cursor.mark.line;
        self.cursor.skip_ascii(1);
        let name = self.cursor.take_ascii_while(is_word)?;
        if name.is_empty() {
            return self.cursor.error(Problem::MissingDirectiveName);
        }
        if !self.cursor.is_white_or_end() {
            return self.cursor.error(Problem::DirectiveNameCharacter);
        }
        let kind = match name {
            "YAML" => self.version()?,
            "TAG" => TokenKind::TagDirective(self.tag_directive()?),
            _ => return self.cursor.error(Problem::UnknownDirective),
        };
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
        self.push(kind, line);
        Ok(())
    }

    fn version(&mut self) -> Result<TokenKind<'s>, ReadError> {
        self.cursor.skip_blanks()?;
        let major = self.version_number()?;
        if self.cursor.byte(0) != b'.' {
            return self.cursor.error(Problem::MissingVersionDot);
        }
        self.cursor.skip_ascii(1);
        let minor = self.version_number()?;
        Ok(TokenKind::VersionDirective { major, minor })
    }

    fn version_number(&mut self) -> Result<u8, ReadError> {
        self.cursor.need(1)?;
        let mut value = 0;
        let mut length = 0;
        while self.cursor.byte(0).is_ascii_digit() {
            length += 1;
            if length > MAX_VERSION_DIGITS {
                return self.cursor.error(Problem::LongVersion);
            }
            value = value * 10 + (self.cursor.byte(0) - b'0');
            self.cursor.skip_ascii(1);
            self.cursor.need(1)?;
        }
        if length == 0 {
            return self.cursor.error(Problem::MissingVersion);
        }
        Ok(value)
    }

    fn tag_directive(&mut self) -> Result<TagDirective<'s>, ReadError> {
        self.cursor.skip_blanks()?;
        let handle = self.tag_handle()?;
        if handle.len() > 1 && !handle.ends_with('!') {
            return self.cursor.error(Problem::MissingTagMark);
        }
        self.cursor.need(1)?;
        if !self.cursor.is_blank() {
            return self.cursor.error(Problem::MissingWhitespace);
        }
        self.cursor.skip_blanks()?;
        let prefix = self.tag_uri("")?;
        self.cursor.need(1)?;
        if !self.cursor.is_white_or_end() {
            return self.cursor.error(Problem::MissingWhitespaceOrBreak);
        }
        Ok(TagDirective { handle, prefix })
    }
}
