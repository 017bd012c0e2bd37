//! The characters of a TOML text, and what is wrong with them.

use go_text_template::{Value, format};

use crate::unicode::decode;

/// A place in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
    at_end: bool,
}

/// What is wrong, and on which line.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) message: String,
}

/// The end of the text; the library takes NUL for it, which no text may hold.
pub(super) const END: char = '\0';

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self { text, at: 0, line: 1, at_end: false }
    }

    /// The next character.
    pub(super) fn next(&mut self) -> Result<char, Fault> {
        let Some((character, length)) = decode(&self.text[self.at..]) else {
            self.at_end = true;
            return Ok(END);
        };
        if character == '\n' {
            self.line += 1;
        }
        let here = |message| Err(Fault { line: self.line, message });
        if character == char::REPLACEMENT_CHARACTER && length == 1 {
            return here(format!("invalid UTF-8 byte: 0x{:02x}", self.text[self.at]));
        }
        let is_lone_return = character == '\r' && self.text.get(self.at + 1) != Some(&b'\n');
        let is_control =
            matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}');
        if is_control || is_lone_return {
            let code = u32::from(character);
            return here(format!("TOML files cannot contain control characters: '0x{code:02x}'"));
        }
        self.at += length;
        Ok(character)
    }

    /// The next character, which stays the next.
    pub(super) fn peek(&self) -> Result<char, Fault> {
        let mut ahead = *self;
        ahead.next()
    }

    /// Goes on if the next character is this one.
    pub(super) fn accept(&mut self, wanted: char) -> Result<bool, Fault> {
        let mut ahead = *self;
        let found = ahead.next()? == wanted;
        if found {
            *self = ahead;
        }
        Ok(found)
    }

    /// Goes on while something holds for the characters.
    pub(super) fn skip(&mut self, holds: impl Fn(char) -> bool) -> Result<(), Fault> {
        loop {
            let mut ahead = *self;
            if !holds(ahead.next()?) {
                return Ok(());
            }
            *self = ahead;
        }
    }

    pub(super) fn line(&self) -> usize {
        self.line
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The text from a place to here.
    pub(super) fn since(&self, start: usize) -> &'t [u8] {
        &self.text[start.min(self.at)..self.at]
    }

    /// Goes back to a place on the same line.
    pub(super) fn back_to(&mut self, at: usize) {
        (self.at, self.at_end) = (at, false);
    }

    /// A fault here; at the end of the text, on its last line.
    pub(super) fn fault(&self, message: impl Into<String>) -> Fault {
        let after_break = self.at_end && self.at > 0 && self.text[self.at - 1] == b'\n';
        Fault { line: self.line - usize::from(after_break), message: message.into() }
    }

    /// A fault at a line break that was just read.
    pub(super) fn fault_before_break(&self, message: impl Into<String>) -> Fault {
        Fault { line: self.line.saturating_sub(1), message: message.into() }
    }

    /// A fault that the library reports a line early at the end.
    pub(super) fn early_fault(&self, message: impl Into<String>) -> Fault {
        if self.at_end { self.fault_before_break(message) } else { self.fault(message) }
    }
}

pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

pub(super) fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r')
}

/// A character as `%q` shows it.
pub(super) fn quoted(character: char) -> String {
    let code = Value::Int32(u32::from(character) as i32);
    let text = format::sprintf("%q", &[&code]).unwrap_or_default();
    String::from_utf8_lossy(&text).into_owned()
}

/// A character, or the words for the end.
pub(super) fn or_end(character: char) -> String {
    if character == END { "end of file".to_owned() } else { format!("'{character}'") }
}
