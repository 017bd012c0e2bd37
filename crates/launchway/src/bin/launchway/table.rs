//! Tables for a person: columns as wide as they must be, the last one cut to the terminal.

use crate::printer::Tone;

/// A table with a heading.
#[derive(Debug)]
pub(crate) struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

/// A text and its tone.
#[derive(Debug)]
pub(crate) struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    pub(crate) fn new(tone: Tone, text: &str) -> Self {
        Self { text: plain(text), tone }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(Tone::Plain, text)
    }
}

/// Space between columns.
const GAP: usize = 2;

impl Table {
    pub(crate) fn new(headings: &[&'static str]) -> Self {
        Self { headings: headings.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; it has as many cells as there are headings.
    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// The whole text, each line ended; cut at `width` characters if there is one.
    pub(crate) fn render(&self, width: Option<usize>, paint: impl Fn(Tone, &str) -> String) -> String {
        let heading: Vec<Cell> =
            self.headings.iter().map(|text| Cell { text: (*text).to_owned(), tone: Tone::Strong }).collect();
        let lines = || std::iter::once(&heading).chain(&self.rows);
        let widths: Vec<usize> = (0..self.headings.len())
            .map(|column| {
                lines().filter_map(|row| row.get(column)).map(|cell| chars(&cell.text)).max().unwrap_or(0)
            })
            .collect();
        let mut text = String::new();
        for row in lines() {
            let mut left = width;
            let mut pending = 0;
            for (cell, &column) in row.iter().zip(&widths) {
                if cell.text.is_empty() {
                    pending += column + GAP;
                    left = left.map(|left| left.saturating_sub(column + GAP));
                    continue;
                }
                let shown = left.map_or_else(|| cell.text.clone(), |left| cut(&cell.text, left));
                if shown.is_empty() {
                    break;
                }
                text.extend(std::iter::repeat_n(' ', pending));
                text.push_str(&paint(cell.tone, &shown));
                pending = column + GAP - chars(&cell.text).min(column);
                left = left.map(|left| left.saturating_sub(column + GAP));
            }
            text.push('\n');
        }
        text
    }
}

/// The text with its control characters made visible, on one line: a job's name must not steer a terminal.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .flat_map(|c| if c.is_control() { Shown::Escape(c.escape_debug()) } else { Shown::Char(Some(c)) })
        .collect()
}

enum Shown {
    Char(Option<char>),
    Escape(std::char::EscapeDebug),
}

impl Iterator for Shown {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::Char(one) => one.take(),
            Self::Escape(escape) => escape.next(),
        }
    }
}

/// The first `width` characters; the last is an ellipsis if there were more.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if chars(text) <= width {
        return text.to_owned();
    }
    if width == 0 {
        return String::new();
    }
    text.chars().take(width - 1).chain(std::iter::once('…')).collect()
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&["ID", "NAME", "MESSAGE"]);
        table.row(vec!["a-1".into(), "Fit".into(), "0/3 nodes".into()]);
        table.row(vec!["a-10".into(), "".into(), "".into()]);
        table.row(vec!["a-2".into(), "\u{1b}[31mé".into(), "x\ny".into()]);
        table
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_lines_have_no_trailing_space() {
        insta::assert_snapshot!(table().render(None, |_, text| text.to_owned()), @r"
        ID    NAME         MESSAGE
        a-1   Fit          0/3 nodes
        a-10
        a-2   \u{1b}[31mé  x\ny
        ");
    }

    #[test]
    fn lines_are_cut_at_the_width() {
        insta::assert_snapshot!(table().render(Some(10), |_, text| text.to_owned()), @r"
        ID    NAME
        a-1   Fit
        a-10
        a-2   \u{…
        ");
    }

    #[test]
    fn a_cut_text_ends_in_an_ellipsis_and_a_fitting_one_does_not() {
        assert_eq!(cut("abcd", 4), "abcd");
        assert_eq!(cut("abcde", 4), "abc…");
        assert_eq!(cut("abc", 0), "");
    }
}
