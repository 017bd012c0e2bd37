use std::sync::Arc;

use launcher_api::response::JobStatusResponse;
use launcher_api::{Job, JobSelector, JobStatus, RequestId, Requester, Response, Username};
use proptest::prelude::*;

use super::StatusStreams;
use crate::table::news::StatusNews;

fn news(id: &str, status: JobStatus) -> Arc<StatusNews> {
    StatusNews::of(&Job { id: id.into(), user: "mara".into(), status, ..Job::default() })
}

fn mara() -> Username {
    Username::from("mara")
}

/// Streams of which the first is open for all jobs of everybody.
fn open() -> StatusStreams {
    let mut streams = StatusStreams::default();
    streams.open(RequestId(1), Requester::Everyone, JobSelector::All, Vec::new());
    streams
}

/// All that is told, as request, sequence id, job and status.
fn all(streams: &mut StatusStreams) -> Vec<(u64, u64, String, JobStatus)> {
    std::iter::from_fn(|| streams.next())
        .map(|message| match message.response {
            Response::JobStatus(JobStatusResponse { sequences, id, status, .. }) => {
                (sequences[0].request_id.0, sequences[0].seq_id, id.into_string(), status)
            }
            other => panic!("only states are told, found {other:?}"),
        })
        .collect()
}

/// The states that one job is told to have, of those that it had while nobody read.
fn merged(history: &[JobStatus]) -> Vec<JobStatus> {
    let mut streams = open();
    for status in history {
        streams.tell(&mara(), &news("a", *status));
    }
    assert!(!streams.has_news() || !history.is_empty());
    all(&mut streams).into_iter().map(|(_, _, _, status)| status).collect()
}

#[test]
fn the_newest_state_wins_but_a_run_is_told_before_what_followed_it() {
    use JobStatus::{Canceled, Finished, Pending, Running, Suspended};
    for (history, expected) in [
        (vec![Pending], vec![Pending]),
        (vec![Pending, Pending], vec![Pending]),
        (vec![Pending, Running], vec![Running]),
        (vec![Pending, Canceled], vec![Canceled]),
        (vec![Pending, Running, Finished], vec![Running, Finished]),
        (vec![Running, Suspended, Running, Finished], vec![Running, Finished]),
        (vec![Running, Suspended, Finished], vec![Running, Finished]),
        (vec![Suspended, Finished], vec![Finished]),
    ] {
        assert_eq!(merged(&history), expected, "{history:?}");
    }
}

proptest! {
    #[test]
    fn whatever_happens_at_most_two_states_wait_and_the_last_is_the_newest(
        history in prop::collection::vec(prop::sample::select(JobStatus::ALL.to_vec()), 1..50)
    ) {
        let told = merged(&history);
        prop_assert!(told.len() <= 2);
        prop_assert_eq!(told.last(), history.last());
        if told.len() == 2 {
            prop_assert_eq!(told[0], JobStatus::Running);
        }
    }
}

#[test]
fn a_run_that_was_told_already_is_not_told_again() {
    let mut streams = open();
    streams.tell(&mara(), &news("a", JobStatus::Running));
    assert_eq!(all(&mut streams), [(1, 1, "a".into(), JobStatus::Running)]);
    streams.tell(&mara(), &news("a", JobStatus::Finished));
    assert_eq!(all(&mut streams), [(1, 2, "a".into(), JobStatus::Finished)]);
}

#[test]
fn streams_take_turns_and_count_for_themselves() {
    let mut streams = open();
    let both = vec![news("a", JobStatus::Pending), news("b", JobStatus::Pending)];
    streams.open(RequestId(2), Requester::User(mara()), JobSelector::All, both);
    streams.open(RequestId(3), Requester::User("tom".into()), JobSelector::All, Vec::new());
    streams.tell(&mara(), &news("c", JobStatus::Pending));
    let told: Vec<(u64, u64)> =
        all(&mut streams).into_iter().map(|(request, seq, ..)| (request, seq)).collect();
    assert_eq!(told, [(2, 1), (1, 1), (2, 2), (2, 3)]);
}

#[test]
fn a_canceled_stream_is_silent_and_its_queued_messages_are_dead() {
    let mut streams = open();
    streams.open(
        RequestId(2),
        Requester::Everyone,
        JobSelector::One("a".into()),
        vec![news("a", JobStatus::Pending)],
    );
    streams.tell(&mara(), &news("a", JobStatus::Running));
    let queued = streams.next().unwrap();
    assert!(streams.cancel(RequestId(2)));
    assert!(!streams.cancel(RequestId(2)));
    assert!(queued.life.unwrap().is_over());
    assert_eq!(all(&mut streams), [(1, 1, "a".into(), JobStatus::Running)]);
    assert!(streams.of_one.is_empty() && streams.ready.is_empty());
}

#[test]
fn a_stream_that_is_not_read_forgets_departed_jobs_above_the_limit() {
    let mut streams = open();
    for id in ["a", "b", "c"] {
        streams.tell(&mara(), &news(id, JobStatus::Finished));
    }
    streams.forget(&"a".into(), 3);
    streams.forget(&"b".into(), 2);
    streams.forget(&"c".into(), 2);
    let told: Vec<String> = all(&mut streams).into_iter().map(|(_, _, id, _)| id).collect();
    assert_eq!(told, ["a", "c"]);
}
