//! The differences that `COMPATIBILITY.md` of the two crates tells of, as rules. Nothing else is passed over.

use helm_template::batch::Answer;

use super::question::Question;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Known {
    /// Go runs the text of an error through its formatter twice, so that `%` in a template's name shows.
    PercentInName,
    /// Go prints where in memory something is.
    Address,
    /// Patterns that are too large, or repeat flags.
    LargePattern,
    /// What is wrong with an IPv6 address.
    Ipv6,
    /// What errors of `exec` hold, in documents made of its results.
    Exec,
    /// A map or list that contains itself.
    Cycle,
    /// Bytes of an error that are no text, which Go may show as `\xff`.
    BrokenText,
}

/// Texts of errors that say that a limit of ours was reached, where Go has none: Go goes on, and may fail later.
const LIMITS: &[&str] = &[
    "exceeds the limit of",
    "exceeded maximum number of steps",
    "exceeded maximum depth of templates run by functions",
    "exceeded maximum number of values held",
    "exceeded maximum template depth",
    "numbers are more than the limit",
    "bytes that functions make",
    "values, counting each as often as it occurs",
    "deadline exceeded",
    "nested too deeply",
];

/// Bytes of an error beyond which values in it are cut short.
const LONG: usize = 64 << 10;

impl Known {
    /// Whether an answer says that a limit was reached.
    pub(crate) fn is_limit(ours: &Answer) -> bool {
        ours.error
            .as_deref()
            .is_some_and(|error| error.len() > LONG || LIMITS.iter().any(|limit| error.contains(limit)))
    }

    /// The rule that a difference falls under.
    pub(crate) fn of(question: &Question, go: &Answer, ours: &Answer) -> Option<Self> {
        let (go_error, our_error) =
            (go.error.as_deref().unwrap_or_default(), ours.error.as_deref().unwrap_or_default());
        let output = String::from_utf8_lossy(go.output.as_deref().unwrap_or_default());
        if has_address(&output) || has_address(go_error) {
            return Some(Self::Address);
        }
        let template = String::from_utf8_lossy(&question.template);
        let our_output = String::from_utf8_lossy(ours.output.as_deref().unwrap_or_default());
        // What is not on the heap, such as an empty list, is at a shorter address.
        if prints_pointers(&template)
            && go_error == our_error
            && without_addresses(&output) == without_addresses(&our_output)
        {
            return Some(Self::Address);
        }
        if our_error.contains("encountered a cycle") {
            return Some(Self::Cycle);
        }
        // A time of a document has a zone of its own.
        let makes_times = ["date", "fromtoml"].iter().any(|name| template.to_lowercase().contains(name));
        let prints_times = template.contains('%') && makes_times;
        if prints_times
            && go_error == our_error
            && without_long_numbers(&output) == without_long_numbers(&our_output)
        {
            return Some(Self::Address);
        }
        if template.contains("exec") && (output.contains("Err") || template.contains(".Err")) {
            return Some(Self::Exec);
        }
        if our_error.contains("expression too large") {
            return Some(Self::LargePattern);
        }
        if our_error.contains("unable to parse IP") {
            return Some(Self::Ipv6);
        }
        let is_broken_text =
            our_error.contains(char::REPLACEMENT_CHARACTER) || go_error.contains(char::REPLACEMENT_CHARACTER);
        if is_broken_text
            && without_broken_text(go_error) == without_broken_text(our_error)
            && go.output == ours.output
        {
            return Some(Self::BrokenText);
        }
        let names_percent = go_error.contains("%!") && question.template.contains(&b'%');
        names_percent.then_some(Self::PercentInName)
    }

    pub(crate) fn why(self) -> &'static str {
        match self {
            Self::PercentInName => "`%` in a template's name in an error",
            Self::Address => "an address of memory",
            Self::LargePattern => "a pattern that is too large here",
            Self::Exec => "what errors of `exec` hold",
            Self::Cycle => "a map or list that contains itself",
            Self::BrokenText => "broken UTF-8 in an error",
            Self::Ipv6 => "details of a wrong IPv6 address",
        }
    }
}

/// Whether a text has an address of Go's heap in it, as `%p` and `%v` of pointers print it.
fn has_address(text: &str) -> bool {
    let digits_from = |at: usize| text[at..].bytes().take_while(u8::is_ascii_hexdigit).count();
    text.contains("*time.Location=0x")
        || text.match_indices("0x").any(|(at, prefix)| digits_from(at + prefix.len()) >= 10)
}

/// Whether a format with `%p` is among the texts.
fn prints_pointers(template: &str) -> bool {
    let after_flags =
        |format: &str| format.trim_start_matches(|c: char| "+-# .*[]0123456789".contains(c)).starts_with('p');
    template.match_indices('%').any(|(at, _)| after_flags(&template[at + 1..]))
}

/// A text without what `%p` prints.
fn without_addresses(text: &str) -> String {
    let mut pieces = text.split("0x");
    let mut rest = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        rest.push_str(piece.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    rest
}

/// A text without numbers that are long enough to be the address of a time's location.
fn without_long_numbers(text: &str) -> String {
    let pieces = text.split_inclusive(|c: char| !c.is_ascii_hexdigit());
    pieces.filter(|piece| piece.trim_end_matches(|c: char| !c.is_ascii_hexdigit()).len() < 9).collect()
}

/// A text without U+FFFD and without bytes written as `\xff`.
fn without_broken_text(text: &str) -> String {
    let mut pieces = text.split("\\x");
    let mut rest = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.bytes().take(2).take_while(u8::is_ascii_hexdigit).count();
        rest.push_str(if digits == 2 { &piece[2..] } else { piece });
    }
    rest.replace(char::REPLACEMENT_CHARACTER, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_numbers() {
        for (text, expected) in [
            ("0xc000123456 x", true),
            ("(*T)(0x167964e69360)", true),
            ("0x1f 12345678901234", false),
            ("0x", false),
        ] {
            assert_eq!(has_address(text), expected, "{text}");
        }
        assert_eq!(
            without_long_numbers("{0 63908190385 66853102195856}"),
            without_long_numbers("{0 63908190385 1234567890123}")
        );
        assert_ne!(without_long_numbers("{0 12}"), without_long_numbers("{0 13}"));
    }

    #[test]
    fn pointers_may_differ_where_they_are_printed() {
        for (template, expected) in
            [("{{printf \"%p\" list}}", true), ("%+[1]5p", true), ("%d p", false), ("p", false)]
        {
            assert_eq!(prints_pointers(template), expected, "{template}");
        }
        assert_eq!(without_addresses("a 0xb37d60 b"), without_addresses("a 0x7f4e743604e0 b"));
        assert_ne!(without_addresses("0x1 a"), without_addresses("0x1 b"));
    }

    #[test]
    fn broken_text_is_left_out_however_it_is_written() {
        assert_eq!(without_broken_text("a \\xff\\xfe \u{fffd}b"), "a  b");
        assert_eq!(without_broken_text("\\xg"), "g");
    }
}
