//! Finding what is known to fail before anything runs.

use crate::error::{Error, ExecError};
use crate::program::{At, Step, Template};
use crate::set::TemplateSet;
use crate::suggest;

/// What would fail in a template if it were reached.
pub(crate) fn problems(template: &Template, set: &TemplateSet) -> Vec<Error> {
    let mut problems = Vec::new();
    for (step, at) in template.steps.iter().zip(&template.places) {
        let cause = match *step {
            Step::Fail(number) => template.failures[number as usize].clone(),
            Step::FindTemplate(number) if !set.has(number) => {
                let name = set.name_of(number);
                let known = set.names();
                let nearest = suggest::nearest(&name, known.iter().map(String::as_str));
                ExecError::UnknownTemplate { name, nearest }
            }
            _ => continue,
        };
        // An unknown function was reported when it was parsed.
        if matches!(cause, ExecError::UnknownFunction { .. }) {
            continue;
        }
        let node = match *at {
            At::Node(node) => node,
            At::Remembered => template.root,
        };
        problems.push(template.arena.error(node, &template.name, cause));
    }
    problems
}

/// Brings problems into the order of the text.
pub(crate) fn sort(problems: &mut [Error]) {
    problems.sort_by_key(|problem| problem.origin().span.map_or(0, |span| span.start));
}
