//! The options on how the cluster is reached, each by what changes between the program and a cluster.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test program uses a part of it")]
mod program;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use embedded_cluster::EmbeddedCluster;
use program::stage::{BOOTSTRAP, Stage, authority, bootstrapped, jobs, submit};
use program::{Installation, Plugin, await_condition};
use serde_json::json;

/// Answers no one's certificate but its own.
const ANOTHER_AUTHORITY: &str = include_str!("certificates/ca.pem");

fn finish(mut plugin: Plugin, stage: Stage) {
    plugin.close_input();
    let end = plugin.end();
    assert_eq!(end.status.code(), Some(0), "{}", end.stderr);
    stage.close();
}

#[test]
fn api_url_may_be_plain_http() {
    let stage = Stage::behind_the_door(EmbeddedCluster::builder(), "");
    let mut plugin = stage.bootstrapped(&[]);
    let id = submit(&mut plugin, &json!({ "command": "true" }));
    assert_eq!(stage.object(&id).0, 200);
    finish(plugin, stage);
}

#[test]
fn api_url_may_have_a_path_and_api_follows_it() {
    let stage = Stage::behind_the_door(EmbeddedCluster::builder(), "");
    let url = format!("{}/clusters/one", stage.door.url());
    let installation = Installation::new(&url, &stage.cluster.launcher_token(), "");
    let mut plugin = installation.start(&[]);
    plugin.send(BOOTSTRAP);
    await_condition("a request below the path", || {
        stage.door.targets("GET").iter().any(|to| to.starts_with("/clusters/one/apis/batch/v1/namespaces/"))
    });
    drop(plugin);
    stage.close();
}

#[test]
fn the_token_of_the_file_is_what_the_cluster_is_shown() {
    let stage = Stage::behind_the_door(EmbeddedCluster::builder(), "");
    let plugin = stage.bootstrapped(&[]);
    let shown = format!("authorization: Bearer {}\r\n", stage.cluster.launcher_token());
    assert!(stage.door.asked().contains(&shown));
    finish(plugin, stage);
}

#[test]
fn the_token_of_the_configuration_is_what_the_cluster_is_shown() {
    let stage = Stage::behind_the_door(EmbeddedCluster::builder(), "");
    let token = stage.cluster.launcher_token();
    let (url, scratch) = (stage.door.url(), stage.installation.path("scratch"));
    let configuration = format!("api-url={url}\nauth-token={token}\nscratch-path={}\n", scratch.display());
    stage.installation.write("launcher.kubernetes.conf", &configuration);
    fs::remove_file(stage.installation.path("token")).unwrap();
    let plugin = stage.bootstrapped(&[]);
    assert!(stage.door.asked().contains(&format!("authorization: Bearer {token}\r\n")));
    finish(plugin, stage);
}

#[test]
fn jobs_are_made_and_seen_in_kubernetes_namespace_alone() {
    let stage = Stage::behind_the_door(EmbeddedCluster::builder(), "");
    let night = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "night" } });
    assert_eq!(stage.ask("POST", "/api/v1/namespaces", Some(&night)).0, 201);
    let mut usual = stage.bootstrapped(&[]);
    let of_day = submit(&mut usual, &json!({ "command": "true" }));
    let installation =
        Installation::new(&stage.door.url(), &stage.cluster.admin_token(), "kubernetes-namespace=night");
    let mut plugin = bootstrapped(installation.start(&[]));
    let id = submit(&mut plugin, &json!({ "command": "true" }));
    let there = |namespace: &str, id: &str| {
        stage.ask("GET", &format!("/apis/batch/v1/namespaces/{namespace}/jobs/{id}"), None).0
    };
    assert_eq!((there("night", &id), there("rstudio", &id)), (200, 404));
    assert_eq!((there("night", &of_day), there("rstudio", &of_day)), (404, 200));
    let told: Vec<_> = jobs(&mut plugin).iter().map(|job| job["id"].clone()).collect();
    assert_eq!(told, [json!(id)]);
    drop(usual);
    finish(plugin, stage);
}

#[test]
fn a_namespace_without_rights_is_named_in_the_answer_and_in_the_log() {
    let stage = Stage::new("kubernetes-namespace=nowhere");
    let mut plugin = stage.installation.start(&["--heartbeat-interval-seconds=0"]);
    plugin.send(BOOTSTRAP);
    let answer = plugin.receive();
    assert_eq!(answer["messageType"], -1, "{answer}");
    assert!(answer["errorMessage"].as_str().unwrap().contains("in namespace 'nowhere'"), "{answer}");
    plugin.await_stderr(
        "may not create jobs in namespace 'nowhere': no job can be submitted; add to its Role: ",
    );
    finish(plugin, stage);
}

#[test]
fn a_list_asks_for_as_many_objects_as_fetch_limit_says() {
    for (option, limit) in [("", "limit=500"), ("fetch-limit=7", "limit=7")] {
        // An older server, which has its objects listed and not told by a watch.
        let stage = Stage::behind_the_door(EmbeddedCluster::builder().server_version("1.30.14"), option);
        let plugin = stage.bootstrapped(&[]);
        let lists: Vec<String> =
            stage.door.targets("GET").into_iter().filter(|to| to.contains("limit=")).collect();
        assert!(lists.iter().any(|to| to.contains("/jobs?")), "{lists:?}");
        for list in &lists {
            assert!(list.split(['?', '&']).any(|part| part == limit), "{option}: {list}");
        }
        finish(plugin, stage);
    }
}

#[test]
fn a_watch_ends_after_watch_timeout_seconds_and_is_begun_again() {
    for (option, seconds) in [("", "timeoutSeconds=180"), ("watch-timeout-seconds=1", "timeoutSeconds=1")] {
        let stage = Stage::behind_the_door(EmbeddedCluster::builder(), option);
        let plugin = stage.bootstrapped(&[]);
        let watches = || -> Vec<String> {
            let targets = stage.door.targets("GET").into_iter();
            targets.filter(|to| to.contains("/jobs?") && to.contains("watch=")).collect()
        };
        // Bootstrap does not wait for the first.
        let wanted = if seconds == "timeoutSeconds=1" { 2 } else { 1 };
        await_condition("a watch", || watches().len() >= wanted);
        for watch in watches() {
            assert!(watch.split(['?', '&']).any(|part| part == seconds), "{option}: {watch}");
        }
        finish(plugin, stage);
    }
}

#[test]
fn without_verification_any_certificate_will_do_and_the_log_warns_of_it() {
    let stage = Stage::new("");
    let another = BASE64_STANDARD.encode(ANOTHER_AUTHORITY);
    let installation = Installation::new(
        &stage.cluster.url(),
        &stage.cluster.launcher_token(),
        &format!("certificate-authority={another}\nverify-ssl-certs=0"),
    );
    let mut plugin = bootstrapped(installation.start(&[]));
    plugin.await_stderr("WARNING");
    assert!(plugin.await_stderr("verify-ssl-certs").contains("launcher.kubernetes.conf:5"));
    finish(plugin, stage);
}

#[test]
fn without_an_authority_those_of_the_system_count() {
    let stage = Stage::new("");
    stage.installation.write("system.pem", stage.cluster.certificate_authority_pem());
    stage.installation.write("other.pem", ANOTHER_AUTHORITY);
    for (option, authorities, trusted) in
        [("", "system.pem", true), ("certificate-authority=", "system.pem", true), ("", "other.pem", false)]
    {
        let installation = Installation::new(&stage.cluster.url(), &stage.cluster.launcher_token(), option);
        let mut command = installation.command();
        command.env("SSL_CERT_FILE", stage.installation.path(authorities));
        let mut plugin = Plugin::start(command.args(["--unprivileged=1", "--heartbeat-interval-seconds=0"]));
        plugin.send(BOOTSTRAP);
        let answer = plugin.receive();
        assert_eq!(answer["messageType"] == 1, trusted, "{option} {authorities}: {answer}");
    }
    stage.close();
}

/// Kubernetes' files stand at a fixed place: the program runs with a `/run` of its own.
#[test]
fn in_a_pod_address_token_and_authority_are_what_kubernetes_gives_the_pod() {
    let stage = Stage::new("");
    let account = stage.installation.path("run/secrets/kubernetes.io/serviceaccount");
    fs::create_dir_all(&account).unwrap();
    fs::write(account.join("token"), stage.cluster.launcher_token()).unwrap();
    fs::write(account.join("ca.crt"), stage.cluster.certificate_authority_pem()).unwrap();
    fs::set_permissions(account.join("token"), fs::Permissions::from_mode(0o644)).unwrap();
    let scratch = stage.installation.path("scratch");
    stage.installation.write("launcher.kubernetes.conf", &format!("scratch-path={}\n", scratch.display()));
    let url = stage.cluster.url();
    let (host, port) = url.trim_start_matches("https://").split_once(':').unwrap();
    let mut command = std::process::Command::new("unshare");
    command.args([
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        "mount --bind \"$1\" /run && shift && exec \"$@\"",
        "sh",
    ]);
    command.arg(stage.installation.path("run")).arg(env!("CARGO_BIN_EXE_rstudio-kubernetes-launcher"));
    command.args(["--unprivileged=1", "--heartbeat-interval-seconds=0"]);
    command.env("RSTUDIO_CONFIG_DIR", stage.installation.folder.path());
    command.env("KUBERNETES_SERVICE_HOST", host).env("KUBERNETES_SERVICE_PORT", port);
    if !may_have_its_own_mounts() {
        return stage.close();
    }
    let mut plugin = bootstrapped(Plugin::start(&mut command));
    let id = submit(&mut plugin, &json!({ "command": "true" }));
    assert_eq!(stage.object(&id).0, 200);
    drop(plugin);

    // What is written counts for more.
    stage.installation.write("other-token", "not-a-token");
    let token = stage.installation.path("other-token");
    fs::set_permissions(&token, fs::Permissions::from_mode(0o600)).unwrap();
    let written = format!(
        "scratch-path={}\nauth-token-path={}\napi-url={}\ncertificate-authority={}\n",
        scratch.display(),
        token.display(),
        stage.door.url(),
        authority(&stage.cluster),
    );
    stage.installation.write("launcher.kubernetes.conf", &written);
    let mut plugin = Plugin::start(&mut command);
    plugin.send(BOOTSTRAP);
    await_condition("a request with the token that is written", || {
        stage.door.asked().contains("authorization: Bearer not-a-token\r\n")
    });
    drop(plugin);
    stage.close();
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn may_have_its_own_mounts() -> bool {
    let tried = std::process::Command::new("unshare").args(["--map-root-user", "--mount", "true"]).output();
    let may = tried.is_ok_and(|output| output.status.success());
    if !may {
        eprintln!("skipped: a mount namespace needs user namespaces or root");
    }
    may
}
