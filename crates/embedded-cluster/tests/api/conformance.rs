//! What the API answers, row by row: the table of `api-conformance`, asked of an embedded cluster. A real cluster is
//! asked the same by `cargo xtask e2e --compare`.

use std::time::Duration;

use api_conformance::{Administrator, Place, check, groups};

use embedded_cluster::{Builder, EmbeddedCluster};

/// The name of an image: any will do.
const IMAGE: &str = "docker.io/library/busybox:local";

async fn run(name: &str) {
    // Long enough for a pod to be seen running before it was measured.
    let metrics = Duration::from_secs(3);
    run_on(name, EmbeddedCluster::builder().metrics_interval(metrics)).await;
}

async fn run_on(name: &str, builder: Builder) {
    let groups = groups().unwrap();
    let group = groups.iter().find(|group| group.name == name).unwrap();
    let cluster = builder.start().await.unwrap();
    let authority = cluster.certificate_authority_pem().as_bytes();
    let administrator = Administrator::Token(cluster.admin_token());
    let mut place = Place::prepare(&cluster.url(), authority, administrator, IMAGE).await.unwrap();
    let unheld = check(group, &mut place).await.unwrap();
    cluster.shutdown().await;
    let told: Vec<String> = unheld
        .iter()
        .map(|row| format!("{}\n  {}\n  answered {}", row.does, row.faults.join("\n  "), row.answer))
        .collect();
    assert!(told.is_empty(), "{} rows do not hold:\n\n{}", told.len(), told.join("\n\n"));
}

#[tokio::test]
async fn an_older_release_can_be_passed_for() {
    for group in ["older", "watches", "logs", "lives"] {
        run_on(group, EmbeddedCluster::builder().server_version("1.30.14")).await;
    }
}

macro_rules! rows_hold {
    ($($test:ident: $name:literal,)*) => {
        $(
            #[tokio::test]
            async fn $test() {
                run($name).await;
            }
        )*

        #[test]
        fn every_group_is_asked() {
            let asked = [$($name),*];
            let groups: Vec<&str> = groups().unwrap().iter().map(|group| group.name).collect();
            assert_eq!(groups, asked);
        }
    };
}

rows_hold! {
    rights_are_asked_before_anything_is_looked_up: "rights",
    discovery_tells_what_is_served: "discovery",
    objects_are_decoded_strictly_or_with_warnings: "decoding",
    invalid_objects_are_refused_with_their_causes: "validation",
    new_objects_are_completed: "defaults",
    lists_have_pages_selectors_and_versions: "lists",
    watches_tell_what_changes: "watches",
    objects_are_changed_by_four_kinds_of_patches: "changes",
    deletions_go_as_far_as_they_are_told: "deletions",
    jobs_and_pods_live_and_end_step_by_step: "lives",
    logs_are_read_in_part_whole_and_to_the_end: "logs",
    websockets_carry_commands_and_streams: "sockets",
    nodes_tell_what_they_are: "nodes",
    resource_use_is_measured: "metrics",
    pods_are_reached_or_say_why_not: "pods",
    reviews_and_tokens_are_answered: "reviews",
    tables_are_made_for_people: "tables",
    what_older_releases_do_is_not_asked: "older",
}
