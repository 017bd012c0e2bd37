//! Get Job and Get Jobs.

use launcher_api::job::EnvVar;
use launcher_api::{Job, JobStatus};
use launcher_plugin::PluginOptions;
use serde_json::{Value, json};

use crate::support::{FakeBackend, Launcher, Setup, begin, job};

async fn with_four_jobs() -> Launcher {
    let tagged = |job: Job, tags: &[&str], time: &str| Job {
        tags: tags.iter().map(ToString::to_string).collect(),
        submission_time: Some(time.parse().unwrap()),
        ..job
    };
    begin(FakeBackend::with([
        tagged(job("b", "mara", JobStatus::Running), &["fit", "nightly"], "2026-11-24T09:00:00Z"),
        tagged(job("a", "mara", JobStatus::Finished), &["fit"], "2026-11-24T08:00:00Z"),
        tagged(job("Z", "mara", JobStatus::Pending), &[], "2026-11-24T09:30:00Z"),
        tagged(job("c", "tom", JobStatus::Running), &["nightly"], "2026-11-24T09:15:00.5Z"),
    ]))
    .bootstrapped()
    .await
}

/// The ids that a Get Jobs request finds, in order.
async fn ids(launcher: &mut Launcher, request: Value) -> Vec<String> {
    let mut request = request;
    request["messageType"] = json!(3);
    request["requestId"] = json!(1);
    launcher.send(request).await;
    let answer = launcher.next().await;
    let jobs = answer["jobs"].as_array().unwrap_or_else(|| panic!("a list, found {answer}"));
    jobs.iter().map(|job| job["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_list_holds_what_the_user_may_see_and_all_filters_let_through_by_id() {
    let mut launcher = with_four_jobs().await;
    let cases = [
        (json!({"username": "*"}), vec!["Z", "a", "b", "c"]),
        (json!({"username": "mara"}), vec!["Z", "a", "b"]),
        (json!({"username": " tom "}), vec!["c"]),
        (json!({"username": "Tom"}), vec![]),
        (json!({"username": "*", "tags": ["nightly"]}), vec!["b", "c"]),
        (json!({"username": "*", "tags": ["nightly", "fit"]}), vec!["b"]),
        (json!({"username": "*", "tags": ["Nightly"]}), vec![]),
        (json!({"username": "*", "statuses": ["pending", " FINISHED "]}), vec!["Z", "a"]),
        (json!({"username": "*", "statuses": [], "tags": [], "fields": []}), vec!["Z", "a", "b", "c"]),
        (json!({"username": "*", "startTime": "2026-11-24T09:00:00"}), vec!["Z", "b", "c"]),
        (json!({"username": "*", "endTime": "2026-11-24T10:00:00+01:00"}), vec!["a", "b"]),
        (
            json!({"username": "*", "startTime": "2026-11-24T09:15:00.5Z", "endTime": "2026-11-24T09:15:00.5Z"}),
            vec!["c"],
        ),
        (json!({"username": "mara", "tags": ["fit"], "statuses": ["Running"]}), vec!["b"]),
    ];
    for (request, expected) in cases {
        let mut request = request;
        request["jobId"] = json!("*");
        assert_eq!(ids(&mut launcher, request.clone()).await, expected, "{request}");
    }
}

#[tokio::test(start_paused = true)]
async fn fields_are_the_keys_that_are_told_and_the_id_always_is() {
    let mut launcher = with_four_jobs().await;
    launcher
        .send(json!({"messageType": 3, "requestId": 1, "username": "tom", "jobId": "*",
                     "fields": ["status", "name", "exitCode", "shoeSize"]}))
        .await;
    launcher
        .expect(json!({"messageType": 2, "requestId": 1,
                       "jobs": [{"id": "c", "name": "name of c", "status": "Running"}]}))
        .await;
}

#[tokio::test(start_paused = true)]
async fn one_job_is_found_whatever_the_filters_say_and_its_fields_count() {
    let mut launcher = with_four_jobs().await;
    launcher
        .send(json!({"messageType": 3, "requestId": 1, "username": "tom", "jobId": "c", "tags": ["none"],
                     "statuses": ["Failed"], "fields": ["status"]}))
        .await;
    launcher
        .expect(json!({"messageType": 2, "requestId": 1, "jobs": [{"id": "c", "status": "Running"}]}))
        .await;
}

#[tokio::test(start_paused = true)]
async fn an_unknown_job_and_a_foreign_one_are_both_error_3() {
    let mut launcher = with_four_jobs().await;
    launcher.send(json!({"messageType": 3, "requestId": 1, "username": "tom", "jobId": "nope"})).await;
    assert_eq!(launcher.expect_error(1, 3).await, "user 'tom' has no job 'nope'");
    launcher.send(json!({"messageType": 3, "requestId": 2, "username": "tom", "jobId": "a"})).await;
    assert_eq!(launcher.expect_error(2, 3).await, "user 'tom' has no job 'a'");
    launcher.send(json!({"messageType": 3, "requestId": 3, "username": "*", "jobId": "nope"})).await;
    assert_eq!(launcher.expect_error(3, 3).await, "there is no job 'nope'");
}

#[tokio::test(start_paused = true)]
async fn bad_filters_are_error_2_and_name_the_field() {
    let mut launcher = with_four_jobs().await;
    for (id, key, value) in
        [(1, "statuses", json!(["Sleeping"])), (2, "startTime", json!("yesterday")), (3, "endTime", json!(5))]
    {
        let mut request = json!({"messageType": 3, "requestId": id, "username": "*", "jobId": "*"});
        request[key] = value;
        launcher.send(request).await;
        assert!(launcher.expect_error(id, 2).await.contains(key));
    }
}

/// Four jobs of about 1 KB each, most of it in what can be left out, or in `large_for_good`.
fn large(limit: usize, large_for_good: &str) -> Setup {
    let jobs = (0..4).map(|n| Job {
        stdin: "x".repeat(500),
        environment: vec![EnvVar { name: "Y".into(), value: "y".repeat(500) }],
        working_directory: large_for_good.to_owned(),
        ..job(&format!("job-{n}"), "mara", JobStatus::Running)
    });
    let setup = begin(FakeBackend::with(jobs));
    Setup { options: PluginOptions { max_message_size: limit, ..setup.options }, ..setup }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_too_large_loses_stdin_and_environment_as_a_last_resort() {
    let mut launcher = large(3000, "").bootstrapped().await;
    launcher.send(json!({"messageType": 3, "requestId": 1, "username": "*", "jobId": "*"})).await;
    let answer = launcher.next().await;
    let jobs = answer["jobs"].as_array().unwrap();
    assert_eq!(jobs.len(), 4);
    for job in jobs {
        assert_eq!((job.get("stdin"), job.get("environment")), (None, None));
        assert_eq!(job["command"], "true");
    }

    launcher.send(json!({"messageType": 3, "requestId": 2, "username": "*", "jobId": "job-0"})).await;
    let one = launcher.next().await;
    assert_eq!(one["jobs"][0]["stdin"].as_str().unwrap().len(), 500, "one job fits, and is whole");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_can_not_be_made_to_fit_is_error_0_and_so_is_one_whose_fields_were_named() {
    let mut launcher = large(3000, &"z".repeat(1000)).bootstrapped().await;
    launcher.send(json!({"messageType": 3, "requestId": 1, "username": "*", "jobId": "*"})).await;
    let text = launcher.expect_error(1, 0).await;
    assert!(text.starts_with("the answer can't be sent: message of "), "{text}");
    assert!(text.ends_with(" exceeds the limit of 3000 bytes"), "{text}");

    launcher
        .send(json!({"messageType": 3, "requestId": 2, "username": "*", "jobId": "*",
                     "fields": ["stdin", "environment", "workingDirectory"]}))
        .await;
    launcher.expect_error(2, 0).await;
    launcher
        .send(json!({"messageType": 3, "requestId": 3, "username": "*", "jobId": "*", "fields": ["name"]}))
        .await;
    assert_eq!(launcher.next().await["jobs"].as_array().unwrap().len(), 4, "and it goes on");
}
