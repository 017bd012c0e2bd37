//! Makes a question smaller while its answers still differ.

use std::time::{Duration, Instant};

use helm_template::Mode;
use helm_template::data::WholeNumbers;

use super::data::Data;
use super::question::Question;
use super::sides::{Difference, Outcome, Sides};
use crate::failure::Failure;

/// How many smaller questions are tried in all.
const PATIENCE: usize = 6_000;

/// How long smaller questions are tried.
const MOST_TIME: Duration = Duration::from_secs(60);

/// How many are asked at once.
const AT_ONCE: usize = 40;

/// The smallest question found that still makes a difference, and the difference.
///
/// # Errors
/// When Go cannot be started again.
pub(crate) fn minimise(
    sides: &mut Sides,
    question: Question,
    difference: Difference,
) -> Result<(Question, Difference), Failure> {
    let mut best = (question, difference);
    let mut tried = 0;
    let end = Instant::now() + MOST_TIME;
    while tried < PATIENCE && Instant::now() < end {
        let candidates = candidates(&best.0);
        let mut found = None;
        for some in candidates.chunks(AT_ONCE) {
            tried += some.len();
            let outcomes = sides.ask(&some.iter().collect::<Vec<_>>())?;
            let first = outcomes.into_iter().zip(some).find_map(|(outcome, candidate)| match outcome {
                Outcome::Different(difference) => Some((candidate.clone(), *difference)),
                _ => None,
            });
            if first.is_some() || tried >= PATIENCE || Instant::now() >= end {
                found = first;
                break;
            }
        }
        match found {
            Some(smaller) => best = smaller,
            None => break,
        }
    }
    Ok(best)
}

/// Everything that is one step simpler, the largest steps first.
fn candidates(question: &Question) -> Vec<Question> {
    let mut candidates = Vec::new();
    let mut with = |change: &dyn Fn(&mut Question)| {
        let mut simpler = question.clone();
        change(&mut simpler);
        candidates.push(simpler);
    };
    if question.data != Data::Null {
        with(&|simpler| simpler.data = Data::Null);
    }
    if question.mode != Mode::Helm {
        with(&|simpler| simpler.mode = Mode::Helm);
    }
    if question.numbers != WholeNumbers::Int {
        with(&|simpler| simpler.numbers = WholeNumbers::Int);
    }
    for name in question.files.keys() {
        with(&|simpler| {
            simpler.files.remove(name);
        });
    }
    for template in shorter(&question.template) {
        with(&|simpler| simpler.template.clone_from(&template));
    }
    for data in question.data.smaller() {
        with(&|simpler| simpler.data.clone_from(&data));
    }
    candidates
}

/// The text without a part of it, for parts of all sizes; then with each part in parentheses as something simple.
fn shorter(text: &[u8]) -> Vec<Vec<u8>> {
    let mut shorter = Vec::new();
    let mut size = text.len() / 2;
    while size > 12 {
        shorter.extend(
            (0..=text.len() - size).step_by(size / 2).map(|at| [&text[..at], &text[at + size..]].concat()),
        );
        size = size * 2 / 3;
    }
    for (open, close) in parentheses(text) {
        for simple in [&b"1"[..], b"\"\"", b".", &text[open + 1..close]] {
            shorter.push([&text[..open], simple, &text[close + 1..]].concat());
        }
    }
    for size in (1..=size.min(12)).rev() {
        shorter.extend(
            (0..=text.len().saturating_sub(size))
                .map(|at| [&text[..at], &text[(at + size).min(text.len())..]].concat()),
        );
    }
    shorter.retain(|candidate| candidate.len() < text.len());
    shorter
}

fn parentheses(text: &[u8]) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'(' => open.push(at),
            b')' => pairs.extend(open.pop().map(|open| (open, at))),
            _ => {}
        }
    }
    pairs.sort_unstable_by_key(|(open, close)| std::cmp::Reverse(close - open));
    pairs
}
