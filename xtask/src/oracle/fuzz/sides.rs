//! The two sides: Go, and this library.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use helm_template::Limits;
use helm_template::batch::{Answer, Batch};

use super::compare::is_same;
use super::known::Known;
use super::question::Question;
use crate::failure::Failure;
use crate::oracle::process::{Oracle, Reply};

/// What came of a question that both sides were asked.
#[derive(Debug)]
pub(crate) enum Outcome {
    Same(Answer),
    Different(Box<Difference>),
    /// A difference that is known, for a reason.
    Known(Known),
    /// Go answers differently each time, or the answer depends on the moment.
    Unsteady,
    /// Ours stopped at a limit of the fuzzer's: Go was not asked.
    TooMuch,
    /// Go did not answer in time.
    GoSlow,
    /// Go died.
    GoDied,
}

#[derive(Clone, Debug)]
pub(crate) struct Difference {
    pub(crate) go: Answer,
    pub(crate) ours: Answer,
}

pub(crate) struct Sides {
    go: Oracle,
    ours: Batch,
}

/// What a question may use up: enough for anything that is worth a question.
fn limits() -> Limits {
    Limits {
        output: 1 << 20,
        made: 64 << 20,
        steps: 200_000,
        render_depth: 1_200,
        template_depth: 3_000,
        ..Limits::default()
    }
}

/// How long a difference must last where the clock may show in it, even as tenths of a second.
const MOMENT: Duration = Duration::from_millis(1_200);

/// How often a difference must show again, and Go's answer be the same, to count.
const STEADY: usize = 12;

impl Sides {
    pub(crate) fn start(program: &Path) -> Result<Self, Failure> {
        Ok(Self { go: Oracle::start(program)?, ours: Batch::new().with_limits(limits()) })
    }

    /// This library's answer; a panic is an answer, too.
    fn ours(&self, line: &str) -> Answer {
        let answer = catch_unwind(AssertUnwindSafe(|| self.ours.answer_line(line.as_bytes())));
        answer.unwrap_or_else(|_| Answer { output: None, error: Some("PANIC".to_owned()) })
    }

    /// Asks both sides many questions at once.
    ///
    /// # Errors
    /// When Go cannot be started again.
    pub(crate) fn ask(&mut self, questions: &[&Question]) -> Result<Vec<Outcome>, Failure> {
        let lines: Vec<String> = questions.iter().map(|question| question.line()).collect();
        let ours: Vec<Answer> = lines.iter().map(|line| self.ours(line)).collect();
        let asked: Vec<&String> = lines
            .iter()
            .zip(&ours)
            .filter(|(_, ours)| !Known::is_limit(ours))
            .map(|(line, _)| line)
            .collect();
        let mut replies = self.go.ask(&asked)?.into_iter();
        let mut outcomes = Vec::with_capacity(questions.len());
        for ((question, line), ours) in questions.iter().zip(&lines).zip(ours) {
            outcomes.push(if Known::is_limit(&ours) {
                Outcome::TooMuch
            } else {
                self.judge(question, line, ours, replies.next())?
            });
        }
        Ok(outcomes)
    }

    fn judge(
        &mut self,
        question: &Question,
        line: &str,
        ours: Answer,
        reply: Option<Reply>,
    ) -> Result<Outcome, Failure> {
        let go = match reply {
            Some(Reply::Line(line)) => read(&line)?,
            Some(Reply::Slow) => return Ok(Outcome::GoSlow),
            Some(Reply::Died) | None => return Ok(Outcome::GoDied),
        };
        if is_same(&go, &ours) {
            return Ok(Outcome::Same(ours));
        }
        if let Some(known) = Known::of(question, &go, &ours) {
            return Ok(Outcome::Known(known));
        }
        let began = Instant::now();
        let span = if may_read_the_clock(question) { MOMENT } else { Duration::ZERO };
        let mut asked = 0;
        while asked < STEADY || began.elapsed() < span {
            asked += 1;
            let Some(Reply::Line(again)) = self.go.ask(&[line])?.pop() else { return Ok(Outcome::GoDied) };
            let again = read(&again)?;
            if again != go || is_same(&again, &self.ours(line)) {
                return Ok(Outcome::Unsteady);
            }
        }
        Ok(Outcome::Different(Box::new(Difference { go, ours })))
    }
}

/// Whether a template may show the present: `date` and its like do of anything that is no time.
fn may_read_the_clock(question: &Question) -> bool {
    let template = String::from_utf8_lossy(&question.template).to_lowercase();
    ["date", "ago", "now"].iter().any(|name| template.contains(name))
}

fn read(line: &str) -> Result<Answer, Failure> {
    Answer::from_json(line.as_bytes()).map_err(|e| Failure::during(format!("reading Go's answer {line}"), e))
}
