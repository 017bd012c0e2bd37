use launcher_api::JobStatus;
use launcher_plugin::JobState;
use serde_json::{Value, json};

use super::*;
use crate::annotation;
use crate::lifecycle::End;
use crate::objects::{BuildContext, JobObjects, Ratio};
use crate::stdin::{Cut, IfMissing};
use crate::templates::ObjectTemplates;

const ME: &str = "plugin-1";

fn now() -> Timestamp {
    "2026-11-24T11:00:10Z".parse().expect("a time")
}

/// An index, and everything that came of what it saw.
struct Scene {
    index: Index,
    effects: Vec<Effect>,
}

impl Scene {
    fn new() -> Self {
        let since = "2026-11-24T11:00:00Z".parse().expect("a time");
        Self { index: Index::new("Kubernetes", ME, since), effects: Vec::new() }
    }

    /// One that has seen an empty cluster.
    fn synced() -> Self {
        let mut scene = Self::new();
        for change in [Change::Begin, Change::Complete] {
            scene.index.jobs(change, now(), &mut scene.effects);
        }
        for change in [Change::Begin, Change::Complete] {
            scene.index.pods(change, now(), &mut scene.effects);
        }
        scene.index.events(Change::Complete, now(), &mut scene.effects);
        assert_eq!(scene.news(), [Effect::Synced]);
        scene
    }

    /// One that knows all events that there are.
    fn with_events() -> Self {
        let mut scene = Self::new();
        scene.index.events(Change::Complete, now(), &mut scene.effects);
        scene
    }

    fn job(&mut self, object: Value) -> &mut Self {
        let object = serde_json::from_value(object).expect("a Job");
        self.index.jobs(Change::Seen(object), now(), &mut self.effects);
        self
    }

    fn pod(&mut self, pod: Value) -> &mut Self {
        let pod = serde_json::from_value(pod).expect("a pod");
        self.index.pods(Change::Seen(pod), now(), &mut self.effects);
        self
    }

    fn jobs(&mut self, change: Change<JobObject>) -> &mut Self {
        self.index.jobs(change, now(), &mut self.effects);
        self
    }

    fn pods(&mut self, change: Change<PodObject>) -> &mut Self {
        self.index.pods(change, now(), &mut self.effects);
        self
    }

    fn event(&mut self, event: Value) -> &mut Self {
        let event = serde_json::from_value(event).expect("an event");
        self.index.events(Change::Seen(event), now(), &mut self.effects);
        self
    }

    fn tick_at(&mut self, time: &str) -> &mut Self {
        self.index.tick(time.parse().expect("a time"), &mut self.effects);
        self
    }

    fn report(&mut self, report: Report) -> &mut Self {
        self.index.report(report, now(), &mut self.effects);
        self
    }

    /// What came of it since this was last asked.
    fn news(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The states that were told since this was last asked.
    fn statuses(&mut self) -> Vec<JobStatus> {
        let told = self.news().into_iter().filter_map(|effect| match effect {
            Effect::Tell(JobUpdate::Known(job)) | Effect::TellWithStdin(JobUpdate::Known(job), _) => {
                Some(job.status)
            }
            Effect::Tell(JobUpdate::State { state: JobState { status, .. }, .. }) => Some(status),
            _ => None,
        });
        told.collect()
    }

    /// The state that was told last since this was last asked, and its words.
    fn told(&mut self) -> Option<(JobStatus, String)> {
        self.news().into_iter().rev().find_map(|effect| match effect {
            Effect::Tell(JobUpdate::Known(job)) => Some((job.status, job.status_message)),
            Effect::Tell(JobUpdate::State { state, .. }) => Some((state.status, state.status_message)),
            _ => None,
        })
    }

    fn deeds(&mut self) -> Vec<Deed> {
        let done = self.news().into_iter().filter_map(|effect| match effect {
            Effect::Do(deed) => Some(deed),
            _ => None,
        });
        done.collect()
    }
}

/// A Job as this plugin makes it, with `fields` of the Launcher's job.
fn job_of(fields: Value) -> Value {
    let job = serde_json::from_value(fields).expect("a job");
    let context = BuildContext {
        templates: ObjectTemplates::built_in(),
        cluster: "Kubernetes".into(),
        shared_process_namespace: true,
        default_image: Some("busybox".to_owned()),
        overrides: std::sync::Arc::default(),
        profile_data: crate::templates::ProfileData::default(),
        cpu_request_ratio: Ratio::ALL,
        memory_request_ratio: Ratio::ALL,
        deliverer: ME.into(),
        stdin_key: "0123456789abcdef0123456789abcdef".to_owned(),
    };
    let mut object = JobObjects::build(&job, &context).expect("objects").job;
    object["metadata"]["name"] = "j".into();
    object["metadata"]["uid"] = "job-1".into();
    object["metadata"]["creationTimestamp"] = "2026-11-24T11:00:00Z".into();
    object
}

fn job() -> Value {
    job_of(json!({ "exe": "sh", "user": "mara" }))
}

fn failed(mut object: Value) -> Value {
    object["status"] = json!({ "conditions": [{ "type": "Failed", "status": "True", "reason": "BackoffLimitExceeded",
        "lastTransitionTime": "2026-11-24T11:00:08Z" }] });
    object
}

fn pod(state: &Value) -> Value {
    json!({
        "metadata": { "name": "j-abcde", "uid": "pod-1", "creationTimestamp": "2026-11-24T11:00:01Z",
            "labels": { "job-name": "j", annotation::MANAGED_BY: "launcher" } },
        "spec": { "nodeName": "node1" },
        "status": { "phase": "Running", "containerStatuses": [{ "name": annotation::MAIN_CONTAINER, "state": state }] },
    })
}

fn running() -> Value {
    pod(&json!({ "running": { "startedAt": "2026-11-24T11:00:03Z" } }))
}

fn ended(code: i32) -> Value {
    pod(&json!({ "terminated": { "exitCode": code, "reason": "Error", "startedAt": "2026-11-24T11:00:03Z",
        "finishedAt": "2026-11-24T11:00:07Z" } }))
}

use JobStatus::{Failed, Finished, Pending, Running, Suspended};

#[test]
fn a_job_is_told_with_its_page_once_pods_and_events_are_known_and_the_start_waits_for_the_last_page() {
    let mut scene = Scene::with_events();
    scene.pods(Change::Begin).pod(running()).pods(Change::Complete);
    scene.jobs(Change::Begin).job(job());
    assert_eq!(scene.statuses(), [Running]);
    assert_eq!(scene.news(), []);
    scene.jobs(Change::Complete);
    assert_eq!(scene.news(), [Effect::Synced]);
}

#[test]
fn nothing_is_told_before_pods_and_events_have_been_read() {
    let mut scene = Scene::with_events();
    scene.jobs(Change::Begin).job(job()).jobs(Change::Complete).pods(Change::Begin).pod(ended(3));
    assert_eq!(scene.news(), []);
    scene.pods(Change::Complete);
    let news = scene.news();
    let Some(Effect::Tell(JobUpdate::Known(told))) = news.first() else { panic!("{news:?}") };
    assert_eq!((told.status, told.exit_code, told.host.as_str()), (Finished, Some(3), "node1"));
    assert_eq!(news.last(), Some(&Effect::Synced));
}

#[test]
fn a_pod_may_be_seen_before_its_job() {
    let mut scene = Scene::synced();
    scene.pod(running()).job(job());
    assert_eq!(scene.statuses(), [Running]);
}

#[test]
fn a_job_that_is_over_before_its_pod_is_seen_waits_for_what_the_pod_says() {
    let mut scene = Scene::synced();
    scene.job(job());
    assert_eq!(scene.statuses(), [Pending]);
    scene.job(failed(job()));
    assert_eq!(scene.deeds(), [Deed::FindPod { job: "j".to_owned() }]);
    let found = serde_json::from_value(ended(6)).expect("a pod");
    scene.report(Report::PodFound(Box::new(found)));
    assert_eq!(scene.statuses(), [Finished]);
    // Only a job without a pod is judged by its own word.
    let mut scene = Scene::synced();
    scene.job(failed(job()));
    scene.report(Report::NoPod { job: "j".to_owned() });
    assert_eq!(scene.statuses(), [Failed]);
}

#[test]
fn events_are_not_waited_for_for_ever() {
    let mut scene = Scene::new();
    scene.jobs(Change::Begin).job(job()).jobs(Change::Complete).pods(Change::Begin).pods(Change::Complete);
    scene.tick_at("2026-11-24T11:00:10Z").tick_at("2026-11-24T11:00:11Z");
    assert_eq!(scene.news(), []);
    scene.tick_at("2026-11-24T11:00:12Z");
    assert_eq!(scene.news().last(), Some(&Effect::Synced));
}

#[test]
fn the_start_waits_for_pods_that_are_looked_for() {
    let mut scene = Scene::with_events();
    scene.jobs(Change::Begin).job(failed(job())).jobs(Change::Complete);
    scene.pods(Change::Begin).pods(Change::Complete);
    assert_eq!(scene.news(), [Effect::Do(Deed::FindPod { job: "j".to_owned() })]);
    scene.report(Report::NoPod { job: "j".to_owned() });
    assert_eq!(scene.news().last(), Some(&Effect::Synced));
}

#[test]
fn what_is_missing_from_a_new_list_is_gone() {
    let mut scene = Scene::synced();
    scene.job(job()).pod(running()).news();
    scene.pods(Change::Begin).pods(Change::Complete);
    assert_eq!(scene.statuses(), [Running], "the pod is gone; the Job has yet to say what that means");
    scene.jobs(Change::Begin).jobs(Change::Complete);
    assert_eq!(scene.news(), [Effect::Tell(JobUpdate::Removed("j".into()))]);
    assert!(scene.index.is_empty());
}

#[test]
fn a_list_that_breaks_off_takes_nothing_away() {
    let mut scene = Scene::synced();
    scene.job(job()).news();
    scene.jobs(Change::Begin).jobs(Change::Begin).job(job()).jobs(Change::Complete);
    assert_eq!(scene.index.len(), 1);
    assert_eq!(scene.news(), []);
}

#[test]
fn another_job_of_the_same_name_is_another_job() {
    let mut scene = Scene::synced();
    scene.job(job()).news();
    let mut other = job();
    other["metadata"]["uid"] = "job-2".into();
    scene.job(other);
    let news = scene.news();
    assert_eq!(news.first(), Some(&Effect::Tell(JobUpdate::Removed("j".into()))));
    assert!(matches!(news.get(1), Some(Effect::Tell(JobUpdate::Known(_)))), "{news:?}");
}

#[test]
fn an_end_is_written_down_once_and_again_if_that_failed() {
    let mut scene = Scene::synced();
    scene.job(job()).pod(ended(3));
    let deeds = scene.deeds();
    let [Deed::WriteEnd { end, for_good: false, .. }] = deeds.as_slice() else { panic!("{deeds:?}") };
    assert_eq!((end.status, end.exit_code), (Finished, Some(3)));
    scene.pod(ended(3)).tick_at("2026-11-24T11:00:20Z");
    assert_eq!(scene.deeds(), []);
    scene.report(Report::Undone(deeds[0].clone())).tick_at("2026-11-24T11:00:30Z");
    assert_eq!(scene.deeds(), deeds);
}

#[test]
fn an_end_is_written_down_with_the_time_that_was_told_though_the_clock_of_conditions_was_ahead() {
    let mut scene = Scene::synced();
    let mut ready = running();
    ready["status"]["conditions"] =
        json!([{ "type": "Ready", "status": "True", "lastTransitionTime": "2026-11-24T11:00:08Z" }]);
    scene.job(job()).pod(ready).pod(ended(3));
    let end = scene.deeds().into_iter().find_map(|deed| match deed {
        Deed::WriteEnd { end, .. } => Some(end),
        _ => None,
    });
    let time = end.expect("an end that is written down").time;
    assert_eq!(time, "2026-11-24T11:00:08Z".parse().expect("a time"), "the container's end is told as :07");
}

#[test]
fn once_an_end_is_written_down_nothing_changes_it() {
    let mut scene = Scene::synced();
    scene.job(job()).pod(ended(3));
    let end = scene.deeds().into_iter().find_map(|deed| match deed {
        Deed::WriteEnd { end, .. } => Some(end),
        _ => None,
    });
    let mut object = failed(job());
    object["metadata"]["annotations"][annotation::END] =
        end.as_ref().map(End::write).unwrap_or_default().into();
    scene.job(object).pod(running()).pods(Change::Begin).pods(Change::Complete);
    assert_eq!(scene.news(), [], "neither told again nor done again");
}

#[test]
fn a_job_that_waits_too_long_for_its_image_is_given_up_for_good() {
    let mut waiting = pod(&json!({ "waiting": { "reason": "ErrImagePull", "message": "not found" } }));
    waiting["status"]["phase"] = "Pending".into();
    waiting["status"]["conditions"] =
        json!([{ "type": "PodScheduled", "status": "True", "lastTransitionTime": "2026-11-24T11:00:02Z" }]);
    let mut scene = Scene::synced();
    scene.job(job()).pod(waiting);
    assert_eq!(scene.statuses(), [Pending, Pending]);
    scene.tick_at("2026-11-24T11:10:00Z");
    assert_eq!(scene.news(), []);
    scene.tick_at("2026-11-24T11:15:02Z");
    let deeds = scene.deeds();
    assert!(matches!(deeds.as_slice(), [Deed::WriteEnd { for_good: true, .. }]), "{deeds:?}");
}

#[test]
fn a_standard_input_is_delivered_when_its_container_runs() {
    let object = job_of(json!({ "exe": "sh", "stdin": "echo" }));
    let deliver =
        Deed::DeliverStdin { job: "j".to_owned(), pod: "j-abcde".to_owned(), if_missing: IfMissing::Wait };
    let mut scene = Scene::synced();
    scene.job(object.clone());
    assert_eq!(scene.deeds(), []);
    scene.pod(running());
    assert_eq!(scene.deeds(), std::slice::from_ref(&deliver));
    scene.pod(running()).job(object.clone());
    assert_eq!(scene.deeds(), [], "once");
    // Another plugin's job: only if that one stays away.
    let mut theirs = object.clone();
    theirs["metadata"]["annotations"][annotation::STDIN_DELIVERY] =
        r#"{"state":"claimed","by":"other"}"#.into();
    let mut scene = Scene::synced();
    scene.job(theirs).pod(running()).tick_at("2026-11-24T11:00:15Z");
    assert_eq!(scene.deeds(), []);
    scene.tick_at("2026-11-24T11:00:24Z");
    assert_eq!(scene.deeds(), [deliver]);
    // One that is delivered: never.
    let mut done = object;
    done["metadata"]["annotations"][annotation::STDIN_DELIVERY] = r#"{"state":"done"}"#.into();
    let mut scene = Scene::synced();
    scene.job(done).pod(running()).tick_at("2026-11-24T12:00:00Z");
    assert_eq!(scene.deeds(), []);
}

/// A Job with a standard input whose delivery is so far.
fn with_input(delivery: &str) -> Value {
    let mut object = job_of(json!({ "exe": "sh", "stdin": "echo" }));
    object["metadata"]["annotations"][annotation::STDIN_DELIVERY] = delivery.into();
    object
}

#[test]
fn a_delivery_that_a_restart_interrupted_is_looked_after_by_the_plugin_that_began_it() {
    let mine = r#"{"state":"begun","by":"plugin-1","bytes":4}"#;
    let mut scene = Scene::synced();
    scene.job(with_input(mine)).pod(running());
    let news = scene.news();
    assert!(news.iter().any(|effect| matches!(effect, Effect::Do(Deed::DeliverStdin { .. }))), "{news:?}");
    let told = news.iter().any(|effect| {
        matches!(effect, Effect::Tell(JobUpdate::State { state, .. })
        if state.status == Running && state.status_message.contains("of whose 4 bytes"))
    });
    assert!(told, "{news:?}");
    // Another plugin's is left alone: that one may be in the middle of it, for hours.
    let theirs = r#"{"state":"begun","by":"other","bytes":4}"#;
    let mut scene = Scene::synced();
    scene.job(with_input(theirs)).pod(running()).tick_at("2026-11-24T15:00:00Z");
    assert_eq!(scene.deeds(), []);
}

#[test]
fn a_job_that_ended_while_the_plugin_was_restarted_in_the_middle_of_its_input_says_so() {
    let mut scene = Scene::with_events();
    scene.jobs(Change::Begin).job(with_input(r#"{"state":"begun","by":"plugin-1","bytes":4}"#));
    scene.jobs(Change::Complete).pods(Change::Begin);
    scene.pod(ended(0)).pods(Change::Complete);
    let told = scene.told().expect("an end");
    assert_eq!((told.0, told.1.contains("of whose 4 bytes")), (Finished, true), "{}", told.1);
}

#[test]
fn a_job_that_ended_in_the_middle_of_the_input_of_a_plugin_that_is_gone_says_so() {
    let theirs = |state: &str| with_input(&format!(r#"{{"state":"{state}","by":"other","bytes":4}}"#));
    let mut scene = Scene::synced();
    scene.job(theirs("begun")).pod(running()).pod(ended(0));
    assert_eq!(scene.statuses(), [Pending, Running], "that plugin has the first word");
    scene.tick_at("2026-11-24T11:00:14Z");
    let told = scene.told().expect("an end");
    assert_eq!((told.0, told.1.contains("of whose 4 bytes")), (Finished, true), "{}", told.1);

    let mut scene = Scene::synced();
    scene.job(theirs("begun")).pod(running()).pod(ended(0)).job(theirs("done"));
    assert_eq!(scene.told(), Some((Finished, String::new())));
}

#[test]
fn the_end_of_a_job_waits_a_moment_for_the_word_about_its_input() {
    let mut scene = Scene::synced();
    scene.job(with_input(r#"{"state":"claimed","by":"plugin-1"}"#)).pod(running());
    assert_eq!(scene.statuses(), [Pending, Running]);
    scene.pod(ended(0));
    assert_eq!(scene.statuses(), []);
    let cut = Cut::Connection { sent: 2, bytes: 4 };
    scene.report(Report::Delivered { job: "j".to_owned(), conclusion: Conclusion::Cut(cut) });
    let told = scene.told().expect("an end");
    assert_eq!((told.0, told.1.contains("the job got 2 at most")), (Finished, true), "{}", told.1);

    let mut scene = Scene::synced();
    scene.job(with_input(r#"{"state":"claimed","by":"plugin-1"}"#)).pod(running()).pod(ended(0));
    scene.news();
    scene.tick_at("2026-11-24T11:00:14Z");
    assert_eq!(scene.statuses(), [Finished], "not for ever");
}

#[test]
fn an_input_that_another_plugin_keeps_is_waited_for_and_then_closed() {
    let mut scene = Scene::synced();
    scene.job(with_input(r#"{"state":"claimed","by":"other"}"#)).pod(running());
    scene.tick_at("2026-11-24T11:00:24Z");
    assert!(matches!(scene.deeds().as_slice(), [Deed::DeliverStdin { if_missing: IfMissing::Wait, .. }]));
    scene.report(Report::KeptElsewhere { job: "j".to_owned() }).tick_at("2026-11-24T11:15:00Z");
    assert_eq!(scene.deeds(), []);
    scene.tick_at("2026-11-24T11:15:04Z");
    assert!(matches!(scene.deeds().as_slice(), [Deed::DeliverStdin { if_missing: IfMissing::Close, .. }]));
}

#[test]
fn what_was_asked_for_before_a_restart_is_carried_out_after_it() {
    let owed = |by: &str, time: &str| {
        let mut object = job();
        object["metadata"]["annotations"][annotation::INTENT] =
            json!({ "operation": "kill", "time": time, "owedBy": by }).to_string().into();
        object
    };
    // The plugin began at 11:00:00. What its former life wrote may even be seen a little later.
    let before = "2026-11-24T10:59:59Z";
    let mut scene = Scene::synced();
    scene.job(job()).pod(running());
    scene.news();
    scene.job(owed(ME, before));
    let deeds = scene.deeds();
    let [Deed::CarryOut { intent, .. }] = deeds.as_slice() else { panic!("{deeds:?}") };
    assert_eq!(intent.operation, crate::lifecycle::Operation::Kill);
    scene.tick_at("2026-11-24T12:00:00Z");
    assert_eq!(scene.deeds(), [], "once");
    scene.report(Report::Undone(deeds[0].clone())).tick_at("2026-11-24T12:00:02Z");
    assert_eq!(scene.deeds(), deeds, "until it is done");
    // What this plugin was asked for now is being done; and another one sees to its own, unless it stays away.
    let mut scene = Scene::synced();
    let now = "2026-11-24T11:00:08Z";
    scene.job(job()).pod(running()).job(owed(ME, now)).tick_at("2026-11-24T11:01:00Z");
    assert_eq!(scene.deeds(), []);
    let mut scene = Scene::synced();
    scene.job(owed("other", now)).pod(running()).tick_at("2026-11-24T11:01:00Z");
    assert_eq!(scene.deeds(), []);
    scene.tick_at("2026-11-24T11:01:10Z");
    assert!(matches!(scene.deeds().as_slice(), [Deed::CarryOut { .. }]));
}

#[test]
fn a_job_that_ends_as_soon_as_it_is_resumed_was_running_in_between() {
    let asked = |operation: &str, owed: Option<&str>| {
        let mut object = job();
        let mut intent = json!({ "operation": operation, "time": "2026-11-24T11:00:08Z" });
        if let Some(by) = owed {
            intent["owedBy"] = by.into();
        }
        object["metadata"]["annotations"][annotation::INTENT] = intent.to_string().into();
        object
    };
    let mut scene = Scene::synced();
    scene.job(asked("suspend", None)).pod(running());
    assert_eq!(scene.statuses(), [Pending, Suspended]);
    scene.job(asked("resume", Some(ME))).pod(ended(0));
    assert_eq!(scene.statuses(), [Running, Finished]);
}

#[test]
fn the_newest_event_counts_though_events_come_in_the_order_of_their_names() {
    let event = |kind: &str, uid: &str, reason: &str, time: &str| {
        json!({
            "metadata": {}, "involvedObject": { "kind": kind, "name": if kind == "Job" { "j" } else { "j-abcde" }, "uid": uid },
            "reason": reason, "message": format!("about the {kind}"), "lastTimestamp": time,
        })
    };
    let mount = event("Pod", "pod-1", "FailedMount", "2026-11-24T11:00:09Z");
    let quota = event("Job", "job-1", "FailedCreate", "2026-11-24T11:00:05Z");
    let mut creating = pod(&json!({ "waiting": { "reason": "ContainerCreating" } }));
    creating["status"]["phase"] = "Pending".into();
    let mut scene = Scene::synced();
    scene.job(job()).pod(creating).event(mount).event(quota);
    let told = scene.told().expect("a reason");
    assert!(told.1.contains("about the Pod"), "{}", told.1);
}

#[test]
fn a_long_standard_input_is_forgotten_with_its_job() {
    let object = job_of(json!({ "exe": "sh", "stdin": "x".repeat(300_000) }));
    let mut scene = Scene::synced();
    scene.job(object.clone());
    let news = scene.news();
    assert!(matches!(news.as_slice(), [Effect::TellWithStdin(..)]), "{news:?}");
    let gone = serde_json::from_value(object).expect("a Job");
    scene.jobs(Change::Gone(gone));
    let key = "0123456789abcdef0123456789abcdef".to_owned();
    assert_eq!(scene.deeds(), [Deed::DropStdin { job: "j".to_owned(), key }]);
}

#[test]
fn a_job_with_ports_gets_its_service_and_tells_where_it_is_reached() {
    let object = job_of(json!({ "exe": "sh", "exposedPorts": [{ "targetPort": 8787 }] }));
    let mut scene = Scene::synced();
    scene.job(object.clone());
    assert_eq!(scene.deeds(), []);
    scene.tick_at("2026-11-24T11:00:13Z");
    assert_eq!(scene.deeds(), [Deed::MakeService { job: "j".to_owned() }]);
    let reached = with_ports(object);
    scene.job(reached.clone());
    let news = scene.news();
    let [Effect::Tell(JobUpdate::Ports { ports, .. })] = news.as_slice() else { panic!("{news:?}") };
    assert_eq!(ports[0].published_port, Some(32309));
    scene.job(reached);
    assert_eq!(scene.news(), []);
}

#[test]
fn a_service_that_the_submission_makes_is_not_looked_after() {
    let object = job_of(json!({ "exe": "sh", "exposedPorts": [{ "targetPort": 8787 }] }));
    let mut scene = Scene::synced();
    scene.job(object.clone()).tick_at("2026-11-24T11:00:12Z").job(with_ports(object));
    scene.tick_at("2026-11-24T11:00:13Z");
    assert_eq!(scene.deeds(), []);
}

fn with_ports(mut object: Value) -> Value {
    object["metadata"]["annotations"][annotation::PORTS] =
        r#"[{"targetPort":8787,"protocol":"TCP","publishedPort":32309}]"#.into();
    object
}

#[test]
fn an_event_says_why_whenever_it_comes() {
    let quota = json!({
        "metadata": {}, "involvedObject": { "kind": "Job", "name": "j", "uid": "job-1" }, "reason": "FailedCreate",
        "message": "exceeded quota: q", "lastTimestamp": "2026-11-24T11:00:05Z",
    });
    let message = |scene: &mut Scene| scene.told().map(|(_, message)| message);
    let mut before = Scene::synced();
    before.event(quota.clone()).job(job());
    let mut after = Scene::synced();
    after.job(job()).event(quota.clone()).event(quota);
    let told = message(&mut before).expect("a message");
    assert!(told.contains("exceeded quota: q"), "{told}");
    assert_eq!(message(&mut after), Some(told));
}

#[test]
fn a_younger_pod_takes_the_place_of_an_older_one() {
    let mut scene = Scene::synced();
    scene.job(job()).pod(running());
    let mut younger = pod(&json!({ "waiting": { "reason": "ContainerCreating" } }));
    younger["metadata"]["name"] = "j-fghij".into();
    younger["metadata"]["uid"] = "pod-2".into();
    younger["metadata"]["creationTimestamp"] = "2026-11-24T11:00:09Z".into();
    scene.news();
    scene.pod(younger).pod(running());
    assert_eq!(scene.statuses(), [Pending], "the older one says nothing any more");
}
