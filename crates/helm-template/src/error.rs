//! What can go wrong, in Go's words, in Helm's, and as data.

use std::fmt;

use go_text_template::{CallError, Cause, Error as EngineError, ExecError, Place};

/// What Helm puts around the texts of `fail` and `required`.
pub(crate) const MARK_START: &str = "HELM_ERR_START";
/// See [`MARK_START`].
pub(crate) const MARK_END: &str = "HELM_ERR_END";

/// A template that cannot be parsed, or a rendering that was stopped.
///
/// `Display` is the text that Go gives, with the marks that Helm's engine puts around the texts of `fail` and
/// `required`. [`Error::in_helms_words`] is what Helm makes of it for its users.
///
/// ```
/// use helm_template::{Templates, Value};
///
/// let mut templates = Templates::new();
/// templates.add("job.tpl", "{{ required \"a name is needed\" .name }}")?;
/// let error = templates.render("job.tpl", &Value::map::<&str, Value>([])).unwrap_err();
/// assert_eq!(error.in_helms_words(), "execution error at (job.tpl:1:3): a name is needed");
/// assert_eq!(error.message().as_deref(), Some("a name is needed"));
/// # Ok::<(), helm_template::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Error(Box<EngineError>);

impl Error {
    /// The engine's error: places with spans, the cause, a hint.
    #[must_use]
    pub fn engine(&self) -> &EngineError {
        &self.0
    }

    /// Where it shows first: of templates that functions ran inside each other, in the outermost.
    #[must_use]
    pub fn place(&self) -> &Place {
        self.0.place()
    }

    /// What might help.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        self.0.hint()
    }

    /// The text that a template's author gave to `fail` or `required`, if that is what happened.
    #[must_use]
    pub fn message(&self) -> Option<String> {
        match self.0.cause() {
            Cause::Exec(ExecError::Call { source: CallError::Message(text), .. }) => {
                Some(marked(text)?.to_owned())
            }
            _ => None,
        }
    }

    /// As Helm tells it: `execution error at (FILE:LINE:COLUMN): TEXT` for `fail` and `required`, and
    /// `parse error at (FILE:LINE): LAST PART` for what cannot be parsed. All else stays.
    #[must_use]
    pub fn in_helms_words(&self) -> String {
        let text = self.to_string();
        // Helm goes by the text alone: the first part is `template`, the second the place.
        let mut parts = text.splitn(3, ": ");
        let place = parts.nth(1).unwrap_or_default();
        let is_parse_error = self.0.places().count() == 1 && matches!(self.0.cause(), Cause::Parse(_));
        if is_parse_error {
            let last = text.rsplit(": ").next().unwrap_or_default();
            return format!("parse error at ({place}): {last}");
        }
        match marked(&text) {
            Some(message) => format!("execution error at ({place}): {message}"),
            None => text,
        }
    }
}

/// The text between the marks.
fn marked(text: &str) -> Option<&str> {
    let (_, after) = text.split_once(MARK_START)?;
    after.rsplit_once(MARK_END).map(|(message, _)| message)
}

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {}
