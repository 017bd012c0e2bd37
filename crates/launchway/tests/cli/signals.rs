//! Ctrl-C and readers that go away.

use std::io::{BufRead, BufReader, Read};
use std::process::Child;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::desk::{Desk, Outcome};

fn interrupt(child: &Child) {
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGINT).unwrap();
}

/// Runs a command, interrupts it after each of its first lines, and waits for its end.
fn interrupted(desk: &Desk, line: &str, times: usize) -> Outcome {
    let mut child = desk.command(line).spawn().unwrap();
    drop(child.stdin.take());
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut printed = String::new();
    for _ in 0..times {
        stdout.read_line(&mut printed).unwrap();
        interrupt(&child);
    }
    stdout.read_to_string(&mut printed).unwrap();
    let mut output = child.wait_with_output().unwrap();
    output.stdout = printed.into_bytes();
    desk.outcome(&output)
}

#[test]
fn an_interrupt_stops_the_job_and_its_exit_code_is_told() {
    let outcome = interrupted(&Desk::new(), "run -- wait", 1);
    insta::assert_snapshot!(outcome.transcript("run -- wait"), @r"
    $ launchway run -- wait
    working
    --- standard error
    stopping the job; Ctrl-C again kills it
    --- exit code 143
    ");
}

#[test]
fn a_second_interrupt_kills_the_job() {
    let outcome = interrupted(&Desk::new(), "run -- stubborn", 2);
    insta::assert_snapshot!(outcome.transcript("run -- stubborn"), @r"
    $ launchway run -- stubborn
    working
    not yet
    --- standard error
    stopping the job; Ctrl-C again kills it
    killing the job; Ctrl-C again leaves it
    the job 'mara-job-1' was killed
    --- exit code 137
    ");
}

#[test]
fn an_interrupt_cancels_a_job_that_does_not_run_yet() {
    let outcome = interrupted(&Desk::new(), "run --json -- pend", 1);
    assert_eq!(outcome.code, Some(130), "{}", outcome.stderr);
    let last = outcome.stdout.lines().last().unwrap();
    assert_eq!(last, r#"{"event":"ended","status":"Canceled","exitCode":null}"#);
}

#[test]
fn an_interrupt_ends_following_without_a_failure() {
    for line in ["status --follow *", "logs --follow mara-session-9qz41"] {
        let outcome = interrupted(&Desk::new(), line, 1);
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
