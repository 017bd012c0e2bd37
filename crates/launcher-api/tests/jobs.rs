//! A job goes over the wire whole, and in part where only some fields are asked for.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use launcher_api::Job;
use launcher_api::job::{
    ConfigValueType, Container, EnvVar, ExposedPort, InitContainer, JobConfig, JobField, JobFields,
    JobStatus, Mount, MountSource, PlacementConstraint, ResourceLimit,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Free text, with what could hurt somewhere.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "\\PC{0,12}",
        select(vec!["\"", "\\", "\n\0", "{{ . }}", "🦀", "*"]).prop_map(String::from)
    ]
}

/// Text of an optional key, where nothing and the empty text are the same.
fn some_text() -> impl Strategy<Value = Option<String>> {
    option::of("\\PC{1,12}")
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..4)
}

fn object() -> impl Strategy<Value = Map<String, Value>> {
    let value =
        prop_oneof![Just(Value::Null), any::<i32>().prop_map(Value::from), text().prop_map(Value::from)];
    prop::collection::vec(("[a-c]x?", value), 0..4).prop_map(|entries| entries.into_iter().collect())
}

fn mount() -> impl Strategy<Value = Mount> {
    let source = prop_oneof![
        text().prop_map(|path| MountSource::Host { path }),
        (text(), text()).prop_map(|(host, path)| MountSource::Nfs { host, path }),
        (prop::collection::vec(text(), 1..3), some_text(), some_text(), some_text(), some_text()).prop_map(
            |(monitors, path, user, secret_file, secret_ref)| MountSource::CephFs {
                monitors,
                path,
                user,
                secret_file,
                secret_ref
            }
        ),
        (text(), text()).prop_map(|(endpoints, path)| MountSource::GlusterFs { endpoints, path }),
        (text(), text())
            .prop_map(|(secret_name, share_name)| MountSource::AzureFile { secret_name, share_name }),
    ];
    let other = ("x[a-z]{0,5}", object()).prop_map(|(kind, source)| MountSource::Other { kind, source });
    let known = (source, object());
    let source = prop_oneof![5 => known, 1 => other.prop_map(|source| (source, Map::new()))];
    (text(), text(), any::<bool>(), source).prop_map(
        |(mount_path, name, read_only, (source, other_source_keys))| Mount {
            name,
            read_only,
            other_source_keys,
            ..Mount::new(mount_path, source)
        },
    )
}

fn env() -> impl Strategy<Value = Vec<EnvVar>> {
    prop::collection::vec((text(), text()).prop_map(|(name, value)| EnvVar { name, value }), 0..3)
}

fn container() -> impl Strategy<Value = Container> {
    let ids = prop::collection::vec(any::<i64>(), 0..3);
    (text(), any::<Option<i64>>(), any::<Option<i64>>(), ids).prop_map(
        |(image, run_as_user_id, run_as_group_id, supplemental_group_ids)| Container {
            image,
            run_as_user_id,
            run_as_group_id,
            supplemental_group_ids,
        },
    )
}

fn init_container() -> impl Strategy<Value = InitContainer> {
    (text(), text(), text(), texts(), env(), prop::collection::vec(mount(), 0..2)).prop_map(
        |(name, image, command, args, environment, mounts)| InitContainer {
            name,
            image,
            command,
            exe: String::new(),
            args,
            environment,
            mounts,
        },
    )
}

fn port() -> impl Strategy<Value = ExposedPort> {
    (1..=u16::MAX, "[a-zA-Z]{1,4}", option::of(1..=u16::MAX)).prop_map(
        |(target_port, protocol, published_port)| ExposedPort { target_port, protocol, published_port },
    )
}

fn config() -> impl Strategy<Value = JobConfig> {
    let types =
        vec![ConfigValueType::String, ConfigValueType::Int, ConfigValueType::Float, ConfigValueType::Enum];
    (text(), option::of(text()), option::of(select(types))).prop_map(|(name, value, value_type)| JobConfig {
        name,
        value,
        value_type,
    })
}

fn limit() -> impl Strategy<Value = ResourceLimit> {
    let types = vec!["cpuCount", "cpuTime", "memory", "memorySwap", "NVIDIA GPUs", "AMD GPUs", "cpuSet"];
    (select(types), text(), some_text(), some_text()).prop_map(
        |(limit_type, value, default_value, max_value)| ResourceLimit {
            limit_type: limit_type.into(),
            value,
            default_value,
            max_value,
        },
    )
}

fn job() -> impl Strategy<Value = Job> {
    let words = (text(), text(), text(), text(), text(), text(), text(), text(), text(), text());
    let more = (text(), text(), text(), text(), texts(), texts(), texts());
    let state = (
        select(&JobStatus::ALL[..]),
        text(),
        any::<Option<i64>>(),
        any::<Option<i32>>(),
        option::of(0..4_000_000_000_000_000_i64),
    );
    let parts = (
        option::of(container()),
        prop::collection::vec(init_container(), 0..2),
        env(),
        prop::collection::vec((text(), option::of(text())), 0..3),
        prop::collection::vec(port(), 0..3),
        prop::collection::vec(mount(), 0..3),
        prop::collection::vec(config(), 0..3),
        prop::collection::vec(limit(), 0..3),
        option::of(object()),
    );
    (words, more, state, parts).prop_map(|(words, more, state, parts)| {
        let time = state.4.map(|micros| jiff::Timestamp::from_microsecond(micros).unwrap().into());
        Job {
            id: words.0.into(),
            cluster: words.1,
            name: words.2,
            user: words.3.into(),
            group: words.4,
            working_directory: words.5,
            host: words.6,
            status_code: words.7,
            command: words.8,
            exe: words.9,
            stdin: more.0,
            stdout_file: more.1.clone(),
            stderr_file: more.1,
            resource_profile: more.2,
            instance_id: more.3,
            queues: more.4,
            args: more.5,
            tags: more.6,
            status: state.0,
            status_message: state.1,
            pid: state.2,
            exit_code: state.3,
            submission_time: time,
            last_update_time: time,
            container: parts.0,
            init_containers: parts.1,
            environment: parts.2,
            placement_constraints: parts
                .3
                .into_iter()
                .map(|(name, value)| PlacementConstraint { name, value })
                .collect(),
            exposed_ports: parts.4,
            mounts: parts.5,
            config: parts.6,
            resource_limits: parts.7,
            metadata: parts.8,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_job_is_the_same_after_it_went_over_the_wire(job in job()) {
        let written = serde_json::to_string(&job).unwrap();
        prop_assert_eq!(serde_json::from_str::<Job>(&written).unwrap(), job);
    }

    #[test]
    fn a_part_of_a_job_has_the_fields_asked_for_and_the_id(
        job in job(),
        fields in prop::collection::vec(select(JobField::ALL), 0..6),
    ) {
        let whole = job.to_value_with_fields(JobFields::ALL);
        let part = job.to_value_with_fields(JobFields::only(fields.clone()));
        for (key, value) in whole.as_object().unwrap() {
            let asked_for = key == "id" || fields.iter().any(|field| field.key() == key);
            prop_assert_eq!(part.get(key), asked_for.then_some(value), "{}", key);
        }
        prop_assert!(part.as_object().unwrap().keys().all(|key| whole.get(key).is_some()));
    }
}

#[test]
fn a_job_with_nothing_in_it_still_has_the_keys_that_the_stricter_reader_demands() {
    assert_eq!(
        serde_json::to_value(Job::default()).unwrap(),
        json!({
            "id": "", "name": "", "user": "", "queues": [], "workingDirectory": "", "host": "", "status": "Pending",
            "command": "", "exe": "", "args": [], "stdin": "", "stdoutFile": "", "stderrFile": "",
            "environment": [], "placementConstraints": [], "exposedPorts": [], "mounts": [], "config": [],
            "resourceLimits": [], "tags": []
        })
    );
}
