use super::*;
use crate::client::{Operation, Resource, Verb};

/// An object that is only its name and version.
#[derive(Clone, Debug, PartialEq)]
struct Thing(Meta);

impl Versioned for Thing {
    fn meta(&self) -> &Meta {
        &self.0
    }
}

fn thing(version: &str) -> Thing {
    Thing(Meta { resource_version: version.to_owned(), ..Meta::default() })
}

fn backoff() -> Backoff {
    Backoff::new(Duration::from_secs(2), Duration::from_secs(16), || 0.0)
}

fn machine(state: State) -> Machine {
    Machine { state, ..Machine::new(Kind::Listed, backoff()) }
}

fn failure(kind: FailureKind) -> Input<Thing> {
    let operation = Operation { verb: Verb::Watch, resource: Resource::Jobs, namespace: None };
    Input::Failed(ApiFailure { operation, kind })
}

fn invalid() -> FailureKind {
    FailureKind::Invalid { message: String::new(), causes: Vec::new() }
}

fn server() -> FailureKind {
    FailureKind::Server { code: 500, message: String::new() }
}

fn error(code: u16) -> Input<Thing> {
    Input::Event(WatchEvent::Error(StatusObject { code, ..StatusObject::default() }))
}

fn from_the_future() -> Input<Thing> {
    let body = r#"{"kind":"Status","code":504,"reason":"Timeout","details":{"causes":[{"reason":"ResourceVersionTooLarge"}]}}"#;
    failure(FailureKind::of_answer(504, body.as_bytes()))
}

fn bookmark(version: &str, end: bool) -> Input<Thing> {
    let mut metadata = thing(version).0;
    if end {
        metadata.annotations.insert(INITIAL_EVENTS_END.to_owned(), "true".to_owned());
    }
    Input::Event(WatchEvent::Bookmark(Marked { metadata }))
}

fn following(version: &str) -> State {
    State::Following { version: Some(version.to_owned()) }
}

fn paging(token: Option<&str>) -> State {
    State::Paging { token: token.map(ToOwned::to_owned) }
}

fn waiting(seconds: u64, then: State) -> State {
    State::Waiting { delay: Duration::from_secs(seconds), then: Box::new(then) }
}

fn page(versions: &[&str], token: Option<&str>) -> Input<Thing> {
    Input::Page {
        objects: versions.iter().map(|v| thing(v)).collect(),
        version: "100".to_owned(),
        token: token.map(ToOwned::to_owned),
    }
}

/// What happens, the state before, the input, the state after, what the index is told, what is done next.
type Row = (&'static str, State, Input<Thing>, State, Vec<Change<Thing>>, Next);

#[test]
fn every_input_in_every_state_leads_somewhere_sensible() {
    use Change::{Begin, Complete, Gone, Seen};
    use Next::{Act, Read};
    let long = Input::Ended { after: Duration::from_secs(180) };
    let short = Input::Ended { after: Duration::from_millis(3) };
    let seen = |v: &str| vec![Seen(thing(v))];
    let added = |v: &str| Input::Event(WatchEvent::Added(thing(v)));
    let deleted = |v: &str| Input::Event(WatchEvent::Deleted(thing(v)));
    let rows: Vec<Row> = vec![
        (
            "the first page of two",
            paging(None),
            page(&["1", "2"], Some("t")),
            paging(Some("t")),
            vec![Begin, Seen(thing("1")), Seen(thing("2"))],
            Act,
        ),
        (
            "the last page of two",
            paging(Some("t")),
            page(&["3"], None),
            following("100"),
            vec![Seen(thing("3")), Complete],
            Act,
        ),
        ("the only page, empty", paging(None), page(&[], None), following("100"), vec![Begin, Complete], Act),
        ("a page fails", paging(Some("t")), failure(server()), waiting(1, paging(Some("t"))), vec![], Act),
        (
            "the token is too old",
            paging(Some("t")),
            failure(FailureKind::Gone),
            waiting(0, paging(None)),
            vec![],
            Act,
        ),
        ("something changes", following("9"), added("10"), following("10"), seen("10"), Read),
        ("something goes", following("9"), deleted("10"), following("10"), vec![Gone(thing("10"))], Read),
        ("nothing happens", following("9"), bookmark("12", false), following("12"), vec![], Read),
        ("the watch is over", following("9"), long, following("9"), vec![], Act),
        ("the watch is over at once", following("9"), short, waiting(1, following("9")), vec![], Act),
        (
            "the connection breaks",
            following("9"),
            failure(FailureKind::Broken { reason: String::new() }),
            waiting(1, following("9")),
            vec![],
            Act,
        ),
        (
            "the connection falls silent",
            following("9"),
            Input::Silent(Heard::Something),
            following("9"),
            vec![],
            Act,
        ),
        (
            "the version lies in the future of a restored store",
            following("9"),
            Input::Silent(Heard::Nothing),
            waiting(0, paging(None)),
            vec![],
            Act,
        ),
        (
            "a version from the future, told as an error",
            following("9"),
            from_the_future(),
            waiting(0, paging(None)),
            vec![],
            Act,
        ),
        ("too old, inside a 200", following("9"), error(410), waiting(0, paging(None)), vec![], Act),
        ("too old", following("9"), failure(FailureKind::Gone), waiting(0, paging(None)), vec![], Act),
        ("another error in the stream", following("9"), error(500), waiting(1, following("9")), vec![], Act),
        (
            "no right, which may be so for a moment",
            following("9"),
            error(403),
            waiting(1, following("9")),
            vec![],
            Act,
        ),
        ("the wait is over", waiting(1, following("9")), Input::Elapsed, following("9"), vec![], Act),
    ];
    all_hold(Kind::Listed, rows);
}

#[test]
fn what_may_only_be_watched_streams_or_does_without() {
    use Change::{Complete, Seen};
    use Next::{Act, Read};
    let added = Input::Event(WatchEvent::Added(thing("5")));
    let ended = Input::Ended { after: Duration::from_secs(180) };
    let plain = State::Following { version: None };
    let streaming = || State::Streaming;
    let rows: Vec<Row> = vec![
        ("an object streams in", streaming(), added, streaming(), vec![Seen(thing("5"))], Read),
        ("the mark ends the list", streaming(), bookmark("9", true), following("9"), vec![Complete], Read),
        (
            "a server that does not mark",
            streaming(),
            bookmark("9", false),
            plain.clone(),
            vec![Complete],
            Act,
        ),
        (
            "a server that refuses to stream",
            streaming(),
            failure(invalid()),
            plain.clone(),
            vec![Complete],
            Act,
        ),
        (
            "a server that says nothing after the objects",
            streaming(),
            Input::Silent(Heard::Something),
            plain,
            vec![Complete],
            Act,
        ),
        ("the stream ends early", streaming(), ended, waiting(1, streaming()), vec![], Act),
        ("the server fails", streaming(), failure(server()), waiting(1, streaming()), vec![], Act),
        ("too old while streaming", streaming(), error(410), waiting(1, streaming()), vec![], Act),
    ];
    all_hold(Kind::WatchedOnly, rows);
}

fn all_hold(kind: Kind, rows: Vec<Row>) {
    for (what, state, input, after, changes, next) in rows {
        let mut machine = Machine { state, ..Machine::new(kind, backoff()) };
        let step = machine.step(input);
        assert_eq!(*machine.state(), after, "{what}");
        assert_eq!(step, Step { changes, next }, "{what}");
    }
}

#[test]
fn waits_grow_with_each_failure_and_shrink_with_the_first_success() {
    let mut machine = machine(following("9"));
    let mut delays = Vec::new();
    for _ in 0..6 {
        machine.step(failure(server()));
        let State::Waiting { delay, .. } = machine.state() else { panic!("{:?}", machine.state()) };
        delays.push(delay.as_secs());
        machine.step::<Thing>(Input::Elapsed);
    }
    assert_eq!(delays, [1, 2, 4, 8, 8, 8]);
    machine.step(bookmark("10", false));
    assert_eq!(machine.attempt(), 0);
}

#[test]
fn a_server_that_lists_but_never_watches_is_listed_ever_more_seldom() {
    let mut machine = machine(following("9"));
    let mut delays = Vec::new();
    let too_old = |machine: &mut Machine| {
        machine.step(error(410));
        let State::Waiting { delay, .. } = machine.state() else { panic!("{:?}", machine.state()) };
        let delay = delay.as_secs();
        machine.step::<Thing>(Input::Elapsed);
        machine.step(page(&["1"], None));
        delay
    };
    for _ in 0..5 {
        delays.push(too_old(&mut machine));
    }
    assert_eq!(delays, [0, 4, 8, 8, 8]);
    machine.step(bookmark("101", false));
    assert_eq!(too_old(&mut machine), 0, "a watch that worked begins anew at once");
}

#[test]
fn watches_that_lost_their_history_together_come_back_spread_over_a_second() {
    let spread = |jitter| {
        let backoff = Backoff::new(Duration::from_secs(2), Duration::from_secs(16), jitter);
        let mut machine = Machine { state: following("9"), ..Machine::new(Kind::Listed, backoff) };
        machine.step(error(410));
        let State::Waiting { delay, .. } = machine.state() else { panic!("{:?}", machine.state()) };
        *delay
    };
    assert_eq!(spread(|| 0.0), Duration::ZERO);
    assert_eq!(spread(|| 0.5), Duration::from_millis(500));
}

#[test]
fn what_may_be_listed_is_listed_first() {
    assert_eq!(*Machine::new(Kind::Listed, backoff()).state(), paging(None));
}

#[test]
fn a_server_that_was_silent_once_is_asked_to_stream_again() {
    let mut machine = Machine::new(Kind::WatchedOnly, backoff());
    assert_eq!(*machine.state(), State::Streaming);
    machine.step::<Thing>(Input::Silent(Heard::Nothing));
    machine.step(Input::Event(WatchEvent::Added(thing("7"))));
    machine.step(error(410));
    machine.step::<Thing>(Input::Elapsed);
    assert_eq!(*machine.state(), State::Streaming);
}

#[test]
fn a_server_that_cannot_stream_is_not_asked_again() {
    let mut machine = Machine::new(Kind::WatchedOnly, backoff());
    let step = machine.step(failure(invalid()));
    assert_eq!(*machine.state(), State::Following { version: None });
    assert_eq!(step.changes, [Change::Complete], "nothing else will tell that there was no more");
    machine.step(Input::Event(WatchEvent::Added(thing("7"))));
    assert_eq!(*machine.state(), following("7"));
    machine.step(error(410));
    machine.step::<Thing>(Input::Elapsed);
    assert_eq!(*machine.state(), State::Following { version: None });
}

#[test]
fn lines_of_a_watch_are_read_as_the_server_writes_them() {
    let read = |text: &str| serde_json::from_str::<WatchEvent<Marked>>(text).expect("an event");
    let line = r#"{"type":"BOOKMARK","object":{"kind":"Job","metadata":{"resourceVersion":"1181","annotations":{"k8s.io/initial-events-end":"true"}},"spec":{"template":{"spec":{"containers":null}}},"status":{}}}"#;
    let WatchEvent::Bookmark(mark) = read(line) else { panic!("no bookmark") };
    assert_eq!(mark.metadata.resource_version, "1181");
    assert!(mark.metadata.annotation(INITIAL_EVENTS_END).is_some());
    let line = r#"{"type":"ERROR","object":{"kind":"Status","message":"too old resource version: 1 (1355)","reason":"Expired","code":410}}"#;
    let WatchEvent::Error(status) = read(line) else { panic!("no error") };
    assert_eq!(status.code, 410);
    let line = r#"{"type":"DELETED","object":{"metadata":{"name":"j"}}}"#;
    assert!(matches!(read(line), WatchEvent::Deleted(m) if m.metadata.name == "j"));
}
