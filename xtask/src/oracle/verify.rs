//! Every golden case, asked again: `cargo xtask oracle verify`.

mod cases;

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use self::cases::{Case, Family};
use super::process::{Oracle, Reply};
use super::programs::Program;
use crate::failure::Failure;
use crate::printer::Printer;

/// How many cases go to Go at a time.
const BATCH: usize = 200;

/// How many differences of a family are shown.
const MOST_SHOWN: usize = 20;

/// Where golden cases are, and which program answered them.
const FOLDERS: [(&str, Program); 3] = [
    ("crates/go-text-template/tests/cases", Program::GoTemplate),
    ("crates/helm-template/tests/golden", Program::Helm),
    ("crates/helm-template/tests/yaml", Program::Yaml),
];

/// Asks all cases again.
///
/// # Errors
/// No Go, cases that cannot be read, or answers that are not the same.
pub(super) fn run(printer: &Printer) -> Result<(), Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut all, mut different) = (0, 0);
    for (folder, program) in FOLDERS {
        let built = program.build()?;
        for family in cases::families(&root.join(folder), program)? {
            let differences = ask(&family, &built)?;
            all += family.cases.len();
            different += differences.len();
            let equal = family.cases.len() - differences.len();
            let line = format!("{folder}/{}: {equal} of {} are equal", family.name, family.cases.len());
            printer.line(&if differences.is_empty() { line } else { printer.bad(&line) });
            for difference in differences.iter().take(MOST_SHOWN) {
                printer.line(difference);
            }
        }
    }
    printer.line(&format!("{} of {all} answers of Go are equal", all - different));
    if different > 0 {
        return Err(Failure::new(format!("Go answers {different} golden cases otherwise")));
    }
    Ok(())
}

/// Asks the cases of a family, with a process for each core, and tells what is different.
fn ask(family: &Family, program: &Path) -> Result<Vec<String>, Failure> {
    let next = AtomicUsize::new(0);
    let differences = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        let work = || -> Result<(), Failure> {
            let mut oracle = Oracle::start(program)?;
            loop {
                let from = next.fetch_add(BATCH, Ordering::Relaxed);
                let Some(cases) = family.cases.get(from..family.cases.len().min(from + BATCH)) else { break };
                if cases.is_empty() {
                    break;
                }
                show_progress(&family.name, from, family.cases.len());
                let replies =
                    oracle.ask(&cases.iter().map(|case| case.question.as_str()).collect::<Vec<_>>())?;
                let found =
                    cases.iter().zip(replies).filter_map(|(case, reply)| difference(family, case, &reply));
                let found: Vec<(usize, String)> = found.collect();
                if let Ok(mut differences) = differences.lock() {
                    differences.extend(found);
                }
            }
            Ok(())
        };
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|_| Err(Failure::new("a worker panicked while asking Go")))
        })
    })?;
    let mut differences = differences.into_inner().unwrap_or_default();
    differences.sort_unstable();
    Ok(differences.into_iter().map(|(_, difference)| difference).collect())
}

fn show_progress(name: &str, asked: usize, all: usize) {
    if std::io::stderr().is_terminal() {
        let _ = write!(std::io::stderr(), "\r{name}: {asked} of {all}    \r");
    }
}

/// What is different about a case, with its number, for a person.
fn difference(family: &Family, case: &Case, reply: &Reply) -> Option<(usize, String)> {
    let told = match reply {
        Reply::Line(line) if case.is_answered_by(line) => return None,
        Reply::Line(line) => line.as_str(),
        Reply::Slow => "no answer in time",
        Reply::Died => "Go died",
    };
    let text = format!(
        "  {}:{}: {}\n    was {}\n    now {told}",
        family.name,
        case.number,
        case.question,
        case.answer()
    );
    Some((case.number, text))
}
