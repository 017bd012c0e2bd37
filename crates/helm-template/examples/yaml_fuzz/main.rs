//! Asks Go and this crate the same random questions about YAML and shows, shortened, where the answers differ.
//!
//! ```text
//! cargo run -p helm-template --example yaml_fuzz -- --minutes 5
//! cargo run -p helm-template --example yaml_fuzz -- --cases 10000 --seed 7
//! cargo run -p helm-template --example yaml_fuzz -- --golden     # writes tests/yaml/generated-*.json anew
//! ```
//!
//! Needs Go; the oracle is `oracle/yaml`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]
#![expect(clippy::unwrap_used, reason = "a broken oracle ends the run")]

#[path = "../../tests/yaml_support/corpus.rs"]
mod corpus;
#[path = "../../tests/yaml_support/generate.rs"]
mod generate;
mod golden;
mod minimize;
mod oracle;
#[path = "../../tests/yaml_support/question.rs"]
mod question;
#[path = "../../tests/yaml_support/styled.rs"]
mod styled;

use std::time::{Duration, Instant};

use generate::Random;
use oracle::Oracle;
use question::{answer, is_same};

/// How many questions go to Go at a time.
const BATCH: usize = 500;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)?.parse::<u64>().ok()
    };
    let mut oracle = Oracle::start();
    if arguments.iter().any(|argument| argument == "--golden") {
        return golden::write(&mut oracle);
    }
    let seed = number("--seed").unwrap_or_else(|| u64::from(std::process::id()));
    let limit = number("--cases").unwrap_or(u64::MAX);
    let minutes = number("--minutes").unwrap_or(if limit == u64::MAX { 1 } else { u64::MAX / 60 });
    let start = Instant::now();
    let mut random = Random::new(seed);
    let mut asked = 0;
    let mut different = 0;
    let mut unstable = 0;
    while start.elapsed() < Duration::from_secs(minutes.saturating_mul(60)) && asked < limit {
        let questions: Vec<_> = (0..BATCH).map(|_| generate::question(&mut random)).collect();
        let answers = oracle.ask(&questions);
        for (question, go) in questions.iter().zip(&answers) {
            asked += 1;
            if is_same(question, go, &answer(question)) {
                continue;
            }
            if !oracle.is_stable(question) {
                unstable += 1;
                continue;
            }
            let small = minimize::minimize(question, |candidate| {
                let go = oracle.ask(std::slice::from_ref(candidate)).remove(0);
                !is_same(candidate, &go, &answer(candidate)) && oracle.is_stable(candidate)
            });
            let go = oracle.ask(std::slice::from_ref(&small)).remove(0);
            if is_same(&small, &go, &answer(&small)) {
                unstable += 1;
                continue;
            }
            different += 1;
            println!("question {small}\n      go {go}\n    ours {}\n", answer(&small));
        }
    }
    eprintln!("seed {seed}: {asked} asked, {different} different, {unstable} on which Go itself wavers");
    std::process::exit(i32::from(different > 0));
}
