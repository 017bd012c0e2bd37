//! The lines of a document: which key, dash and value goes where.

use std::borrow::Cow;
use std::vec;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::Dialect;
use super::data::{Data, Node};
use super::error::{NonFinite, WriteError};
use super::json_form;
use super::key::{Key, sorted};
use super::output::{Output, OutputMark};
use super::quote::{LineWidth, StyledScalar};
use super::scalar::{Allowed, Classes, Position, Style, wished_style};
use crate::yaml::{MAX_DEPTH, MAX_LENGTH, number};

/// The step of indentation, of both libraries as Helm sets them up.
const INDENT: usize = 2;

/// The longest key, in bytes, that is written without `?`.
const MAX_SIMPLE_KEY: usize = 128;

const BINARY_TAG: &str = "!!binary";

/// Writes one document.
pub(super) struct Writer<D: Data> {
    dialect: Dialect,
    line_width: LineWidth,
    out: Output,
    open: Vec<Container<D>>,
    /// How many of them are [`Container::Overwritten`].
    overwritten: usize,
}

/// A container that is being written, with the column of its dashes or keys.
enum Container<D: Data> {
    Sequence {
        items: D::Sequence,
        indent: usize,
    },
    Mapping {
        entries: vec::IntoIter<(Key<D::Text>, D)>,
        indent: usize,
    },
    /// An entry that is only checked: what it writes is taken back to here.
    Overwritten(OutputMark),
}

/// Where a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Item { indent: usize },
    MappingValue { indent: usize },
}

impl Place {
    /// The column at which lines after the first begin.
    fn inner_indent(self) -> usize {
        match self {
            Self::Root => INDENT,
            Self::Item { indent } | Self::MappingValue { indent } => indent + INDENT,
        }
    }
}

/// A string ready to be written.
struct Prepared<'a> {
    text: Cow<'a, str>,
    classes: Classes,
    allowed: Allowed,
    wish: Style,
    is_binary: bool,
}

impl<D: Data> Writer<D> {
    pub(super) fn new(dialect: Dialect) -> Self {
        let line_width = match dialect {
            Dialect::Plain => LineWidth::Columns(80),
            Dialect::Pretty => LineWidth::Endless,
        };
        Self { dialect, line_width, out: Output::new(), open: Vec::new(), overwritten: 0 }
    }

    pub(super) fn document(mut self, data: D) -> Result<String, WriteError> {
        self.value(data, Place::Root)?;
        while let Some(container) = self.open.last_mut() {
            if self.out.len() > MAX_LENGTH {
                return Err(WriteError::TooLong { limit: MAX_LENGTH });
            }
            match container {
                Container::Sequence { items, indent } => match items.next() {
                    Some(item) => {
                        let indent = *indent;
                        self.out.indent(indent);
                        self.out.block_indicator('-');
                        self.value(item, Place::Item { indent })?;
                    }
                    None => drop(self.open.pop()),
                },
                Container::Mapping { entries, indent } => match entries.next() {
                    Some((key, value)) => {
                        let indent = *indent;
                        if key.is_overwritten {
                            self.open.push(Container::Overwritten(self.out.mark()));
                            self.overwritten += 1;
                        }
                        self.out.indent(indent);
                        self.key(&key, indent)?;
                        self.value(value, Place::MappingValue { indent })?;
                    }
                    None => drop(self.open.pop()),
                },
                Container::Overwritten(mark) => {
                    self.out.take_back(mark);
                    self.overwritten -= 1;
                    self.open.pop();
                }
            }
        }
        self.out.indent(0);
        Ok(self.out.into_text())
    }

    /// Writes a scalar or an empty container; of any other container, only opens it.
    fn value(&mut self, data: D, place: Place) -> Result<(), WriteError> {
        match data.into_node() {
            Node::Null => self.number(|out| out.push_str("null")),
            Node::Bool(value) => self.number(|out| out.push_str(if value { "true" } else { "false" })),
            Node::Int(value) => self.number(|out| number::write_int(out, value)),
            Node::Uint(value) => self.number(|out| out.push_str(number::itoa(value, &mut [0; 20]))),
            Node::Float(value) => self.float(value)?,
            Node::Unsupported(type_name) => return Err(WriteError::Unsupported { type_name }),
            Node::Float32(value) => match self.dialect {
                Dialect::Plain if value.is_finite() => self.float(number::widen(value))?,
                Dialect::Plain => self.float(value.into())?,
                Dialect::Pretty => self.number(|out| number::write_float32(out, value)),
            },
            Node::Text(text) => {
                let prepared = self.prepare(text.as_ref())?;
                self.scalar(&prepared, Position::Block { indent: place.inner_indent() });
            }
            Node::Timestamp(text) => match self.dialect {
                Dialect::Plain => {
                    let prepared = self.prepare(text.as_ref())?;
                    self.scalar(&prepared, Position::Block { indent: place.inner_indent() });
                }
                Dialect::Pretty => self.number(|out| out.push_str(&json_form::mend(text.as_ref()))),
            },
            Node::Sequence(items) => {
                self.check_depth()?;
                if items.len() == 0 {
                    self.empty("[]");
                } else {
                    let indent = self.sequence_indent(place);
                    self.open.push(Container::Sequence { items, indent });
                }
            }
            Node::Mapping(entries) => self.mapping(sorted(entries, self.dialect), place)?,
            Node::Record(fields) => {
                let entries = match self.dialect {
                    Dialect::Plain => sorted(fields, self.dialect),
                    Dialect::Pretty => {
                        fields.into_iter().map(|(key, value)| (Key::new(key), value)).collect()
                    }
                };
                self.mapping(entries, place)?;
            }
        }
        Ok(())
    }

    fn check_depth(&self) -> Result<(), WriteError> {
        let depth = self.open.len() - self.overwritten;
        if depth < MAX_DEPTH { Ok(()) } else { Err(WriteError::TooDeep { limit: MAX_DEPTH }) }
    }

    fn mapping(&mut self, entries: Vec<(Key<D::Text>, D)>, place: Place) -> Result<(), WriteError> {
        self.check_depth()?;
        if entries.is_empty() {
            self.empty("{}");
            return Ok(());
        }
        let indent = match place {
            Place::Root => 0,
            Place::Item { indent } | Place::MappingValue { indent } => indent + INDENT,
        };
        self.open.push(Container::Mapping { entries: entries.into_iter(), indent });
        Ok(())
    }

    /// The plain form does not indent a list under a key that is on the same line as its colon.
    fn sequence_indent(&self, place: Place) -> usize {
        match place {
            Place::Root => 0,
            Place::MappingValue { indent }
                if self.dialect == Dialect::Plain && !self.out.is_indentation() =>
            {
                indent
            }
            Place::Item { indent } | Place::MappingValue { indent } => indent + INDENT,
        }
    }

    fn empty(&mut self, brackets: &str) {
        self.out.space();
        self.out.token(brackets);
    }

    fn number(&mut self, write: impl FnOnce(&mut String)) {
        self.out.space();
        self.out.ascii_by(write);
        self.out.end_token();
    }

    fn float(&mut self, value: f64) -> Result<(), WriteError> {
        match (self.dialect, NonFinite::of(value)) {
            (Dialect::Plain, Some(kind)) => return Err(WriteError::NotFinite(kind)),
            (Dialect::Plain, None) => self.number(|out| number::write_json_float(out, value)),
            (Dialect::Pretty, _) => self.number(|out| number::write_float(out, value)),
        }
        Ok(())
    }

    fn prepare<'t>(&self, given: &'t [u8]) -> Result<Prepared<'t>, WriteError> {
        let classes = Classes::of(given);
        let (text, is_binary) = match self.dialect {
            Dialect::Plain => (json_form::read_back(given, classes)?, false),
            Dialect::Pretty => match std::str::from_utf8(given) {
                Ok(text) => (Cow::Borrowed(text), false),
                Err(_) => (Cow::Owned(base64_lines(given)), true),
            },
        };
        let classes = match text {
            Cow::Borrowed(_) => classes,
            Cow::Owned(_) => Classes::of(text.as_bytes()),
        };
        let allowed = Allowed::in_text(&text, classes, self.dialect);
        let wish = match is_binary {
            true if classes.has_line_feed() => Style::Literal,
            true => Style::Plain,
            false => wished_style(&text, classes, self.dialect),
        };
        Ok(Prepared { text, classes, allowed, wish, is_binary })
    }

    fn key(&mut self, key: &Key<D::Text>, indent: usize) -> Result<(), WriteError> {
        if self.dialect == Dialect::Plain {
            json_form::check_key(key.given.as_ref())?;
        }
        let prepared = self.prepare(key.given.as_ref())?;
        let length = prepared.text.len() + if prepared.is_binary { BINARY_TAG.len() } else { 0 };
        if length <= MAX_SIMPLE_KEY && !prepared.allowed.is_multiline {
            self.scalar(&prepared, Position::SimpleKey);
            self.out.token(":");
        } else {
            self.out.block_indicator('?');
            self.scalar(&prepared, Position::Block { indent: indent + INDENT });
            self.out.indent(indent);
            self.out.block_indicator(':');
        }
        Ok(())
    }

    fn scalar(&mut self, prepared: &Prepared<'_>, position: Position) {
        if prepared.is_binary {
            self.out.space();
            self.out.token(BINARY_TAG);
        }
        StyledScalar {
            text: &prepared.text,
            classes: prepared.classes,
            style: prepared.allowed.style(prepared.wish, position),
            position,
            line_width: self.line_width,
        }
        .write(&mut self.out);
    }
}

/// Base64 as go-yaml writes it: in lines of 70 characters, each ended, when there is more than one line.
fn base64_lines(bytes: &[u8]) -> String {
    const LINE: usize = 70;
    let encoded = BASE64_STANDARD.encode(bytes);
    if encoded.len() < LINE {
        return encoded;
    }
    let mut lines = String::with_capacity(encoded.len() + encoded.len() / LINE + 1);
    for line in encoded.as_bytes().chunks(LINE) {
        lines.push_str(std::str::from_utf8(line).unwrap_or_default());
        lines.push('\n');
    }
    lines
}
