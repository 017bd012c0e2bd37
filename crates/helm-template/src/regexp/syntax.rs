//! Go's syntax of patterns, checked in its order and translated into that of the `regex` crate.

use go_text_template::format;

use super::class;
use super::escape::{self, literal};

/// The pattern is none, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("error parsing regexp: {fault}: `{}`", String::from_utf8_lossy(.part))]
pub(crate) struct PatternError {
    fault: PatternFault,
    /// The part of the pattern that is wrong.
    part: Vec<u8>,
}

/// What is wrong with a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatternFault {
    /// `[z-a]`, `\p{Nope}`
    #[error("invalid character class range")]
    CharacterRange,
    /// `\1`
    #[error("invalid escape sequence")]
    Escape,
    /// `(?P<1`
    #[error("invalid named capture")]
    NamedCapture,
    /// `(?=x)`
    #[error("invalid or unsupported Perl syntax")]
    PerlSyntax,
    /// `a**`
    #[error("invalid nested repetition operator")]
    NestedRepetition,
    /// `a{1001}`
    #[error("invalid repeat count")]
    RepeatCount,
    /// Bytes that are no UTF-8.
    #[error("invalid UTF-8")]
    Utf8,
    /// `[a`
    #[error("missing closing ]")]
    MissingBracket,
    /// `(a`
    #[error("missing closing )")]
    MissingParenthesis,
    /// `*`
    #[error("missing argument to repetition operator")]
    MissingArgument,
    /// `\` at the end
    #[error("trailing backslash at end of expression")]
    TrailingBackslash,
    /// `a)`
    #[error("unexpected )")]
    UnexpectedParenthesis,
    /// More than 1,000 levels.
    #[error("expression nests too deeply")]
    TooDeep,
    /// More than any machine should have to match.
    #[error("expression too large")]
    TooLarge,
}

impl PatternError {
    pub(super) fn new(fault: PatternFault, part: &[u8]) -> Self {
        Self { fault, part: part.to_vec() }
    }

    /// What Go says when it must have been a pattern.
    pub(crate) fn of_compile(&self, pattern: &[u8]) -> String {
        let quoted = match std::str::from_utf8(pattern) {
            Ok(text) if may_stand_in_backquotes(text) => format!("`{text}`"),
            _ => String::from_utf8_lossy(&format::quote(pattern)).into_owned(),
        };
        format!("regexp: Compile({quoted}): {self}")
    }
}

fn may_stand_in_backquotes(text: &str) -> bool {
    text.chars().all(|character| match character {
        '\t' => true,
        '\u{feff}' | '`' | '\u{7f}' => false,
        other => other >= ' ',
    })
}

/// A pattern in the other syntax, and the names of its groups, the whole match first.
pub(super) struct Translated {
    pub(super) pattern: String,
    pub(super) names: Vec<String>,
}

/// Repetitions inside each other, which may not multiply to more than 1,000.
#[derive(Clone, Debug, Default)]
struct Repeats {
    count: Option<i64>,
    inner: Vec<Self>,
}

const MOST_REPEATS: i64 = 1000;
const MOST_LEVELS: usize = 1000;

impl Repeats {
    fn is_valid(&self, most: i64) -> bool {
        let left = match self.count {
            Some(0) => return true,
            Some(count) if count > most => return false,
            Some(count) => most / count,
            None => most,
        };
        self.inner.iter().all(|inner| inner.is_valid(left))
    }
}

/// A group, or the whole, being read.
#[derive(Default)]
struct Level {
    /// What was read of it.
    atoms: Vec<Repeats>,
    /// Whether something stands here that can be repeated.
    has_argument: bool,
    /// Where that begins in the translation.
    argument_at: usize,
    /// Whether repetitions are lazy unless they say so (`U`).
    is_lazy: bool,
}

/// Flags that follow something: a repetition after them repeats what stands before.
struct Flags {
    /// Where they stand in the translation.
    at: usize,
    /// Whether repetitions were lazy before.
    was_lazy: bool,
}

struct Parser<'p> {
    whole: &'p [u8],
    rest: &'p [u8],
    out: String,
    names: Vec<String>,
    levels: Vec<Level>,
    /// The flags since the last thing that can be repeated.
    flags: Option<Flags>,
}

/// Checks and translates a pattern.
pub(super) fn translate(pattern: &[u8]) -> Result<Translated, PatternError> {
    let mut parser = Parser {
        whole: pattern,
        rest: pattern,
        out: String::with_capacity(pattern.len() * 2),
        names: vec![String::new()],
        levels: vec![Level::default()],
        flags: None,
    };
    parser.run()?;
    Ok(Translated { pattern: parser.out, names: parser.names })
}

impl<'p> Parser<'p> {
    fn run(&mut self) -> Result<(), PatternError> {
        let mut last_repeat: Option<&'p [u8]> = None;
        while let Some(&first) = self.rest.first() {
            let mut repeat = None;
            match first {
                b'(' if self.rest.get(1) == Some(&b'?') => self.perl_group()?,
                b'(' => {
                    self.rest = &self.rest[1..];
                    self.open("(", Some(String::new()))?;
                }
                b'|' => {
                    self.rest = &self.rest[1..];
                    self.flags = None;
                    self.out.push('|');
                    self.level().has_argument = false;
                }
                b')' => self.close()?,
                b'^' | b'$' | b'.' => {
                    self.rest = &self.rest[1..];
                    self.atom(&char::from(first).to_string());
                }
                b'[' => {
                    let (class, rest) = class::bracketed(self.rest)?;
                    self.rest = rest;
                    self.atom(&class);
                }
                b'*' | b'+' | b'?' => {
                    repeat = Some(self.rest);
                    let operator = char::from(first).to_string();
                    self.repeat(&operator, None, &self.rest[1..], last_repeat)?;
                }
                b'{' => match counts(self.rest) {
                    Some((least, most, after)) => {
                        repeat = Some(self.rest);
                        self.counted_repeat(least, most, after, last_repeat)?;
                    }
                    None => {
                        self.rest = &self.rest[1..];
                        self.atom(&literal('{'));
                    }
                },
                b'\\' => self.escape()?,
                _ => {
                    let (character, rest) = escape::next(self.rest)?;
                    self.rest = rest;
                    self.atom(&literal(character));
                }
            }
            last_repeat = repeat;
        }
        if self.levels.len() > 1 {
            return Err(PatternError::new(PatternFault::MissingParenthesis, self.whole));
        }
        Ok(())
    }

    fn level(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level::default());
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    fn atom(&mut self, text: &str) {
        let at = self.out.len();
        self.flags = None;
        self.out.push_str(text);
        let level = self.level();
        level.has_argument = true;
        level.argument_at = at;
        level.atoms.push(Repeats::default());
    }

    /// Something comes here that cannot be repeated: a repetition after it is one of what stands before. Tells whether
    /// repetitions are lazy so far.
    fn mark(&mut self) -> bool {
        let (at, was_lazy) = (self.out.len(), self.level().is_lazy);
        self.flags.get_or_insert(Flags { at, was_lazy });
        was_lazy
    }

    fn open(&mut self, text: &str, name: Option<String>) -> Result<(), PatternError> {
        if self.levels.len() > MOST_LEVELS {
            return Err(PatternError::new(PatternFault::TooDeep, self.whole));
        }
        self.flags = None;
        let (at, is_lazy) = (self.out.len(), is_lazy_after(text, self.level().is_lazy));
        self.level().argument_at = at;
        self.out.push_str(text);
        self.names.extend(name);
        self.levels.push(Level { is_lazy, ..Level::default() });
        Ok(())
    }

    fn close(&mut self) -> Result<(), PatternError> {
        if self.levels.len() < 2 {
            return Err(PatternError::new(PatternFault::UnexpectedParenthesis, self.whole));
        }
        self.rest = &self.rest[1..];
        self.flags = None;
        self.out.push(')');
        let inner = self.levels.pop().map(|level| level.atoms).unwrap_or_default();
        let level = self.level();
        level.has_argument = true;
        level.atoms.push(Repeats { count: None, inner });
        Ok(())
    }

    /// Names, flags, or both.
    fn perl_group(&mut self) -> Result<(), PatternError> {
        let text = self.rest;
        let is_long = text.len() > 4 && text[2] == b'P' && text[3] == b'<';
        let is_short = text.len() > 3 && text[2] == b'<';
        if is_long || is_short {
            let Some(end) = text.iter().position(|&byte| byte == b'>') else {
                escape::check_utf8(text)?;
                return Err(PatternError::new(PatternFault::NamedCapture, text));
            };
            let name = &text[if is_long { 4 } else { 3 }..end];
            escape::check_utf8(name)?;
            let is_name =
                !name.is_empty() && name.iter().all(|&byte| byte == b'_' || byte.is_ascii_alphanumeric());
            if !is_name {
                return Err(PatternError::new(PatternFault::NamedCapture, &text[..=end]));
            }
            self.rest = &text[end + 1..];
            return self.open("(", Some(String::from_utf8_lossy(name).into_owned()));
        }
        let mut rest = &text[2..];
        let mut flags = String::from("(?");
        let (mut is_negative, mut has_flag) = (false, false);
        while !rest.is_empty() {
            let (character, after) = escape::next(rest)?;
            rest = after;
            match character {
                'i' | 'm' | 's' | 'U' => has_flag = true,
                '-' if !is_negative => (is_negative, has_flag) = (true, false),
                ':' | ')' if !is_negative || has_flag => {
                    self.rest = rest;
                    if character == ':' {
                        flags.push(':');
                        return self.open(&flags, None);
                    }
                    // Flags alone hold up to the end of the group.
                    let was_lazy = self.mark();
                    self.level().is_lazy = is_lazy_after(&flags, was_lazy);
                    if flags.len() > 2 {
                        self.out.push_str(&flags);
                        self.out.push(')');
                    }
                    return Ok(());
                }
                _ => break,
            }
            flags.push(character);
        }
        Err(PatternError::new(PatternFault::PerlSyntax, &text[..text.len() - rest.len()]))
    }

    fn counted_repeat(
        &mut self,
        least: i64,
        most: Option<i64>,
        after: &'p [u8],
        last_repeat: Option<&[u8]>,
    ) -> Result<(), PatternError> {
        let is_good = (0..=MOST_REPEATS).contains(&least)
            && most.is_none_or(|most| most <= MOST_REPEATS && least <= most);
        if !is_good {
            let written = &self.rest[..self.rest.len() - after.len()];
            return Err(PatternError::new(PatternFault::RepeatCount, written));
        }
        let operator = match most {
            Some(most) => format!("{{{least},{most}}}"),
            None => format!("{{{least},}}"),
        };
        self.repeat(&operator, Some((least, most)), after, last_repeat)
    }

    fn repeat(
        &mut self,
        operator: &str,
        counts: Option<(i64, Option<i64>)>,
        after: &'p [u8],
        last_repeat: Option<&[u8]>,
    ) -> Result<(), PatternError> {
        let (lazy, after) = match after.strip_prefix(b"?") {
            Some(after) => ("?", after),
            None => ("", after),
        };
        if let Some(last) = last_repeat {
            let written = &last[..last.len() - after.len()];
            return Err(PatternError::new(PatternFault::NestedRepetition, written));
        }
        let written = &self.rest[..self.rest.len() - after.len()];
        if !self.level().has_argument {
            return Err(PatternError::new(PatternFault::MissingArgument, written));
        }
        let count = counts.map(|(least, most)| most.unwrap_or(least));
        let level = self.level();
        let argument = level.atoms.pop().unwrap_or_default();
        let repeated = Repeats { count, inner: vec![argument] };
        let is_large = counts.is_some_and(|(least, most)| least >= 2 || most.is_some_and(|most| most >= 2));
        if is_large && !repeated.is_valid(MOST_REPEATS) {
            return Err(PatternError::new(PatternFault::RepeatCount, written));
        }
        level.atoms.push(repeated);
        self.rest = after;
        let is_lazy = !lazy.is_empty();
        match self.flags.take() {
            None => self.write_repetition(operator, is_lazy),
            Some(Flags { at, was_lazy }) => {
                let flags = self.out.split_off(at);
                let (from, changes) = (self.level().argument_at, self.level().is_lazy != was_lazy);
                self.out.insert_str(from, "(?:");
                self.out.push(')');
                self.write_repetition(operator, is_lazy != changes);
                self.out.push_str(&flags);
            }
        }
        Ok(())
    }

    fn write_repetition(&mut self, operator: &str, is_lazy: bool) {
        self.out.push_str(operator);
        if is_lazy {
            self.out.push('?');
        }
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        let text = self.rest;
        let special = match text.get(1) {
            Some(b'A') => Some("\\A"),
            Some(b'z') => Some("\\z"),
            // Words are of ASCII in Go.
            Some(b'b') => Some("(?-u:\\b)"),
            Some(b'B') => Some("(?-u:\\B)"),
            Some(b'C') => return Err(PatternError::new(PatternFault::Escape, &text[..2])),
            _ => None,
        };
        if let Some(special) = special {
            self.rest = &text[2..];
            self.atom(special);
            return Ok(());
        }
        if let Some(quoted) = text.strip_prefix(b"\\Q") {
            let end = crate::bytes::find(quoted, b"\\E");
            let mut literals = &quoted[..end.unwrap_or(quoted.len())];
            self.rest = end.map_or(&[], |end| &quoted[end + 2..]);
            self.mark();
            while !literals.is_empty() {
                let (character, rest) = escape::next(literals)?;
                literals = rest;
                self.atom(&literal(character));
            }
            return Ok(());
        }
        if let Some((class, rest)) = class::escaped(text)? {
            self.rest = rest;
            self.atom(&class);
            return Ok(());
        }
        let (character, rest) = escape::escaped(text)?;
        self.rest = rest;
        self.atom(&escape::literal_code(character));
        Ok(())
    }
}

/// Whether repetitions are lazy after flags like `(?i-U`.
fn is_lazy_after(flags: &str, was_lazy: bool) -> bool {
    match (flags.find('U'), flags.find('-')) {
        (None, _) => was_lazy,
        (Some(lazy), Some(minus)) => lazy < minus,
        (Some(_), None) => true,
    }
}

/// What stands in braces, if it is a count: the least, the most unless there is none, and what follows.
/// Numbers that are far too large are -1.
fn counts(text: &[u8]) -> Option<(i64, Option<i64>, &[u8])> {
    let (least, rest) = count(&text[1..])?;
    match rest {
        [b'}', after @ ..] => Some((least, Some(least), after)),
        [b',', b'}', after @ ..] => Some((least, None, after)),
        [b',', rest @ ..] => {
            let (most, rest) = count(rest)?;
            let least = if most < 0 { -1 } else { least };
            rest.strip_prefix(b"}").map(|after| (least, Some(most), after))
        }
        _ => None,
    }
}

fn count(text: &[u8]) -> Option<(i64, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || (digits > 1 && text[0] == b'0') {
        return None;
    }
    let (written, rest) = text.split_at(digits);
    let number = if digits > 9 {
        -1
    } else {
        written.iter().fold(0, |number, &digit| number * 10 + i64::from(digit - b'0'))
    };
    Some((number, rest))
}
