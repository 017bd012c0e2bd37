//! Line breaks inside scalars, and what becomes of them.

/// The line breaks met since the last character of a scalar.
#[derive(Debug, Default)]
pub(super) struct LineBreaks {
    /// The first: a line feed, LS or PS.
    first: Option<&'static str>,
    rest: String,
}

impl LineBreaks {
    pub(super) fn any(&self) -> bool {
        self.first.is_some()
    }

    /// Adds a line break, normalized.
    pub(super) fn push(&mut self, line_break: &str) {
        if self.first.is_some() {
            self.rest.push_str(line_break);
        } else {
            self.first = Some(match line_break {
                "\u{2028}" => "\u{2028}",
                "\u{2029}" => "\u{2029}",
                _ => "\n",
            });
        }
    }

    /// Notes a line break that an escape has removed.
    pub(super) fn push_escaped(&mut self) {
        self.first = Some("");
    }

    /// Appends what the line breaks fold to, and forgets them: one line feed becomes a space, of several the first
    /// goes; LS and PS stay.
    pub(super) fn fold_into(&mut self, text: &mut String) {
        match self.first.take() {
            Some("\n") if self.rest.is_empty() => text.push(' '),
            Some("\n") | None => {}
            Some(kept) => text.push_str(kept),
        }
        text.push_str(&self.rest);
        self.rest.clear();
    }
}
