//! Which part of a template wrote which part of a text.

use std::ops::Range;
use std::sync::Arc;

use crate::ast::Source;
use crate::span::Span;

/// For every byte that a rendering wrote, the part of a template that wrote it.
///
/// What a function rendered (`include`) was written by the action that printed it.
///
/// ```
/// use go_text_template::{TemplateSet, Value};
///
/// let text = "kind: Job\nname: {{ .name }}\n";
/// let mut set = TemplateSet::new();
/// set.parse("t", text).unwrap();
/// let mut out = Vec::new();
/// let trace = set.execution().render_traced("t", &Value::map([("name", "fit")]), &mut out).unwrap();
/// let fit = out.windows(3).position(|bytes| bytes == b"fit").unwrap();
/// let written = trace.origin(fit..fit + 3).unwrap();
/// assert_eq!((written.file, written.span.of(text.as_bytes())), ("t", &b".name"[..]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// In the order of the text, without gaps.
    pieces: Vec<Piece>,
}

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written<'t> {
    /// The name under which the template's text was parsed.
    pub file: &'t str,
    /// The part of that text.
    pub span: Span,
}

#[derive(Clone, Debug)]
struct Piece {
    /// The first byte of the rendered text that is not its own; it begins where the piece before it ends.
    end: usize,
    source: Arc<Source>,
    span: Span,
    writer: Writer,
}

/// What wrote a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writer {
    /// The template's text, byte by byte.
    Text,
    /// An action.
    Action,
}

impl Trace {
    /// A trace of a rendering that goes on behind `start` bytes.
    pub(crate) fn behind(start: usize) -> Self {
        let source = Arc::new(Source { name: String::new(), text: Box::default() });
        let foreign = Piece { end: start, source, span: Span::default(), writer: Writer::Action };
        Self { pieces: vec![foreign] }
    }

    /// Notes who wrote up to `end`.
    pub(crate) fn wrote(&mut self, end: usize, source: &Arc<Source>, span: Span, writer: Writer) {
        if self.pieces.last().is_none_or(|last| last.end < end) {
            self.pieces.push(Piece { end, source: Arc::clone(source), span, writer });
        }
    }

    /// What wrote a stretch of the text, at least its beginning; `None` beyond what was rendered.
    ///
    /// Where the stretch was written by neighbours in one file, it is all from the first to the last.
    #[must_use]
    pub fn origin(&self, stretch: Range<usize>) -> Option<Written<'_>> {
        let (first, begins) = self.piece(stretch.start)?;
        let end = stretch.end.max(stretch.start + 1);
        let start = first.place(stretch.start - begins);
        let mut span = Span { start, end: first.place(end.min(first.end) - begins).max(start) };
        if first.writer == Writer::Action {
            span.end = first.span.end;
        }
        if let Some((last, begins)) = self.piece(end - 1)
            && Arc::ptr_eq(&last.source, &first.source)
        {
            let reaches = if last.writer == Writer::Text { last.place(end - begins) } else { last.span.end };
            // A loop may have gone back.
            span.end = if reaches > span.start { reaches } else { span.end };
        }
        Some(Written { file: &first.source.name, span })
    }

    /// Forgets a stretch that was taken out of the text.
    pub fn cut(&mut self, stretch: Range<usize>) {
        for piece in &mut self.pieces {
            let within = piece.end.clamp(stretch.start, stretch.end);
            piece.end -= within - stretch.start;
        }
    }

    /// The piece that a byte belongs to, and where it begins.
    fn piece(&self, at: usize) -> Option<(&Piece, usize)> {
        let index = self.pieces.partition_point(|piece| piece.end <= at);
        let begins = index.checked_sub(1).map(|before| self.pieces[before].end)?;
        Some((self.pieces.get(index)?, begins))
    }
}

impl Piece {
    /// Where in the template the byte so far into this piece is from.
    fn place(&self, into: usize) -> u32 {
        match self.writer {
            Writer::Text => {
                self.span.end.min(self.span.start.saturating_add(u32::try_from(into).unwrap_or(u32::MAX)))
            }
            Writer::Action => self.span.start,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::set::TemplateSet;
    use crate::value::Value;

    const MAIN: &str = "a: 1\n{{ range .items }}- {{ . }}: x\n{{ end }}{{ template \"part\" }}z\n";
    const PART: &str = "{{ define \"part\" }}p: q\n{{ end }}";

    fn rendered() -> (Vec<u8>, Trace) {
        let mut set = TemplateSet::new();
        set.parse("part.tpl", PART).unwrap();
        set.parse("main.tpl", MAIN).unwrap();
        let data = Value::map([("items", Value::list(["one", "two"]))]);
        let mut out = b"before ".to_vec();
        let trace = set.execution().render_traced("main.tpl", &data, &mut out).unwrap();
        (out, trace)
    }

    fn origin(out: &[u8], trace: &Trace, text: &str) -> (String, String) {
        let at = out.windows(text.len()).position(|bytes| bytes == text.as_bytes()).unwrap();
        let Written { file, span } = trace.origin(at..at + text.len()).unwrap();
        let source = if file == "main.tpl" { MAIN } else { PART };
        (file.to_owned(), String::from_utf8_lossy(span.of(source.as_bytes())).into_owned())
    }

    #[test]
    fn every_stretch_leads_to_what_wrote_it() {
        let (out, trace) = rendered();
        assert_eq!(String::from_utf8_lossy(&out), "before a: 1\n- one: x\n- two: x\np: q\nz\n");
        for (text, file, wrote) in [
            ("a: 1", "main.tpl", "a: 1"),
            (": 1", "main.tpl", ": 1"),
            ("two", "main.tpl", "."),
            ("- two: x", "main.tpl", "- {{ . }}: x"),
            ("p: q", "part.tpl", "p: q"),
            // From one file into another: its beginning.
            ("q\nz", "part.tpl", "q\n"),
            ("z", "main.tpl", "z"),
        ] {
            assert_eq!(origin(&out, &trace, text), (file.to_owned(), wrote.to_owned()), "{text:?}");
        }
        assert_eq!(trace.origin(out.len()..out.len() + 1), None);
    }

    #[test]
    fn what_is_cut_out_of_the_text_moves_the_rest() {
        let (mut out, mut trace) = rendered();
        let cut = 9..15;
        out.drain(cut.clone());
        trace.cut(cut);
        assert_eq!(String::from_utf8_lossy(&out), "before a:ne: x\n- two: x\np: q\nz\n");
        assert_eq!(origin(&out, &trace, "two").1, ".");
        assert_eq!(origin(&out, &trace, "p: q").1, "p: q");
    }
}
