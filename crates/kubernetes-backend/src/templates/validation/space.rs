//! White space that a rendered text should not have.

/// A line with white space that means nothing, or may mean something unwanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Oddity {
    /// The line, from 1.
    pub line: usize,
    pub what: &'static str,
}

pub(super) fn oddities(text: &str) -> Vec<Oddity> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let body = line.trim_start_matches(' ');
        let what = if body.is_empty() {
            "an empty line"
        } else if line.ends_with([' ', '\t']) {
            "white space at the end"
        } else if body.starts_with('\t') {
            "a tab before the text"
        } else if (line.len() - body.len()) % 2 == 1 {
            "an odd number of spaces before the text"
        } else {
            continue;
        };
        found.push(Oddity { line: index + 1, what });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_extra_white_space_is_found_with_its_line() {
        let text = "a:\n  b: 1 \n\n   c: 2\n\td: 3\n  \n  e: 4\n";
        let found: Vec<(usize, &str)> = oddities(text).into_iter().map(|o| (o.line, o.what)).collect();
        assert_eq!(
            found,
            [
                (2, "white space at the end"),
                (3, "an empty line"),
                (4, "an odd number of spaces before the text"),
                (5, "a tab before the text"),
                (6, "an empty line"),
            ]
        );
    }
}
