//! Ctrl-C and readers that go away.

use std::io::{BufRead, BufReader, Read};
use std::process::Child;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::desk::{Desk, Outcome};

fn interrupt(child: &Child) {
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGINT).unwrap();
}

/// Runs a command, interrupts it once it has printed its first line, and waits for its end.
fn interrupted(desk: &Desk, line: &str) -> Outcome {
    let mut child = desk.command(line).spawn().unwrap();
    drop(child.stdin.take());
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    stdout.read_line(&mut first).unwrap();
    interrupt(&child);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    let mut output = child.wait_with_output().unwrap();
    output.stdout = format!("{first}{rest}").into_bytes();
    desk.outcome(&output)
}

#[test]
fn an_interrupt_stops_the_job_and_its_exit_code_is_told() {
    insta::assert_snapshot!(interrupted(&Desk::new(), "run -- wait").transcript("run -- wait"), @r"
    $ launchway run -- wait
    working
    --- standard error
    stopping the job; Ctrl-C again kills it
    --- exit code 143
    ");
}

#[test]
fn an_interrupt_cancels_a_job_that_does_not_run_yet() {
    let outcome = interrupted(&Desk::new(), "run --json -- pend");
    assert_eq!(outcome.code, Some(130), "{}", outcome.stderr);
    let last = outcome.stdout.lines().last().unwrap();
    assert_eq!(last, r#"{"event":"ended","status":"Canceled","exitCode":null}"#);
}

#[test]
fn an_interrupt_ends_following_without_a_failure() {
    for line in ["status --follow *", "logs --follow mara-session-9qz41"] {
        let outcome = interrupted(&Desk::new(), line);
        assert_eq!(outcome.code, Some(0), "{line}: {}", outcome.stderr);
        assert_eq!(outcome.stderr, "", "{line}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let desk = Desk::new();
    let mut child = desk.command("ps --all --json").spawn().unwrap();
    drop(child.stdin.take());
    drop(child.stdout.take());
    let outcome = desk.outcome(&child.wait_with_output().unwrap());
    assert_eq!(outcome.code, Some(141));
    assert_eq!(outcome.stderr, "");
}
