//! Log lines (plugin API 1.6): `2026-11-24T10:02:03.004005Z [rstudio-kubernetes-launcher] INFO text [key: value]`.

use std::fmt::{self, Write as _};

use jiff::Timestamp;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::sink::{Colours, Sink};

const PROGRAM: &str = "rstudio-kubernetes-launcher";

/// Writes each event as one line: its text, then its fields and those of the spans around it.
pub(super) struct Lines {
    sink: Sink,
}

impl Lines {
    pub(super) fn new(sink: Sink) -> Self {
        Self { sink }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut said = Said::default();
        attributes.record(&mut said);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(said);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(said) = span.extensions_mut().get_mut::<Said>()
        {
            values.record(said);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut said = Said::default();
        event.record(&mut said);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(outer) = span.extensions().get::<Said>() {
                said.add_fields(&outer.fields);
            }
        }
        let (now, level) = (Timestamp::now(), *event.metadata().level());
        self.sink.write(|colours| said.line(now, level, colours));
    }
}

/// The text and the fields of an event or a span.
#[derive(Default)]
struct Said {
    text: String,
    fields: String,
}

impl Said {
    fn add_fields(&mut self, fields: &str) {
        if !self.fields.is_empty() && !fields.is_empty() {
            self.fields.push_str(", ");
        }
        self.fields.push_str(fields);
    }

    fn line(&self, now: Timestamp, level: Level, colours: Colours) -> String {
        let (begin, end) = match colours {
            Colours::On => (colour(level), "\u{1b}[0m"),
            Colours::Off => ("", ""),
        };
        let name = level_name(level);
        let fields = match self.fields.as_str() {
            "" => String::new(),
            fields => format!(" [{fields}]"),
        };
        format!("{now:.6} [{PROGRAM}] {begin}{name}{end} {}{fields}\n", self.text)
    }

    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        if field.name() == "message" {
            push_on_one_line(&mut self.text, value);
        } else {
            if !self.fields.is_empty() {
                self.fields.push_str(", ");
            }
            self.fields.push_str(field.name());
            self.fields.push_str(": ");
            push_on_one_line(&mut self.fields, value);
        }
    }
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, format_args!("{value}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut text = value.to_string();
        let mut cause = value.source();
        while let Some(error) = cause {
            // Writing to a String cannot fail.
            let _ = write!(text, ": {error}");
            cause = error.source();
        }
        self.add(field, format_args!("{text}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format_args!("{value:?}"));
    }
}

/// Adds text without the characters that could end the line, move a terminal's cursor or fake another line: users'
/// words, such as the names of jobs, end up in the log.
fn push_on_one_line(line: &mut String, text: fmt::Arguments<'_>) {
    struct OneLine<'a>(&'a mut String);
    impl fmt::Write for OneLine<'_> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            for character in text.chars() {
                if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') {
                    self.0.extend(character.escape_default());
                } else {
                    self.0.push(character);
                }
            }
            Ok(())
        }
    }
    // OneLine never fails; an error could only be a Display implementation's own.
    let _ = OneLine(line).write_fmt(text);
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR",
        Level::WARN => "WARNING",
        Level::INFO => "INFO",
        _ => "DEBUG",
    }
}

fn colour(level: Level) -> &'static str {
    match level {
        Level::ERROR => "\u{1b}[1;31m",
        Level::WARN => "\u{1b}[33m",
        Level::INFO => "\u{1b}[32m",
        _ => "\u{1b}[2m",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::logging::Stderr;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(work: impl FnOnce()) -> String {
        let kept = Kept::default();
        let sink = Sink::to_file("x.log".to_owned(), kept.clone(), Stderr::of_process());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(Lines::new(sink)), work);
        String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_line_has_time_program_level_text_and_the_fields_of_all_spans() {
        let text = logged(|| {
            let request = tracing::info_span!("request", request = 7);
            let _inside = request.enter();
            tracing::warn!(job = "a-1", tries = 2, "cannot reach the cluster");
        });
        let (time, rest) = text.split_once(' ').unwrap();
        assert_eq!(time.len(), "2026-11-24T10:02:03.004005Z".len(), "{time}");
        assert!(time.parse::<Timestamp>().is_ok());
        assert_eq!(
            rest,
            "[rstudio-kubernetes-launcher] WARNING cannot reach the cluster [job: a-1, tries: 2, request: 7]\n"
        );
    }

    #[test]
    fn users_words_cannot_fake_a_line() {
        let name = "x\n2026-01-01T00:00:00.000000Z [rstudio-kubernetes-launcher] ERROR fake\u{1b}[2J";
        let text = logged(|| tracing::info!(job = name, "submitted {name}"));
        assert_eq!(text.lines().count(), 1);
        assert!(!text.contains('\u{1b}') && text.contains("x\\n2026"), "{text}");
    }

    #[test]
    fn an_error_is_told_with_its_causes() {
        #[derive(Debug, thiserror::Error)]
        #[error("cannot list pods")]
        struct Outer(#[source] std::io::Error);
        let error = Outer(std::io::Error::other("connection refused"));
        let text = logged(|| tracing::error!(error = &error as &dyn std::error::Error, "watch"));
        assert!(text.ends_with("ERROR watch [error: cannot list pods: connection refused]\n"), "{text}");
    }
}
