//! The text being written, with what libyaml's emitter remembers of its last line.

/// The text so far.
pub(super) struct Output {
    text: String,
    /// Characters on the current line.
    column: usize,
    /// Whether the next token needs no space before it.
    is_after_space: bool,
    /// Whether the line holds only indentation and the indicators `-`, `?` and `:` that count as such.
    is_indentation: bool,
}

/// A place in the text to go back to.
pub(super) struct OutputMark {
    length: usize,
    column: usize,
    is_after_space: bool,
    is_indentation: bool,
}

impl Output {
    pub(super) fn new() -> Self {
        Self { text: String::new(), column: 0, is_after_space: true, is_indentation: true }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn mark(&self) -> OutputMark {
        OutputMark {
            length: self.text.len(),
            column: self.column,
            is_after_space: self.is_after_space,
            is_indentation: self.is_indentation,
        }
    }

    /// Takes back what was written since.
    pub(super) fn take_back(&mut self, mark: &OutputMark) {
        self.text.truncate(mark.length);
        self.column = mark.column;
        self.is_after_space = mark.is_after_space;
        self.is_indentation = mark.is_indentation;
    }

    pub(super) fn column(&self) -> usize {
        self.column
    }

    pub(super) fn is_indentation(&self) -> bool {
        self.is_indentation
    }

    /// Begins a line at this indentation, unless the current line can still serve as one.
    pub(super) fn indent(&mut self, indent: usize) {
        if !self.is_indentation || self.column > indent || (self.column == indent && !self.is_after_space) {
            self.line_break();
        }
        self.pad(indent);
        self.is_after_space = true;
        self.is_indentation = true;
    }

    /// Continues a scalar on a new line.
    pub(super) fn indent_folded(&mut self, indent: usize) {
        self.line_break();
        self.pad(indent);
    }

    /// Fills the line with spaces up to this column.
    pub(super) fn pad(&mut self, column: usize) {
        const SPACES: &str = "                                                                ";
        let mut missing = column.saturating_sub(self.column);
        self.column += missing;
        while missing > 0 {
            let step = missing.min(SPACES.len());
            self.text.push_str(&SPACES[..step]);
            missing -= step;
        }
    }

    /// Writes `-`, `?` or the `:` of a complex key.
    pub(super) fn block_indicator(&mut self, indicator: char) {
        self.space();
        self.text.push(indicator);
        self.column += 1;
        self.is_after_space = false;
    }

    /// Writes a space where a token needs one before it.
    pub(super) fn space(&mut self) {
        if !self.is_after_space {
            self.text.push(' ');
            self.column += 1;
        }
    }

    /// Writes text without line breaks that ends what a token may follow only after a space.
    pub(super) fn token(&mut self, token: &str) {
        self.ascii(token);
        self.end_token();
    }

    pub(super) fn end_token(&mut self) {
        self.is_after_space = false;
        self.is_indentation = false;
    }

    /// Appends ASCII without line breaks.
    pub(super) fn ascii(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.len();
    }

    /// Appends text without line breaks.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += if text.is_ascii() { text.len() } else { text.chars().count() };
    }

    /// Appends what `write` appends, which is ASCII without line breaks.
    pub(super) fn ascii_by(&mut self, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        self.column += self.text.len() - start;
    }

    pub(super) fn line_break(&mut self) {
        self.text.push('\n');
        self.column = 0;
    }

    /// Copies a line break of the value itself (LF, LS, PS); the rest of the value begins a line.
    pub(super) fn inner_break(&mut self, line_break: &str) {
        self.text.push_str(line_break);
        self.column = 0;
        self.is_indentation = true;
    }

    /// Begins the lines of a literal block.
    pub(super) fn begin_block(&mut self) {
        self.line_break();
        self.is_indentation = true;
        self.is_after_space = true;
    }

    /// Says that the line of a literal block holds text.
    pub(super) fn mark_block_text(&mut self) {
        self.is_indentation = false;
    }
}
