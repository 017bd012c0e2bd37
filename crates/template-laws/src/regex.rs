//! Patterns: Go's syntax is translated or refused in Go's words, and all functions see the same matches.
//!
//! An input is a line with a pattern, a line with a replacement, and a text.

use crate::fields;
use crate::rendering::Question;

thread_local! {
    static QUESTIONS: Questions = Questions::new();
}

struct Questions {
    matches: Question,
    forgiving: Question,
    first: Question,
    all: Question,
    one: Question,
    split: Question,
    same: Question,
    literal: Question,
    replaced: Question,
    itself: Question,
}

impl Questions {
    fn new() -> Self {
        Self {
            matches: Question::new("{{ mustRegexMatch .p .t }}"),
            forgiving: Question::new("{{ regexMatch .p .t }}"),
            first: Question::new("{{ mustRegexFind .p .t }}"),
            all: Question::new("{{ range mustRegexFindAll .p .t -1 }}{{ b64enc . }} {{ end }}"),
            one: Question::new("{{ range mustRegexFindAll .p .t 1 }}{{ . }}{{ end }}"),
            split: Question::new("{{ mustRegexSplit .p .t -1 | join \"\" | len }}"),
            same: Question::new("{{ eq .t (mustRegexReplaceAll .p .t \"${0}\") }}"),
            literal: Question::new("{{ mustRegexReplaceAllLiteral .p .t .r }}"),
            replaced: Question::new("{{ mustRegexReplaceAll .p .t .r }}"),
            itself: Question::new("{{ eq .t (mustRegexFind (regexQuoteMeta .t) .t) }}"),
        }
    }
}

/// Checks a pattern with a replacement and a text.
pub fn check(input: &[u8]) {
    let ([pattern, replacement], text) = fields::lines::<2>(input);
    let values = [("p", pattern), ("r", replacement), ("t", text)];
    QUESTIONS.with(|questions| {
        match questions.matches.ask(&values) {
            Ok(answer) => check_matches(questions, &values, answer == b"true"),
            Err(message) => {
                assert!(message.starts_with("error parsing regexp: "), "{message}");
                assert!(!questions.forgiving.holds(&values), "what is no pattern matches nothing");
            }
        }
        if std::str::from_utf8(text).is_ok() {
            assert!(questions.itself.holds(&values), "a quoted text finds itself");
        }
    });
}

fn check_matches(questions: &Questions, values: &[(&str, &[u8]); 3], is_match: bool) {
    let text = values[2].1;
    assert_eq!(questions.forgiving.holds(values), is_match, "both ways to ask agree");
    let all = questions.all.must(values);
    let count = all.iter().filter(|&&byte| byte == b' ').count();
    assert_eq!(count > 0, is_match, "there are matches when it matches");
    assert!(count <= text.len() + 1, "there are no more matches than places");
    assert_eq!(questions.first.must(values), questions.one.must(values), "one match is the first match");
    assert!(questions.same.holds(values), "matches replaced by themselves change nothing");
    let kept = String::from_utf8_lossy(&questions.split.must(values)).parse().unwrap_or(usize::MAX);
    assert!(kept <= text.len(), "parts are parts of the text");
    let (literal, replaced) = (questions.literal.must(values), questions.replaced.must(values));
    if !is_match {
        assert_eq!(literal, text, "without a match nothing is replaced");
        assert_eq!(replaced, text, "without a match nothing is replaced");
    }
    if !values[1].1.contains(&b'$') {
        assert_eq!(literal, replaced, "a replacement without references is literal");
    }
}
