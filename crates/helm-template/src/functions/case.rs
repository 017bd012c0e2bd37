//! Upper and lower case, and names in the styles of programming languages.

use crate::declare::functions;
use crate::unicode::{self, Characters};

functions! {
    "upper"(text: Text) -> Text = upper, "The text in upper case.", example r#"{{ upper "é1" }}"# => "É1";
    "lower"(text: Text) -> Text = lower, "The text in lower case.", example r#"{{ lower "ÉX" }}"# => "éx";
    "title"(text: Text) -> Text = title,
        "Puts the first letter of every word into title case; letters, digits and `_` make words.",
        example r#"{{ title "hello it's" }}"# => "Hello It'S";
    "untitle"(text: Text) -> Text = untitle, "Puts the first letter of every word into lower case.",
        example r#"{{ untitle "Hello World" }}"# => "hello world";
    "swapcase"(text: Text) -> Text = swapcase,
        "Exchanges upper and lower case; a lower case letter after white space becomes title case.",
        example r#"{{ swapcase "Hello" }}"# => "hELLO";
    "camelcase"(text: Text) -> Text = camelcase, "Joins words, each with a capital: `UserId`.",
        example r#"{{ camelcase "http_server" }}"# => "HttpServer";
    "snakecase"(text: Text) -> Text = snakecase, "Joins words, in lower case, with `_`.",
        example r#"{{ snakecase "FirstName" }}"# => "first_name";
    "kebabcase"(text: Text) -> Text = kebabcase, "Joins words, in lower case, with `-`.",
        example r#"{{ kebabcase "FirstName" }}"# => "first-name";
}

/// Maps all characters; broken bytes become U+FFFD.
fn mapped(text: &[u8], map: impl Fn(char) -> char) -> Vec<u8> {
    Characters(text).map(|(character, _)| map(character)).collect::<String>().into_bytes()
}

fn upper(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() { text.to_ascii_uppercase() } else { mapped(text, unicode::to_upper) }
}

fn lower(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() { text.to_ascii_lowercase() } else { mapped(text, unicode::to_lower) }
}

fn title(text: &[u8]) -> String {
    let mut before = ' ';
    let characters = Characters(text).map(|(character, _)| {
        let before = std::mem::replace(&mut before, character);
        if is_separator(before) { unicode::to_title(character) } else { character }
    });
    characters.collect()
}

/// Go's `strings.isSeparator`: not a letter, digit or underscore in ASCII; only white space beyond it.
fn is_separator(character: char) -> bool {
    match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => false,
        '\0'..='\x7f' => true,
        _ if unicode::is_letter(character) || unicode::is_digit(character) => false,
        _ => unicode::is_space(character),
    }
}

fn untitle(text: &[u8]) -> Vec<u8> {
    if text.is_empty() {
        return Vec::new();
    }
    let mut at_start = true;
    let characters = Characters(text).map(|(character, _)| {
        let starts = std::mem::replace(&mut at_start, unicode::is_space(character));
        if starts && !at_start { unicode::to_lower(character) } else { character }
    });
    characters.collect::<String>().into_bytes()
}

fn swapcase(text: &[u8]) -> String {
    let mut after_space = true;
    let characters = Characters(text).map(|(character, _)| {
        if unicode::is_upper(character) || unicode::is_title(character) {
            after_space = false;
            unicode::to_lower(character)
        } else if unicode::is_lower(character) {
            if std::mem::replace(&mut after_space, false) {
                unicode::to_title(character)
            } else {
                unicode::to_upper(character)
            }
        } else {
            after_space = unicode::is_space(character);
            character
        }
    });
    characters.collect()
}

fn is_connector(character: char) -> bool {
    character == '-' || character == '_' || unicode::is_space(character)
}

/// Connectors at the start and, of several, all but the last stay; after one comes a capital. A word that begins with
/// capitals keeps the first and lowers the others.
fn camelcase(text: &[u8]) -> String {
    let mut characters = Characters(text).map(|(character, _)| character);
    let mut out = String::new();
    let mut current = loop {
        match characters.next() {
            // Of nothing but connectors, the last is written once more.
            None => {
                out.extend(out.chars().next_back());
                return out;
            }
            Some(character) if is_connector(character) => out.push(character),
            Some(character) => break character,
        }
    };
    let mut in_capitals = unicode::is_upper(current);
    current = unicode::to_upper(current);
    for next in characters {
        let previous = std::mem::replace(&mut current, next);
        match (is_connector(previous), is_connector(current)) {
            (true, true) => out.push(previous),
            (true, false) => {
                in_capitals = unicode::is_upper(current);
                current = unicode::to_upper(current);
            }
            (false, _) => {
                if in_capitals {
                    if unicode::is_upper(current) {
                        current = unicode::to_lower(current);
                    } else {
                        in_capitals = false;
                    }
                }
                out.push(previous);
            }
        }
    }
    out.push(current);
    out
}

fn snakecase(text: &[u8]) -> Vec<u8> {
    joined_words(text, b'_')
}

fn kebabcase(text: &[u8]) -> Vec<u8> {
    joined_words(text, b'-')
}

/// What a stretch of a name is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// The end, or bytes that are no characters.
    Invalid,
    Number,
    /// Begins with a capital.
    Capital,
    Letters,
    Connector,
    Punctuation,
    Other,
}

/// Takes names apart into words and puts them together again in lower case.
struct Words<'t> {
    rest: &'t [u8],
    word: Word,
    text: &'t [u8],
    connector: u8,
    out: Vec<u8>,
}

fn joined_words(text: &[u8], connector: u8) -> Vec<u8> {
    let mut words = Words { rest: text, word: Word::Invalid, text: &[], connector, out: Vec::new() };
    words.advance();
    while !words.rest.is_empty() {
        if words.word != Word::Connector {
            words.write();
        }
        let (previous, previous_text) = (words.word, words.text);
        words.advance();
        match previous {
            Word::Number => words.finish_number(),
            Word::Connector => words.write_lower(previous, previous_text),
            Word::Punctuation => {}
            _ => words.after_letters(),
        }
    }
    words.write();
    words.out
}

impl<'t> Words<'t> {
    fn advance(&mut self) {
        let (word, length) = next_word(self.rest);
        (self.word, self.text) = (word, &self.rest[..length]);
        self.rest = &self.rest[length..];
    }

    fn write(&mut self) {
        self.write_lower(self.word, self.text);
    }

    fn write_lower(&mut self, word: Word, text: &[u8]) {
        if !matches!(word, Word::Capital | Word::Connector) {
            self.out.extend_from_slice(text);
            return;
        }
        let mut buffer = [0; 4];
        for (character, _) in Characters(text) {
            if is_connector(character) {
                self.connect();
            } else {
                let small =
                    if unicode::is_upper(character) { unicode::to_lower(character) } else { character };
                self.out.extend_from_slice(small.encode_utf8(&mut buffer).as_bytes());
            }
        }
    }

    fn connect(&mut self) {
        self.out.push(self.connector);
    }

    /// Letters and numbers that follow a number belong to it.
    fn finish_number(&mut self) {
        while matches!(self.word, Word::Letters | Word::Number) {
            self.write();
            self.advance();
        }
        if !matches!(self.word, Word::Invalid | Word::Punctuation | Word::Connector) {
            self.connect();
        }
    }

    /// A number that follows letters belongs to them, unless letters follow it.
    fn after_letters(&mut self) {
        if self.word != Word::Number {
            if !matches!(self.word, Word::Connector | Word::Punctuation) {
                self.connect();
            }
            return;
        }
        if self.rest.is_empty() {
            return;
        }
        let number = self.text;
        self.advance();
        if self.word != Word::Letters {
            self.write_lower(Word::Number, number);
            if !matches!(self.word, Word::Connector | Word::Punctuation) {
                self.connect();
            }
            return;
        }
        self.connect();
        self.write_lower(Word::Number, number);
        self.finish_number();
    }
}

/// The kind and length of the first word. Broken bytes inside a word count as the character before them.
fn next_word(text: &[u8]) -> (Word, usize) {
    let Some((first, length)) = valid_character(text, char::REPLACEMENT_CHARACTER) else {
        return (Word::Invalid, 0);
    };
    if first == char::REPLACEMENT_CHARACTER {
        return (Word::Invalid, length);
    }
    let while_holds = |holds: fn(char) -> bool| run(text, length, first, holds).0;
    if is_connector(first) {
        (Word::Connector, while_holds(is_connector))
    } else if unicode::is_punctuation(first) {
        (Word::Punctuation, while_holds(unicode::is_punctuation))
    } else if unicode::is_upper(first) {
        (Word::Capital, capitalized(text, first, length))
    } else if is_alphabet(first) {
        (Word::Letters, while_holds(is_small))
    } else if unicode::is_number(first) {
        (Word::Number, while_holds(unicode::is_number))
    } else {
        let is_other = |character| {
            !(is_connector(character)
                || is_alphabet(character)
                || unicode::is_number(character)
                || unicode::is_punctuation(character))
        };
        (Word::Other, run(text, length, first, is_other).0)
    }
}

fn capitalized(text: &[u8], first: char, length: usize) -> usize {
    let Some((second, size)) = valid_character(&text[length..], first) else { return length };
    if unicode::is_upper(second) {
        let (end, last_size, after) = run_with_last(text, length + size, second, size);
        // The last capital of `HTTPStatus` begins the next word.
        return if end < text.len() && after.is_some_and(is_alphabet) { end - last_size } else { end };
    }
    if is_alphabet(second) {
        return run(text, length + size, second, is_small).0;
    }
    length
}

/// How far characters go on for which something holds, and the first for which it does not.
fn run(text: &[u8], from: usize, before: char, holds: impl Fn(char) -> bool) -> (usize, Option<char>) {
    let (mut end, mut last) = (from, before);
    while let Some((character, size)) = valid_character(&text[end..], last) {
        if !holds(character) {
            return (end, Some(character));
        }
        (end, last) = (end + size, character);
    }
    (end, None)
}

/// Like [`run`] for capitals, with the size of the last one.
fn run_with_last(text: &[u8], from: usize, before: char, size: usize) -> (usize, usize, Option<char>) {
    let (mut end, mut last, mut last_size) = (from, before, size);
    while let Some((character, size)) = valid_character(&text[end..], last) {
        if !unicode::is_upper(character) {
            return (end, last_size, Some(character));
        }
        (end, last, last_size) = (end + size, character, size);
    }
    (end, last_size, None)
}

/// The next character that is not U+FFFD, with all bytes up to its end; at the end of the text, the one before.
fn valid_character(text: &[u8], before: char) -> Option<(char, usize)> {
    let mut size = 0;
    for (character, length) in Characters(text) {
        size += length;
        if character != char::REPLACEMENT_CHARACTER {
            return Some((character, size));
        }
    }
    if text.is_empty() { None } else { Some((before, size)) }
}

fn is_alphabet(character: char) -> bool {
    unicode::is_letter(character) && !is_ideograph(character)
}

/// Scripts without words, which count as something else.
fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fcc}' | '\u{3400}'..='\u{4d85}' | '\u{20000}'..='\u{2b81d}')
}

fn is_small(character: char) -> bool {
    is_alphabet(character) && !unicode::is_upper(character)
}
