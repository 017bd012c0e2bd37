//! Cases are files: what the cluster shows, and the state that it amounts to. The texts are in one snapshot, as they are
//! for reading.

use launcher_api::{JobStatus, JobTime};
use serde::Deserialize;
use serde_json::Value;

use super::*;
use crate::annotation;
use crate::observed::{EventObject, JobObject, PodObject};

/// One situation.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    /// What happened, in words.
    what: String,
    /// `status` of the Job.
    #[serde(default)]
    job: Value,
    /// `spec.suspend` of the Job.
    #[serde(default)]
    suspend: bool,
    /// What a user asked for.
    #[serde(default)]
    intent: Option<String>,
    /// The plugin that has yet to carry it out.
    #[serde(default)]
    owed_by: Option<String>,
    /// The annotation about the standard input's delivery.
    #[serde(default)]
    input: Option<Value>,
    /// The annotation with the end.
    #[serde(default)]
    end: Option<Value>,
    /// The pod; `node` and the metadata's times are filled in.
    #[serde(default)]
    pod: Option<Value>,
    /// The pod was seen to go.
    #[serde(default)]
    pod_gone: bool,
    /// The last telling event.
    #[serde(default)]
    event: Option<Value>,
    /// Seconds since the submission.
    #[serde(default)]
    seconds_later: i64,
    /// The state.
    is: JobStatus,
    /// The exit code.
    #[serde(default)]
    exit_code: Option<i32>,
    /// The stable word.
    code: String,
    /// The time, where it matters.
    #[serde(default)]
    time: Option<JobTime>,
    /// Whether the plugin gives the job up.
    #[serde(default)]
    given_up: bool,
}

const FILES: [(&str, &str); 7] = [
    ("waiting", include_str!("cases/waiting.json")),
    ("running", include_str!("cases/running.json")),
    ("ended", include_str!("cases/ended.json")),
    ("failed", include_str!("cases/failed.json")),
    ("asked for", include_str!("cases/asked_for.json")),
    ("gone", include_str!("cases/gone.json")),
    ("input", include_str!("cases/input.json")),
];

fn submitted() -> JobTime {
    "2026-11-24T11:00:00.5Z".parse().expect("a time")
}

fn facts(case: &Case) -> (JobFacts, Option<PodFacts>, Option<Note>) {
    let mut object: JobObject = serde_json::from_value(serde_json::json!({
        "metadata": { "name": "j", "uid": "job-uid" },
        "spec": { "suspend": case.suspend },
        "status": case.job,
    }))
    .expect("a Job");
    let annotations = &mut object.metadata.annotations;
    if let Some(word) = &case.intent {
        let mut text = serde_json::json!({ "operation": word, "time": "2026-11-24T11:00:30Z" });
        if let Some(by) = &case.owed_by {
            text["owedBy"] = by.as_str().into();
        }
        let text = text.to_string();
        annotations.insert(annotation::INTENT.to_owned(), text);
    }
    if let Some(input) = &case.input {
        annotations.insert(annotation::STDIN_DELIVERY.to_owned(), input.to_string());
    }
    if let Some(end) = &case.end {
        annotations.insert(annotation::END.to_owned(), end.to_string());
    }
    let pod = case.pod.clone().map(|mut pod| {
        pod["metadata"]["name"] = "j-abcde".into();
        pod["metadata"]["uid"] = "pod-uid".into();
        pod["metadata"]["creationTimestamp"] = "2026-11-24T11:00:00Z".into();
        let pod: PodObject = serde_json::from_value(pod).expect("a pod");
        PodFacts { gone: case.pod_gone, ..PodFacts::of(&pod) }
    });
    let note = case.event.clone().and_then(|event| {
        let event: EventObject = serde_json::from_value(event).expect("an event");
        Note::of(&event)
    });
    (JobFacts::of(&object, submitted()), pod, note)
}

fn cases() -> impl Iterator<Item = (&'static str, Case)> {
    FILES.into_iter().flat_map(|(file, text)| {
        let cases: Vec<Case> = serde_json::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        cases.into_iter().map(move |case| (file, case))
    })
}

#[test]
fn what_the_cluster_shows_amounts_to_the_state_in_the_file() {
    let mut texts = String::new();
    for (file, case) in cases() {
        let (job, pod, note) = facts(&case);
        let now = submitted().timestamp() + jiff::SignedDuration::from_secs(case.seconds_later);
        let Derived { state, given_up } = derive(&job, pod.as_ref(), note.as_ref(), now);
        let what = &case.what;
        assert_eq!(state.status, case.is, "{what}: {state:?}");
        assert_eq!(state.exit_code, case.exit_code, "{what}: {state:?}");
        assert_eq!(state.status_code, case.code, "{what}: {state:?}");
        assert_eq!(given_up, case.given_up, "{what}");
        assert!(state.time >= submitted(), "{what}: nothing is older than the job");
        if let Some(time) = case.time {
            assert_eq!(state.time, time, "{what}");
        }
        texts.push_str(&format!("{file}: {what}\n  {} {}\n", state.status, state.status_message));
    }
    insta::assert_snapshot!(texts);
}

#[test]
fn an_end_that_is_written_down_is_told_the_same_after_the_pod_is_gone() {
    for (_, case) in cases() {
        let (mut job, pod, note) = facts(&case);
        let now = submitted().timestamp() + jiff::SignedDuration::from_secs(case.seconds_later);
        let before = derive(&job, pod.as_ref(), note.as_ref(), now).state;
        if !before.status.is_terminal() {
            continue;
        }
        job.end = End::read(&End::of(&before).write());
        let after = derive(&job, None, None, now).state;
        assert_eq!(after, before, "{}", case.what);
    }
}

#[test]
fn the_two_reasons_of_a_pull_that_fails_are_one_message() {
    let pod = |reason: &str, message: &str| {
        let pod: PodObject = serde_json::from_value(serde_json::json!({
            "metadata": { "uid": "u" },
            "status": { "containerStatuses": [{ "name": annotation::MAIN_CONTAINER,
                "state": { "waiting": { "reason": reason, "message": message } } }] },
        }))
        .expect("a pod");
        PodFacts::of(&pod)
    };
    let first = pod("ErrImagePull", "registry says no");
    let second = pod("ImagePullBackOff", "Back-off pulling image").after(&first);
    let case = facts(&Case { pod: None, ..cases().next().expect("a case").1 }).0;
    let derived = |pod: &PodFacts| derive(&case, Some(pod), None, submitted().timestamp());
    assert_eq!(derived(&first), derived(&second));
}
