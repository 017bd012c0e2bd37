//! The options on jobs, process and log, each by what it changes while the program runs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test program uses a part of it")]
mod program;

use std::fs;

use embedded_cluster::EmbeddedCluster;
use program::stage::{Stage, jobs, submit};
use program::{Installation, Plugin, await_condition};
use serde_json::{Value, json};

/// No node has that label.
const NOWHERE: &str = "the-moon";

fn behind_the_door(options: &str) -> Stage {
    Stage::behind_the_door(EmbeddedCluster::builder(), options)
}

fn finish(mut plugin: Plugin, stage: Stage) {
    plugin.close_input();
    plugin.end();
    stage.close();
}

/// How many threads of a process there are.
fn threads(pid: u32) -> usize {
    fs::read_dir(format!("/proc/{pid}/task")).unwrap().count()
}

#[test]
fn thread_pool_size_is_how_many_threads_there_are_though_never_more_than_cpus_wait_for_the_network() {
    let cpus = std::thread::available_parallelism().unwrap().get();
    for (option, workers) in [("", cpus), ("thread-pool-size=1", 1), ("thread-pool-size=64", cpus)] {
        let installation = Installation::without_cluster(&format!("log-level=INFO\n{option}"));
        let mut plugin = installation.start(&[]);
        plugin.await_stderr("the plugin starts");
        // And the one that started them.
        assert_eq!(threads(plugin.pid()), workers + 1, "{option}");
        plugin.close_input();
        plugin.end();
    }
}

#[test]
fn enable_debug_logging_adds_lines_whatever_log_level_says() {
    for (option, expected) in
        [("", false), ("enable-debug-logging=0", false), ("enable-debug-logging=1", true)]
    {
        let installation = Installation::without_cluster(&format!("log-level=ERROR\n{option}"));
        let mut plugin = installation.start(&[]);
        plugin.close_input();
        let end = plugin.end();
        assert_eq!(end.stderr.contains(" DEBUG "), expected, "{option}: {}", end.stderr);
    }
}

#[test]
fn what_the_plugin_keeps_on_this_machine_is_in_scratch_path() {
    let stage = behind_the_door("");
    let mut plugin = stage.bootstrapped(&[]);
    let waiting = json!({
        "command": "cat", "stdin": "long ".repeat(100_000),
        "placementConstraints": [{ "name": "region", "value": NOWHERE }],
    });
    submit(&mut plugin, &waiting);
    let scratch = stage.installation.path("scratch");
    let kept =
        files_below(&scratch).into_iter().filter(|(_, content)| content.starts_with("long long")).count();
    assert_eq!(kept, 1);
    finish(plugin, stage);
}

fn files_below(folder: &std::path::Path) -> Vec<(std::path::PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            let content = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            found.push((path, content));
        }
    }
    found
}

#[test]
fn a_job_is_removed_from_the_cluster_job_expiry_hours_after_its_end() {
    for (option, remains) in [("job-expiry-hours=0", false), ("job-expiry-hours=1", true), ("", true)] {
        let stage = behind_the_door(option);
        let mut plugin = stage.bootstrapped(&[]);
        let id = submit(&mut plugin, &json!({ "command": "true" }));
        if remains {
            await_condition("the job's end", || jobs(&mut plugin)[0]["status"] == "Finished");
            assert_eq!(stage.object(&id).0, 200, "{option}");
        } else {
            await_condition("the job's removal", || stage.object(&id).0 == 404);
            await_condition("no word of the job", || jobs(&mut plugin).is_empty());
        }
        finish(plugin, stage);
    }
}

#[test]
fn profiles_are_read_from_profile_config() {
    let stage = Stage::new("");
    let elsewhere = stage.installation.path("elsewhere.conf");
    stage.installation.write("elsewhere.conf", "[*]\ndefault-container-image=r-session:elsewhere\n");
    stage
        .installation
        .write("launcher.kubernetes.profiles.conf", "[*]\ndefault-container-image=r-session:usual\n");
    let flag = format!("--profile-config={}", elsewhere.display());
    for (flags, image) in [(vec![], "r-session:usual"), (vec![flag.as_str()], "r-session:elsewhere")] {
        let mut plugin = stage.bootstrapped(&flags);
        plugin.send(r#"{"messageType":9,"requestId":7,"username":"ada"}"#);
        assert_eq!(plugin.receive_type(8)["defaultImage"], image);
    }
    stage.close();
}

#[test]
fn the_containers_of_a_job_share_their_processes_as_shared_process_namespace_says() {
    for (option, shared) in [
        ("", true),
        ("shared-process-namespace=1", true),
        ("shared-process-namespace=0", false),
        ("shared-process-namespace=false", false),
    ] {
        let stage = behind_the_door(option);
        let mut plugin = stage.bootstrapped(&[]);
        let id = submit(&mut plugin, &json!({ "command": "true" }));
        let (_, object) = stage.object(&id);
        let found = object.pointer("/spec/template/spec/shareProcessNamespace").and_then(Value::as_bool);
        assert_eq!(found.unwrap_or_default(), shared, "{option}");
        finish(plugin, stage);
    }
}

#[test]
fn log_level_is_how_much_is_logged() {
    // One warning and one line of information come in any case.
    let odd = "verify-ssl-certs=0";
    for (level, warning, information) in
        [("OFF", false, false), ("ERROR", false, false), ("WARNING", true, false), ("INFO", true, true)]
    {
        let installation = Installation::without_cluster(&format!("log-level={level}\n{odd}"));
        let log = installation.path("log");
        let mut plugin = installation.start(&[&format!("--logging-dir={}", log.display())]);
        plugin.close_input();
        assert_eq!(plugin.end().status.code(), Some(0));
        let content = fs::read_to_string(log.join("rstudio-kubernetes-launcher.log")).unwrap();
        let found = (content.contains(" WARNING "), content.contains(" INFO "));
        assert_eq!(found, (warning, information), "{level}: {content}");
        assert_eq!(content.is_empty(), !warning, "{level}: {content}");
    }
}

#[test]
fn a_message_above_max_message_size_ends_the_talk_and_one_below_does_not() {
    let message = format!(r#"{{"messageType":0,"requestId":0,"padding":"{}"}}"#, "x".repeat(70_000));
    for (option, taken) in [("max-message-size=65536", false), ("max-message-size=71000", true), ("", true)] {
        let installation = Installation::without_cluster(option);
        let mut plugin = installation.start(&[]);
        if taken {
            plugin.send(&message);
            assert_eq!(plugin.receive()["messageType"], 0, "{option}");
            plugin.close_input();
        } else {
            plugin.send_in_vain(&message);
        }
        assert_eq!(plugin.end().status.code(), Some(i32::from(!taken)), "{option}");
    }
}

#[test]
fn the_configuration_is_read_from_config_file() {
    let installation = Installation::without_cluster("");
    let usual = fs::read_to_string(installation.path("launcher.kubernetes.conf")).unwrap();
    installation.write("launcher.kubernetes.conf", "no configuration at all\n");
    installation.write("night.conf", &format!("{usual}\nlog-level=INFO\n"));
    let mut plugin =
        installation.start(&[&format!("--config-file={}", installation.path("night.conf").display())]);
    plugin.await_stderr("the plugin starts");
    plugin.close_input();
    assert_eq!(plugin.end().status.code(), Some(0));
}

#[test]
fn jobs_tell_the_name_of_the_plugin_as_their_cluster() {
    let stage = behind_the_door("");
    let mut plugin = stage.bootstrapped(&["--plugin-name=Night"]);
    submit(&mut plugin, &json!({ "command": "true" }));
    assert_eq!(jobs(&mut plugin)[0]["cluster"], "Night");
    finish(plugin, stage);
}
