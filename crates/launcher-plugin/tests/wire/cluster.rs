//! Cluster Info, Multi Cluster Info, Set Load Balancer Nodes, Config Reload.

use launcher_api::Requester;
use launcher_api::response::{ClusterInfo, ReloadError, ReloadErrorKind};
use launcher_plugin::BackendError;
use serde_json::json;

use crate::support::{FakeBackend, begin};

#[tokio::test(start_paused = true)]
async fn cluster_info_depends_on_the_user_and_17_is_answered_as_9() {
    let backend = FakeBackend::default();
    backend.on_cluster_info.set(|who: Requester| async move {
        Ok(ClusterInfo {
            supports_containers: true,
            default_image: Some(format!("image-of-{who}")),
            ..ClusterInfo::default()
        })
    });
    let mut launcher = begin(backend).bootstrapped().await;
    for (message_type, id, user) in [(9, 1, "mara"), (17, 2, "*")] {
        launcher.send(json!({"messageType": message_type, "requestId": id, "username": user})).await;
        launcher
            .expect(json!({
                "messageType": 8, "requestId": id, "supportsContainers": true, "supportsInitContainers": false,
                "containersUseHostNetwork": false, "defaultImage": format!("image-of-{user}"), "images": [],
                "allowUnknownImages": false, "config": [], "placementConstraints": [], "resourceLimits": [],
                "resourceProfiles": []
            }))
            .await;
    }
    launcher
        .backend
        .on_cluster_info
        .set(|_| async { Err(BackendError::Unavailable("profiles can't be read".into())) });
    launcher.send(json!({"messageType": 9, "requestId": 3, "username": "mara"})).await;
    launcher.expect_error(3, 0).await;
}

#[tokio::test(start_paused = true)]
async fn the_set_of_launchers_is_heard_whatever_is_in_it() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher
        .send(json!({"messageType": 201, "requestId": 1, "username": "*", "requestUsername": "",
                     "nodes": [{"host": "launch-a", "ipv4": "192.0.2.10", "port": "5559", "status": "Online"}, 7]}))
        .await;
    launcher.expect(json!({"messageType": 201, "requestId": 1})).await;
    launcher.send(json!({"messageType": 201, "requestId": 2})).await;
    launcher.expect(json!({"messageType": 201, "requestId": 2})).await;
}

#[tokio::test(start_paused = true)]
async fn a_reload_is_answered_by_its_own_message_whether_it_worked_or_not() {
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    launcher
        .send(json!({"messageType": 202, "requestId": 1, "username": "*", "requestUsername": "root"}))
        .await;
    launcher.expect(json!({"messageType": 202, "requestId": 1, "errorType": 0, "errorMessage": ""})).await;

    let message = "launcher.kubernetes.profiles.conf:14: unknown key 'max-cpu'";
    launcher.backend.on_reload.set(move |()| async move {
        Err(ReloadError { kind: ReloadErrorKind::Validate, message: message.into() })
    });
    launcher.send(json!({"messageType": 202, "requestId": 2})).await;
    launcher
        .expect(json!({"messageType": 202, "requestId": 2, "errorType": 2, "errorMessage": message}))
        .await;

    launcher.backend.on_reload.hang();
    launcher.send(json!({"messageType": 202, "requestId": 3})).await;
    launcher
        .expect(json!({"messageType": 202, "requestId": 3, "errorType": -1,
                       "errorMessage": "the cluster did not answer in time while reading the configuration again"}))
        .await;
}
