use std::sync::Arc;
use std::time::Duration;

use launcher_api::{Job, JobStatus, JobTime};

use super::{Book, Change, Known, Removed};
use crate::JobState;
use crate::table::Ran;

const DAY: Duration = Duration::from_secs(24 * 3600);

fn at(second: u32) -> JobTime {
    format!("2026-11-24T09:30:{second:02}Z").parse().unwrap()
}

fn job(status: JobStatus) -> Arc<Job> {
    Arc::new(Job {
        id: "a".into(),
        user: "mara".into(),
        status,
        submission_time: Some(at(0)),
        last_update_time: Some(at(10)),
        ..Job::default()
    })
}

fn state(status: JobStatus, time: JobTime) -> JobState {
    JobState {
        status,
        status_message: "news".into(),
        status_code: "News".into(),
        exit_code: Some(3),
        host: "node-3".into(),
        time,
    }
}

/// A book that knows one job.
fn knowing(status: JobStatus) -> Book {
    let mut book = Book::new(DAY);
    assert!(matches!(book.know(job(status), at(20)), Known::New(_)));
    book
}

fn status_of(book: &Book) -> JobStatus {
    book.entry(&"a".into()).unwrap().job.status
}

/// What a change tells, in order.
fn told(change: &Change) -> Vec<JobStatus> {
    change.before.iter().chain([&change.latest]).map(|news| news.status).collect()
}

#[test]
fn every_pair_of_states_has_one_outcome_for_newer_and_one_for_older_news() {
    // Rows: the job is. Columns: it is told, in the order of `JobStatus::ALL`. Each: newer/older news; `.` is no change,
    // a letter the state that comes of it.
    let table = [
        "Pending   P/. R/R S/S F/F X/X K/K C/C",
        "Running   ./. R/. S/. F/F X/X K/K K/K",
        "Suspended ./. R/. S/. F/F X/X K/K K/K",
        "Finished  ./. ./. ./. ./. ./. ./. ./.",
        "Failed    ./. ./. ./. ./. ./. ./. ./.",
        "Killed    ./. ./. ./. ./. ./. ./. ./.",
        "Canceled  ./. ./. ./. ./. ./. ./. ./.",
    ];
    let letter = |status| match status {
        JobStatus::Pending => "P",
        JobStatus::Running => "R",
        JobStatus::Suspended => "S",
        JobStatus::Finished => "F",
        JobStatus::Failed => "X",
        JobStatus::Killed => "K",
        JobStatus::Canceled => "C",
    };
    for (is, row) in JobStatus::ALL.into_iter().zip(table) {
        let cells: Vec<&str> = row.split_whitespace().skip(1).collect();
        for (next, cell) in JobStatus::ALL.into_iter().zip(cells) {
            let outcome = |time| {
                let mut book = knowing(is);
                let change = book.change(&"a".into(), state(next, time));
                let by_whole_job = {
                    let mut book = knowing(is);
                    let job = Job {
                        status: next,
                        status_message: "news".into(),
                        last_update_time: Some(time),
                        ..(*job(is)).clone()
                    };
                    matches!(book.know(Arc::new(job), at(20)), Known::Changed(_))
                };
                assert_eq!(change.is_some(), by_whole_job, "{is} told {next}: alone and with a whole job");
                change.map_or(".", |_| letter(status_of(&book)))
            };
            assert_eq!(format!("{}/{}", outcome(at(11)), outcome(at(9))), cell, "{is} told {next}");
        }
    }
}

#[test]
fn a_state_becomes_visible_all_at_once_and_the_exit_code_only_with_an_end() {
    let mut book = knowing(JobStatus::Pending);
    book.change(&"a".into(), state(JobStatus::Running, at(12))).unwrap();
    let running = Arc::clone(&book.entry(&"a".into()).unwrap().job);
    assert_eq!((running.exit_code, running.host.as_str()), (None, "node-3"));
    let end = JobState { host: String::new(), ..state(JobStatus::Finished, at(11)) };
    book.change(&"a".into(), end).unwrap();
    let finished = &book.entry(&"a".into()).unwrap().job;
    assert_eq!((finished.exit_code, finished.host.as_str()), (Some(3), "node-3"));
    assert_eq!(finished.last_update_time, Some(at(12)), "time does not go back");
    assert_eq!(running.status, JobStatus::Running, "a snapshot does not change");
}

#[test]
fn a_run_that_nobody_saw_is_told_before_its_end() {
    use JobStatus::{Canceled, Failed, Finished, Killed, Pending, Running};
    for (from, to, expected) in [
        (Pending, Finished, vec![Running, Finished]),
        (Pending, Killed, vec![Running, Killed]),
        (Pending, Failed, vec![Failed]),
        (Pending, Canceled, vec![Canceled]),
        (Running, Finished, vec![Finished]),
        (Running, Failed, vec![Failed]),
    ] {
        let change = knowing(from).change(&"a".into(), state(to, at(11))).unwrap();
        assert_eq!(told(&change), expected, "{from} to {to}");
    }
}

#[test]
fn whether_a_job_has_run_is_remembered_beyond_its_end() {
    use JobStatus::{Canceled, Failed, Finished, Pending, Running};
    for (first, then, ran) in [
        (Pending, Some(Failed), Ran::No),
        (Pending, Some(Canceled), Ran::No),
        (Pending, Some(Finished), Ran::Yes),
        (Running, Some(Failed), Ran::Yes),
        (Failed, None, Ran::Unknown),
        (Finished, None, Ran::Yes),
        (Canceled, None, Ran::No),
    ] {
        let mut book = knowing(first);
        if let Some(then) = then {
            book.change(&"a".into(), state(then, at(11))).unwrap();
        }
        assert_eq!(book.entry(&"a".into()).unwrap().ran, ran, "{first}, then {then:?}");
    }
}

#[test]
fn whole_news_of_a_known_job_replace_all_but_an_end() {
    let mut book = knowing(JobStatus::Running);
    book.change(&"a".into(), state(JobStatus::Killed, at(11))).unwrap();
    let news = Job { tags: vec!["new".into()], submission_time: None, ..(*job(JobStatus::Finished)).clone() };
    assert!(matches!(book.know(Arc::new(news), at(20)), Known::Same));
    let job = &book.entry(&"a".into()).unwrap().job;
    assert_eq!(job.tags, ["new"]);
    assert_eq!((job.status, job.exit_code, job.submission_time), (JobStatus::Killed, Some(3), Some(at(0))));
}

#[test]
fn a_job_expires_that_long_after_its_last_news_and_not_before() {
    let mut book = Book::new(Duration::from_secs(30));
    assert!(matches!(book.know(job(JobStatus::Running), at(20)), Known::New(_)));
    assert_eq!(book.next_expiry_in(at(20)), None, "a job that runs does not expire");
    book.change(&"a".into(), state(JobStatus::Finished, at(12))).unwrap();
    assert_eq!(book.next_expiry_in(at(20)), Some(Duration::from_secs(22)));
    assert!(book.take_expired(at(41)).is_none());
    assert_eq!(book.take_expired(at(42)).unwrap().job.id, "a");
    assert!(book.take_expired(at(59)).is_none());
    assert_eq!(book.len(), 0);
}

#[test]
fn an_expired_job_is_never_taken_in() {
    let mut book = Book::new(Duration::from_secs(5));
    assert!(matches!(book.know(job(JobStatus::Finished), at(15)), Known::Expired(_)));
    assert!(matches!(book.know(job(JobStatus::Finished), at(14)), Known::New(_)));
    assert_eq!(book.len(), 1);
}

#[test]
fn what_is_removed_from_the_cluster_is_forgotten_only_after_its_end() {
    let mut book = knowing(JobStatus::Running);
    let Removed::Lost(change) = book.removed(&"a".into(), at(20)) else { panic!("a running job is lost") };
    assert_eq!((change.job.status, change.job.exit_code), (JobStatus::Failed, None));
    assert!(matches!(book.removed(&"a".into(), at(21)), Removed::Forgotten));
    assert!(matches!(book.removed(&"a".into(), at(22)), Removed::Unknown));
    assert_eq!(book.next_expiry_in(at(22)), None, "nothing is left to expire");
}
