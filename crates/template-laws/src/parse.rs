//! Lexing and parsing: any text is a template or is refused at a place in it, and checking agrees with parsing.

use std::sync::Arc;

use go_text_template::{Delimiters, TemplateSet};
use helm_template::{Mode, Templates};

use crate::places::check_error;
use crate::world::StillWorld;

const FILE: &str = "t";

thread_local! {
    /// Making the table of functions takes longer than parsing most texts.
    static SETS: [TemplateSet; 3] = {
        let helm = Templates::with_world(Mode::Helm, Arc::new(StillWorld)).engine().clone();
        let other = helm.clone().with_delimiters(Delimiters::new("<<", ">>"));
        [TemplateSet::new(), helm, other]
    };
}

/// Checks a text as a template with Go's functions, with Helm's, and with other delimiters.
pub fn check(input: &[u8]) {
    SETS.with(|[go, helm, other]| {
        check_in(go, input);
        check_in(helm, input);
        if input.windows(2).any(|pair| pair == b"<<") {
            check_in(other, input);
        }
    });
}

fn check_in(set: &TemplateSet, text: &[u8]) {
    let problems = set.check(FILE, text);
    problems.iter().for_each(|problem| check_error(problem, FILE, text));
    let mut parsed = set.clone();
    match parsed.parse(FILE, text) {
        Ok(()) => {
            assert!(parsed.contains(FILE), "what was parsed is there");
            let again: Vec<String> = parsed.problems().iter().map(ToString::to_string).collect();
            let first: Vec<String> = problems.iter().map(ToString::to_string).collect();
            assert!(
                again.iter().all(|problem| first.contains(problem)),
                "checking finds before what {again:?} says after, not {first:?}"
            );
        }
        Err(error) => {
            check_error(&error, FILE, text);
            let error = error.to_string();
            assert!(
                problems.iter().any(|problem| problem.to_string() == error),
                "what parsing refuses, checking reports: {error}"
            );
        }
    }
}
