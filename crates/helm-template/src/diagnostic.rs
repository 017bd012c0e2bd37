//! Errors as a person wants to see them: the line, a mark under what is wrong, what might help.
//!
//! ```
//! use helm_template::diagnostic::{Diagnostic, Source};
//! use helm_template::{Mode, Templates, Value};
//!
//! let text = "kind: Job\nname: {{ .Job.nmae }}\n";
//! let mut templates = Templates::new();
//! templates.add("job.tpl", text)?;
//! let error = templates.render("job.tpl", &Value::map([("Job", 7)])).unwrap_err();
//!
//! let sources = |name: &str| (name == "job.tpl").then(|| Source { path: "/etc/job.tpl", text: text.as_bytes() });
//! assert_eq!(
//!     Diagnostic::of_template(&error, sources).to_string(),
//!     "\
//! error: can't evaluate field nmae in type interface {}
//!  --> /etc/job.tpl:2:14
//!   |
//! 2 | name: {{ .Job.nmae }}
//!   |              ^^^^^ not in a value of type `int`",
//! );
//! # Ok::<(), helm_template::Error>(())
//! ```

use std::fmt;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Message, Renderer, Snippet};
use go_text_template::{Cause, ExecError, Place};

use crate::Error;
use crate::yaml::ReadError;

/// How many of the calls that led to an error are shown, the same one over and over counting once.
const MOST_CALLS: usize = 5;

/// The width of lines that nobody cuts.
const UNLIMITED_WIDTH: usize = 10_000;

/// A text that an error may point into.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Where it is from, as the reader is told.
    pub path: &'a str,
    /// The whole text.
    pub text: &'a [u8],
}

/// How grave something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It cannot be gone on with.
    Error,
    /// It can be gone on with.
    Warning,
}

impl Severity {
    fn level(self) -> Level<'static> {
        match self {
            Self::Error => Level::ERROR,
            Self::Warning => Level::WARNING,
        }
    }
}

/// What is wrong in a text, with its lines. Displayed without colours and without cutting lines; ends without a newline.
#[derive(Clone, Debug)]
pub struct Diagnostic(Vec<Group<'static>>);

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain(None))
    }
}

impl Diagnostic {
    /// An error of a template: where it began, and the calls that led there, the nearest first.
    ///
    /// `sources` gives the text of a file by the name under which it was added; a text that it does not have is told
    /// about in words.
    pub fn of_template<'a>(error: &Error, sources: impl Fn(&str) -> Option<Source<'a>>) -> Self {
        let engine = error.engine();
        let title = Level::ERROR.primary_title(error.message().unwrap_or_else(|| engine.cause().to_string()));
        let origin = engine.origin();
        let mut first = match snippet(origin, &sources, &Mark::of(engine.cause())) {
            Some(snippet) => title.element(snippet),
            None => title.element(Level::NOTE.message(in_words(origin))),
        };
        if let Some(hint) = error.hint() {
            first = first.element(Level::HELP.message(hint));
        }
        let mut groups = vec![first];
        let mut places: Vec<&Place> = engine.places().collect();
        places.reverse();
        // Whatever calls itself has the same place a thousand times.
        let mut calls = places[1..].chunk_by(|one, next| one == next);
        for calls in calls.by_ref().take(MOST_CALLS) {
            groups.push(called_from(calls[0], calls.len(), &sources));
        }
        let hidden: usize = calls.map(<[_]>::len).sum();
        if hidden > 0 {
            let title = format!("and {hidden} more calls that led there");
            groups.push(Group::with_title(Level::NOTE.secondary_title(title)));
        }
        Self(groups)
    }

    /// An error of YAML. `doing` is what could not be done, as `cannot read the data as YAML`.
    pub fn of_yaml(error: &ReadError, doing: &str, source: Source<'_>) -> Self {
        let title = Level::ERROR.primary_title(format!("{doing}: {}", error.problem()));
        let text = String::from_utf8_lossy(source.text).into_owned();
        let path = source.path.to_owned();
        Self(vec![match error.line() {
            None => title.element(Level::NOTE.message(format!("in {path}"))),
            Some(line) => {
                let mark = AnnotationKind::Primary.span(line_of(&text, line));
                title.element(Snippet::source(text).path(path).annotation(mark))
            }
        }])
    }

    /// Anything else that is wrong in a text. `span` is its place in bytes; a place beyond one line is marked up to its end.
    pub fn of_text(
        severity: Severity,
        title: impl Into<String>,
        source: Source<'_>,
        span: Range<usize>,
    ) -> Self {
        let title = severity.level().primary_title(title.into());
        let length = source.text.len();
        let start = span.start.min(length);
        let marked = Mark::default().within(source.text, start..span.end.clamp(start, length));
        Self(vec![title.element(marked_snippet(source, marked, None))])
    }

    /// Something that is wrong with a file, with no place in it.
    pub fn of_file(severity: Severity, title: impl Into<String>, path: &str) -> Self {
        let title = severity.level().primary_title(title.into());
        Self(vec![title.element(Level::NOTE.message(format!("in {path}")))])
    }

    /// With why it matters.
    #[must_use]
    pub fn with_note(self, note: impl Into<String>) -> Self {
        self.with(Level::NOTE.message(note.into()))
    }

    /// With what might help.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        self.with(Level::HELP.message(help.into()))
    }

    fn with(mut self, message: Message<'static>) -> Self {
        if let Some(group) = self.0.pop() {
            self.0.push(group.element(message));
        }
        self
    }

    /// With colours, its lines cut to a width where one is given.
    #[must_use]
    pub fn coloured(&self, width: Option<usize>) -> String {
        Renderer::styled().term_width(width.unwrap_or(UNLIMITED_WIDTH)).render(&self.0)
    }

    /// Without colours, its lines cut to a width where one is given.
    #[must_use]
    pub fn plain(&self, width: Option<usize>) -> String {
        Renderer::plain().term_width(width.unwrap_or(UNLIMITED_WIDTH)).render(&self.0)
    }
}

fn called_from<'a>(
    place: &Place,
    times: usize,
    sources: &impl Fn(&str) -> Option<Source<'a>>,
) -> Group<'static> {
    let times = if times > 1 { format!(", {times} times over") } else { String::new() };
    match snippet(place, sources, &Mark::default()) {
        Some(snippet) => Level::NOTE.secondary_title(format!("called from here{times}")).element(snippet),
        None => {
            let title = format!("called {}{times}", in_words(place));
            Group::with_title(Level::NOTE.secondary_title(title))
        }
    }
}

/// Where something is whose text is not at hand: it was given to `tpl`.
fn in_words(place: &Place) -> String {
    let line = place.line;
    match &place.expression {
        Some(expression) => format!("in `{expression}` at line {line} of a text that `tpl` was given"),
        None if line > 0 => format!("at line {line} of a text that `tpl` was given"),
        None => format!("before `{}` began", place.template),
    }
}

/// What is marked, and what is said beside the mark: by default the whole place, without a word.
#[derive(Debug, Default)]
struct Mark {
    /// A field of which the mark shows no more than its name.
    field: Option<String>,
    label: Option<String>,
}

impl Mark {
    fn of(cause: &Cause) -> Self {
        let Cause::Exec(cause) = cause else { return Self::default() };
        match cause {
            ExecError::NoField { field, found, .. } => {
                Self::field(field, format!("not in a value of type `{found}`"))
            }
            ExecError::NilPointer { field, .. } | ExecError::NilData { key: field } => {
                Self::field(field, "read from nothing".to_owned())
            }
            ExecError::MissingKey { key, .. } => Self::field(key, "not in this map".to_owned()),
            ExecError::WrongType { found, .. } => {
                Self { field: None, label: Some(format!("of type `{found}`")) }
            }
            _ => Self::default(),
        }
    }

    fn field(name: &str, label: String) -> Self {
        Self { field: Some(name.to_owned()), label: Some(label) }
    }

    /// The bytes to mark in a place: the field if it stands there once, and never more than a line.
    fn within(&self, text: &[u8], place: Range<usize>) -> Range<usize> {
        let whole = &text[place.clone()];
        if let Some(field) = self.field.as_deref().and_then(|name| only_field(whole, name)) {
            return place.start + field.start..place.start + field.end;
        }
        let line = whole.iter().position(|&byte| byte == b'\n').unwrap_or(whole.len());
        place.start..place.start + line
    }
}

/// Where `.name` stands, unless it is nowhere or in several places.
fn only_field(text: &[u8], name: &str) -> Option<Range<usize>> {
    let wanted = format!(".{name}").into_bytes();
    let goes_on = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    let mut found = (0..text.len())
        .filter(|&at| text[at..].starts_with(&wanted) && !text.get(at + wanted.len()).is_some_and(goes_on));
    match (found.next(), found.next()) {
        (Some(at), None) => Some(at..at + wanted.len()),
        _ => None,
    }
}

/// The line of a place with its mark, if the text is at hand.
fn snippet<'a>(
    place: &Place,
    sources: &impl Fn(&str) -> Option<Source<'a>>,
    mark: &Mark,
) -> Option<Snippet<'static, Annotation<'static>>> {
    let source = sources(&place.file)?;
    let span = place.span?;
    let length = source.text.len();
    let start = (span.start as usize).min(length);
    let marked = mark.within(source.text, start..(span.end as usize).clamp(start, length));
    Some(marked_snippet(source, marked, mark.label.clone()))
}

fn marked_snippet(
    source: Source<'_>,
    marked: Range<usize>,
    label: Option<String>,
) -> Snippet<'static, Annotation<'static>> {
    // What is no UTF-8 takes another number of bytes when it is shown.
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let start = shown(&source.text[..marked.start]).len();
    let end = start + shown(&source.text[marked]).len();
    let annotation = AnnotationKind::Primary.span(start..end).label(label);
    Snippet::source(shown(source.text)).path(source.path.to_owned()).annotation(annotation)
}

/// The bytes of a line, counted from 1, without the space around it; the end of the text if it has fewer lines.
fn line_of(text: &str, number: usize) -> Range<usize> {
    let index = number.saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(index).map(str::len).sum();
    let line = text[start..].lines().next().unwrap_or_default();
    let indent = line.len() - line.trim_start().len();
    start + indent..start + line.trim_end().len().max(indent)
}
