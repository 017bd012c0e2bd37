//! Tags: `!`, `!local`, `!!str`, `!handle!suffix`, `!<uri>`.

use super::super::error::{Problem, ReadError};
use super::super::token::{Tag, TokenKind};
use super::{Scanner, is_word};

impl<'s> Scanner<'s> {
    pub(super) fn tag(&mut self) -> Result<(), ReadError> {
        self.save_key()?;
        self.is_key_allowed = false;
        let line = self.cursor.mark.line;
        self.cursor.need(2)?;
        let tag = if self.cursor.byte(1) == b'<' { self.verbatim_tag()? } else { self.shorthand_tag()? };
        self.cursor.need(1)?;
        if !self.cursor.is_white_or_end() {
            return self.cursor.error(Problem::MissingWhitespaceOrBreak);
        }
        self.push(TokenKind::Tag(tag), line);
        Ok(())
    }

    fn verbatim_tag(&mut self) -> Result<Tag<'s>, ReadError> {
        self.cursor.skip_ascii(2);
        let suffix = self.tag_uri("")?;
        if self.cursor.byte(0) != b'>' {
            return self.cursor.error(Problem::MissingTagEnd);
        }
        self.cursor.skip_ascii(1);
        Ok(Tag { handle: "", suffix })
    }

    fn shorthand_tag(&mut self) -> Result<Tag<'s>, ReadError> {
        let head = self.tag_handle()?;
        if head.len() > 1 && head.ends_with('!') {
            return Ok(Tag { handle: head, suffix: self.tag_uri("")? });
        }
        // What looked like a handle is the start of the suffix.
        let suffix = self.tag_uri(head)?;
        Ok(if suffix.is_empty() {
            Tag { handle: "", suffix: b"!".to_vec() }
        } else {
            Tag { handle: "!", suffix }
        })
    }

    /// Reads `!`, `!!` or `!name!`, or as much of it as there is.
    pub(super) fn tag_handle(&mut self) -> Result<&'s str, ReadError> {
        let start = self.cursor.position();
        self.cursor.need(1)?;
        if self.cursor.byte(0) != b'!' {
            return self.cursor.error(Problem::MissingTagMark);
        }
        self.cursor.skip_ascii(1);
        self.cursor.take_ascii_while(is_word)?;
        if self.cursor.byte(0) == b'!' {
            self.cursor.skip_ascii(1);
        }
        Ok(self.cursor.since(start))
    }

    /// Reads a URI and puts it after `head` without the `!` that it begins with.
    pub(super) fn tag_uri(&mut self, head: &str) -> Result<Vec<u8>, ReadError> {
        let mut uri = head.get(1..).unwrap_or("").as_bytes().to_vec();
        let mut is_empty = head.is_empty();
        self.cursor.need(1)?;
        while is_uri_byte(self.cursor.byte(0)) {
            if self.cursor.byte(0) == b'%' {
                self.uri_escape(&mut uri)?;
            } else {
                uri.push(self.cursor.byte(0));
                self.cursor.skip_ascii(1);
            }
            self.cursor.need(1)?;
            is_empty = false;
        }
        if is_empty { self.cursor.error(Problem::MissingTagUri) } else { Ok(uri) }
    }

    /// Reads the escaped octets of one character.
    fn uri_escape(&mut self, uri: &mut Vec<u8>) -> Result<(), ReadError> {
        let first = self.uri_octet()?;
        let following = match first {
            0..=0x7f => 0,
            0xc0..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf7 => 3,
            _ => return self.cursor.error(Problem::UriLeadingOctet),
        };
        uri.push(first);
        self.cursor.skip_ascii(3);
        for _ in 0..following {
            let octet = self.uri_octet()?;
            if octet & 0xc0 != 0x80 {
                return self.cursor.error(Problem::UriTrailingOctet);
            }
            uri.push(octet);
            self.cursor.skip_ascii(3);
        }
        Ok(())
    }

    fn uri_octet(&mut self) -> Result<u8, ReadError> {
        self.cursor.need(3)?;
        let digit = |at: usize| char::from(self.cursor.byte(at)).to_digit(16);
        let octet = match (self.cursor.byte(0), digit(1), digit(2)) {
            (b'%', Some(high), Some(low)) => u8::try_from(high << 4 | low).ok(),
            _ => None,
        };
        octet.map_or_else(|| self.cursor.error(Problem::UriEscape), Ok)
    }
}

/// The characters of URIs.
fn is_uri_byte(byte: u8) -> bool {
    is_word(byte)
        || matches!(
            byte,
            b';' | b'/'
                | b'?'
                | b':'
                | b'@'
                | b'&'
                | b'='
                | b'+'
                | b'$'
                | b','
                | b'.'
                | b'!'
                | b'~'
                | b'*'
                | b'\''
                | b'('
                | b')'
                | b'['
                | b']'
                | b'%'
        )
}
