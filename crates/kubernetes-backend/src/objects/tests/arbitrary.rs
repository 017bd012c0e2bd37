//! Any job at all becomes the objects that say the same, and survives a restart.
//!
//! `PROPTEST_CASES` says how many jobs are generated; how a million of them are is in the README of this crate.

use launcher_api::Job;
use launcher_api::job::{
    Container, EnvVar, ExposedPort, InitContainer, JobConfig, Mount, MountSource, PlacementConstraint,
    ResourceLimit, ResourceLimitType,
};
use launcher_api::{JobTime, Username};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{CLUSTER, JobObjects, Owner, context, expected, service_object, service_ports, stored};
use crate::{annotation, readback};

/// Text with all that breaks quoting: quotes, newlines, braces, dollars, control and 4-byte characters.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ -~]{0,12}",
        2 => any::<String>(),
        1 => prop::sample::select(vec![
            "", " ", "\"", "'", "\n", "\t\r\n", "{{ .Job.id }}", "$(HOME)", "$$", "$", "😀𝄞", "- a: b\n", "\u{0}", "\u{7f}",
            "null", "true", "1e3", "@x", "*", "&a", "%", "\\",
        ]).prop_map(str::to_owned),
        1 => vec(prop::sample::select(vec!["$", "(", ")", " ", "\"", "\\", "{{", "}}", "é", "😀"]), 0..8)
            .prop_map(|parts| parts.concat()),
    ]
}

fn filled() -> impl Strategy<Value = String> {
    text().prop_filter("something", |t| !t.is_empty())
}

prop_compose! {
    fn mount()(path in text(), name in text(), read_only: bool, host in text(), source in text(), kind in 0..6, more in option::of(text()))
        -> Mount
    {
        let source = match kind {
            0 => MountSource::Host { path: source },
            1 => MountSource::Nfs { host, path: source },
            2 => MountSource::CephFs {
                monitors: vec![host.clone(), source],
                path: more.clone().filter(|t| !t.is_empty()),
                user: None,
                secret_file: None,
                secret_ref: Some(host).filter(|t| !t.is_empty()),
            },
            3 => MountSource::GlusterFs { endpoints: host, path: source },
            4 => MountSource::AzureFile { secret_name: host, share_name: source },
            _ => MountSource::Other {
                kind: "persistentVolumeClaim".to_owned(),
                source: Map::from_iter([("claimName".to_owned(), Value::from(source))]),
            },
        };
        let mut mount = Mount::new(path, source);
        (mount.name, mount.read_only) = (name, read_only);
        if let (Some(text), 0..5) = (more, kind) {
            mount.other_source_keys.insert("extra".to_owned(), text.into());
        }
        mount
    }
}

fn variables() -> impl Strategy<Value = Vec<EnvVar>> {
    vec((text(), text()).prop_map(|(name, value)| EnvVar { name, value }), 0..4)
}

fn limits() -> impl Strategy<Value = Vec<ResourceLimit>> {
    let kinds = vec![
        ResourceLimitType::CpuCount,
        ResourceLimitType::Memory,
        ResourceLimitType::NvidiaGpus,
        ResourceLimitType::Other("CPU Request".to_owned()),
    ];
    let values = prop::sample::select(vec!["", "0", "1", "2", "010", " 7 ", "4096"]);
    vec((prop::sample::select(kinds), values), 0..4).prop_map(|list| {
        list.into_iter()
            .map(|(limit_type, value)| ResourceLimit {
                limit_type,
                value: value.to_owned(),
                ..ResourceLimit::default()
            })
            .collect()
    })
}

/// Ports that differ from each other.
fn ports() -> impl Strategy<Value = Vec<ExposedPort>> {
    let protocol = prop::sample::select(vec!["TCP", "tcp", "Udp", "SCTP", ""]);
    vec((protocol, option::of(1u16..)), 0..4).prop_map(|list| {
        (1000u16..)
            .zip(list)
            .map(|(target_port, (protocol, published_port))| ExposedPort {
                target_port,
                protocol: if protocol.is_empty() { "TCP".to_owned() } else { protocol.to_owned() },
                published_port,
            })
            .collect()
    })
}

#[derive(Debug, Clone)]
enum What {
    Command(String),
    Exe(String),
    Image,
}

prop_compose! {
    fn named()(user in text(), name in text(), group in text(), tags in vec(text(), 0..4), instance in text(),
               queues in vec(text(), 0..2), profile in text(), metadata in option::of(vec((text(), text()), 0..3)))
        -> Job
    {
        let reserved = |key: &str| matches!(key, "job" | "pod" | "service");
        Job {
            user: Username::from(user), name, group, tags, instance_id: instance, queues, resource_profile: profile,
            metadata: metadata.map(|m| {
                m.into_iter().filter(|(k, _)| !reserved(k)).map(|(k, v)| (k, Value::from(v))).collect()
            }),
            ..Job::default()
        }
    }
}

prop_compose! {
    fn job()(
        named in named(),
        what in prop_oneof![filled().prop_map(What::Command), filled().prop_map(What::Exe), Just(What::Image)],
        args in vec(text(), 0..4), stdin in text(), folder in text(), environment in variables(),
        image in filled(), ids in (option::of(0i64..), option::of(0i64..), vec(0i64.., 0..3)),
        mounts in vec(mount(), 0..3), ports in ports(), limits in limits(),
        constraints in prop::collection::btree_map(text(), option::of(text()), 0..3),
        secrets in vec(("[a-z]{1,5}", "[a-z]{1,5}", "[A-Z:]{1,5}"), 0..2), setting in option::of(text()),
        host in text(), micros in 0i64..4_000_000_000_000_000,
        inits in vec((text(), filled(), text(), variables(), vec(mount(), 0..2)), 0..2),
    ) -> Job {
        let mut job = named;
        match what {
            What::Command(text) => job.command = text,
            What::Exe(text) => job.exe = text,
            What::Image => {}
        }
        (job.args, job.stdin, job.working_directory, job.environment) = (args, stdin, folder, environment);
        job.container = Some(Container {
            image, run_as_user_id: ids.0, run_as_group_id: ids.1, supplemental_group_ids: ids.2,
        });
        (job.mounts, job.exposed_ports, job.resource_limits, job.host) = (mounts, ports, limits, host);
        job.cluster = CLUSTER.to_owned();
        job.submission_time = jiff::Timestamp::from_microsecond(micros).ok().map(JobTime::from);
        job.placement_constraints =
            constraints.into_iter().map(|(name, value)| PlacementConstraint { name, value }).collect();
        job.config = secrets
            .into_iter()
            .map(|(secret, key, variable)| ("secret".to_owned(), format!("{secret}:{key}:{variable}")))
            .chain(setting.map(|value| ("colour".to_owned(), value)))
            .map(|(name, value)| JobConfig { name, value: Some(value), value_type: None })
            .collect();
        job.init_containers = inits
            .into_iter()
            .map(|(name, image, command, environment, mounts)| InitContainer {
                name, image, command, exe: String::new(), args: Vec::new(), environment, mounts,
            })
            .collect();
        job
    }
}

/// As many jobs as `PROPTEST_CASES` says, or few enough for every run of the tests.
fn cases() -> ProptestConfig {
    let told = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { told.cases } else { 512 };
    // A million jobs leave out more texts than are allowed by default.
    ProptestConfig { cases, max_local_rejects: u32::MAX, ..told }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_job_is_told_after_a_restart_as_it_was_submitted(job in job()) {
        let objects = JobObjects::build(&job, &context()).expect("objects");
        let mut told = readback::job_of(stored(&objects.job), CLUSTER);
        prop_assert_eq!(told.id.as_str(), "mara-fit-x7k2p");
        told.id = job.id.clone();
        let (wanted, told) = (serde_json::to_value(&job).unwrap(), serde_json::to_value(&told).unwrap());
        prop_assert_eq!(wanted, told);
    }

    #[test]
    fn any_job_becomes_the_objects_that_say_the_same_whatever_stands_in_its_texts(job in job()) {
        let context = context();
        let mut object = JobObjects::build(&job, &context).expect("objects").job;
        // The plugin's own are no part of the template, and told again by the test above.
        let own = object["metadata"].as_object_mut().and_then(|metadata| metadata.remove("annotations"));
        let keys: Vec<String> = own.iter().flat_map(|own| own.as_object().into_iter().flatten()).map(|(key, _)| key.clone()).collect();
        prop_assert!(keys.iter().all(|key| key.starts_with(annotation::PREFIX)), "{:?}", keys);
        prop_assert_eq!(&object, &expected::job(&job));

        let owner = Owner { name: "mara-fit-x7k2p".to_owned(), uid: "uid-1".to_owned() };
        let service = service_object(&job, &owner, &context).expect("an object or none");
        let wanted = service_ports(&job).next().map(|_| expected::service(&job, &owner));
        prop_assert_eq!(&service, &wanted);
    }
}
