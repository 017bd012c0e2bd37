//! Versions and constraints: an order, a form that reads back, and answers that agree with each other.
//!
//! An input is three lines: a constraint and two versions.

use crate::fields;
use crate::rendering::Question;

thread_local! {
    static QUESTIONS: Questions = Questions::new();
}

struct Questions {
    form: Question,
    order: Question,
    next: Question,
    meets: Question,
}

impl Questions {
    fn new() -> Self {
        Self {
            form: Question::new("{{ (semver .a).String }}"),
            order: Question::new("{{ (semver .a).Compare (semver .b) }}"),
            next: Question::new(
                "{{ $v := semver .a }}{{ $o := list $v.IncMajor.String $v.IncMinor.String $v.IncPatch.String }}\
                 {{ range $o }}{{ if le ((semver .).Compare $v) 0 }}{{ . }} {{ end }}{{ end }}",
            ),
            meets: Question::new("{{ semverCompare .c .a }}"),
        }
    }
}

/// Checks a constraint with two versions.
pub fn check(input: &[u8]) {
    let ([constraint, a, b], _) = fields::lines::<3>(input);
    QUESTIONS.with(|questions| {
        let known = [a, b].map(|text| questions.form.ask(&[("a", text)]).ok());
        for (text, form) in [a, b].into_iter().zip(&known) {
            if let Some(form) = form {
                check_version(questions, text, form);
            }
        }
        if let [Some(_), Some(_)] = known {
            check_order(questions, a, b);
        }
        check_constraint(questions, constraint, a);
        check_constraint(questions, constraint, b);
    });
}

fn check_version(questions: &Questions, text: &[u8], form: &[u8]) {
    // A version may grow by two numbers when it is printed, and then be too long to be read.
    if let Ok(again) = questions.form.ask(&[("a", form)]) {
        assert_eq!(again, form, "the printed form is read as itself");
        assert_eq!(questions.order.must(&[("a", text), ("b", form)]), b"0", "and is the same version");
        let meets_itself = questions.meets.ask(&[("c", form), ("a", text)]);
        if let Ok(answer) = meets_itself {
            assert_eq!(answer, b"true", "a version meets itself as a constraint");
        }
    }
    if let Ok(not_later) = questions.next.ask(&[("a", text)]) {
        assert!(
            not_later.is_empty(),
            "the next version comes later: {}",
            String::from_utf8_lossy(&not_later)
        );
    }
}

fn check_order(questions: &Questions, a: &[u8], b: &[u8]) {
    let order = |a, b| {
        let answer = questions.order.must(&[("a", a), ("b", b)]);
        String::from_utf8_lossy(&answer).parse::<i8>().unwrap_or(i8::MAX)
    };
    let (there, back) = (order(a, b), order(b, a));
    assert!((-1..=1).contains(&there), "an order is -1, 0 or 1");
    assert_eq!(there, -back, "the order turns around");
    assert_eq!(order(a, a), 0, "a version is as late as itself");
}

fn check_constraint(questions: &Questions, constraint: &[u8], version: &[u8]) {
    let alone = questions.meets.ask(&[("c", constraint), ("a", version)]);
    let twice = [constraint, b" || ", constraint].concat();
    // A range (`1 - 2`) is looked for in the whole text, where bars count as digits: as the library does it.
    if !constraint.contains(&b'-')
        && let (Ok(alone), Ok(twice)) = (&alone, questions.meets.ask(&[("c", &twice), ("a", version)]))
    {
        assert_eq!(*alone, twice, "a constraint or itself is that constraint");
    }
    if let Err(message) = alone {
        assert!(!message.is_empty(), "an error says what is wrong");
    }
}
