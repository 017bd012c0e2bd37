//! What was asked and what came of it, counted.

use std::collections::BTreeMap;

use helm_template::batch::Answer;

use super::compare::sort_of_error;
use super::grammar::Made;
use super::known::Known;
use super::sides::Outcome;

#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) asked: u64,
    /// Rendered on both sides, with the same output.
    pub(crate) rendered: u64,
    /// The same error, by sort, with a template that has it.
    errors: BTreeMap<String, (u64, String)>,
    known: BTreeMap<Known, u64>,
    unsteady: u64,
    too_much: u64,
    go_slow: u64,
    go_died: u64,
    pub(crate) different: u64,
    /// For each function: in how many templates, and in how many of those that rendered.
    functions: BTreeMap<&'static str, (u64, u64)>,
}

impl Tally {
    pub(crate) fn count(&mut self, outcome: &Outcome, made: &Made) {
        self.asked += 1;
        let rendered = matches!(outcome, Outcome::Same(Answer { error: None, .. }));
        let mut functions = made.functions.clone();
        functions.sort_unstable();
        functions.dedup();
        for function in functions {
            let (all, whole) = self.functions.entry(function).or_default();
            *all += 1;
            *whole += u64::from(rendered);
        }
        match outcome {
            Outcome::Same(Answer { error: Some(error), .. }) => {
                let template = || String::from_utf8_lossy(&made.question.template).into_owned();
                self.errors.entry(sort_of_error(error)).or_insert_with(|| (0, template())).0 += 1;
            }
            Outcome::Same(_) => self.rendered += 1,
            Outcome::Different(_) => self.different += 1,
            Outcome::Known(known) => *self.known.entry(*known).or_default() += 1,
            Outcome::Unsteady => self.unsteady += 1,
            Outcome::TooMuch => self.too_much += 1,
            Outcome::GoSlow => self.go_slow += 1,
            Outcome::GoDied => self.go_died += 1,
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.asked += other.asked;
        self.rendered += other.rendered;
        self.unsteady += other.unsteady;
        self.too_much += other.too_much;
        self.go_slow += other.go_slow;
        self.go_died += other.go_died;
        self.different += other.different;
        for (sort, (times, template)) in other.errors {
            self.errors.entry(sort).or_insert((0, template)).0 += times;
        }
        for (known, times) in other.known {
            *self.known.entry(known).or_default() += times;
        }
        for (function, (all, whole)) in other.functions {
            let entry = self.functions.entry(function).or_default();
            entry.0 += all;
            entry.1 += whole;
        }
    }

    /// For a person: what was seen, so that one can tell whether the questions were any good.
    pub(crate) fn report(&self, seconds: f64) -> Vec<String> {
        let errors: u64 = self.errors.values().map(|(times, _)| times).sum();
        #[expect(clippy::cast_precision_loss, reason = "a rate for a person")]
        let rate = self.asked as f64 / seconds.max(0.001);
        let mut lines = vec![
            format!("{} questions in {seconds:.0} s, {rate:.0} a second", self.asked),
            format!("  {} rendered the same", self.rendered),
            format!("  {errors} failed the same, in {} sorts", self.errors.len()),
            format!(
                "  {} passed over: over a limit of ours {}, unsteady {}, Go too slow {}, Go died {}",
                self.too_much + self.unsteady + self.go_slow + self.go_died,
                self.too_much,
                self.unsteady,
                self.go_slow,
                self.go_died
            ),
        ];
        for (known, times) in &self.known {
            lines.push(format!("  {times} known: {}", known.why()));
        }
        lines.push(format!("  {} different", self.different));
        lines.push(self.functions_seen());
        lines.push("the most frequent errors:".to_owned());
        lines.extend(self.errors().take(20).map(|(sort, times, _)| format!("  {times:>8} {sort}")));
        lines
    }

    fn functions_seen(&self) -> String {
        let mut by_use: Vec<(&&str, &(u64, u64))> = self.functions.iter().collect();
        by_use.sort_unstable_by_key(|(_, (all, _))| *all);
        let rarest: Vec<String> = by_use
            .iter()
            .take(12)
            .map(|(name, (all, whole))| format!("{name} {all} ({whole} rendered)"))
            .collect();
        let never: Vec<&str> =
            by_use.iter().filter(|(_, (_, whole))| *whole == 0).map(|(name, _)| **name).collect();
        format!(
            "{} functions were called; the least often: {}; never in a template that rendered: {}",
            by_use.len(),
            rarest.join(", "),
            if never.is_empty() { "none".to_owned() } else { never.join(" ") }
        )
    }

    /// The sorts of errors, the most frequent first: how often, and in which template.
    pub(crate) fn errors(&self) -> impl Iterator<Item = (&str, u64, &str)> {
        let mut frequent: Vec<_> = self.errors.iter().collect();
        frequent.sort_unstable_by_key(|(_, (times, _))| std::cmp::Reverse(*times));
        frequent.into_iter().map(|(sort, (times, template))| (sort.as_str(), *times, template.as_str()))
    }

    /// For each function: its name, in how many templates, in how many that rendered.
    pub(crate) fn functions(&self) -> impl Iterator<Item = (&str, u64, u64)> {
        self.functions.iter().map(|(name, (all, whole))| (*name, *all, *whole))
    }
}
