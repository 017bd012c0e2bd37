//! The talk with a Launcher, over pipes, with a cluster behind the program.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test program uses a part of it")]
mod program;

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use program::Installation;
use program::stage::{BOOTSTRAP, Stage};

const CLUSTER_INFO: &str = r#"{"messageType":9,"requestId":7,"username":"*","requestUsername":"root"}"#;

#[test]
fn bootstrap_is_answered_then_heartbeats_come_and_the_end_of_stdin_is_the_end() {
    let stage = Stage::new("");
    let mut plugin = stage.bootstrapped(&["--heartbeat-interval-seconds=1"]);
    assert_eq!(plugin.receive_type(0)["requestId"], 0);
    plugin.close_input();
    let end = plugin.end();
    assert_eq!((end.status.code(), end.rubbish.as_str()), (Some(0), ""), "{}", end.stderr);
    stage.close();
}

#[test]
fn rubbish_in_a_frame_does_not_end_the_talk() {
    let stage = Stage::new("");
    let mut plugin = stage.bootstrapped(&["--heartbeat-interval-seconds=0"]);
    for rubbish in ["", "not json", "[]", "{}", "\u{0}", r#"{"messageType":9}"#] {
        plugin.send(rubbish);
    }
    plugin.send(r#"{"messageType":77,"requestId":5}"#);
    let error = plugin.receive();
    assert_eq!((&error["messageType"], &error["requestId"]), (&(-1).into(), &5.into()), "{error}");
    plugin.send(CLUSTER_INFO);
    assert_eq!(plugin.receive_type(8)["requestId"], 7);
    plugin.close_input();
    assert_eq!(plugin.end().status.code(), Some(0));
    stage.close();
}

#[test]
fn a_frame_that_is_too_large_ends_the_program_with_exit_code_1_and_says_so() {
    let stage = Stage::new("");
    let mut plugin = stage.bootstrapped(&["--heartbeat-interval-seconds=0"]);
    plugin.write(&[0xff, 0xff, 0xff, 0xff]);
    let end = plugin.end();
    assert_eq!((end.status.code(), end.rubbish.as_str()), (Some(1), ""));
    let line = end.stderr.lines().find(|line| line.contains("ERROR")).unwrap_or(&end.stderr);
    let (_time, message) = line.split_once(' ').unwrap_or_default();
    insta::assert_snapshot!(message, @"[rstudio-kubernetes-launcher] ERROR the talk with the Launcher ended: cannot go on reading the Launcher's requests: message of 4294967295 bytes exceeds the limit of 5242880 bytes");
    stage.close();
}

#[test]
fn the_signal_term_ends_the_talk_with_exit_code_0() {
    let stage = Stage::new("");
    let plugin = stage.bootstrapped(&[]);
    plugin.signal(Signal::SIGTERM);
    let end = plugin.end();
    assert_eq!((end.status.code(), end.rubbish.as_str()), (Some(0), ""), "{}", end.stderr);
    stage.close();
}

#[test]
fn a_reload_with_a_wrong_file_is_answered_with_file_and_line() {
    let stage = Stage::new("");
    let mut plugin = stage.bootstrapped(&["--heartbeat-interval-seconds=0"]);
    let reload = r#"{"messageType":202,"requestId":3,"username":"*","requestUsername":"root"}"#;
    plugin.send(reload);
    assert_eq!(plugin.receive()["errorType"], 0);
    stage.installation.write("launcher.kubernetes.profiles.conf", "[*]\nmax-cpu=2\nmax-mem-mb=lots\n");
    plugin.send(reload);
    let answer = plugin.receive();
    assert_eq!(answer["errorType"], 2, "{answer}");
    insta::assert_snapshot!(stage.installation.named(answer["errorMessage"].as_str().unwrap()), @"[DIR]/launcher.kubernetes.profiles.conf:2: unknown key 'max-cpu' (did you mean 'max-cpus'?); [DIR]/launcher.kubernetes.profiles.conf:3: wrong value 'lots' for 'max-mem-mb': use a number from 0 up, such as 0.5 or 2; 0 is no limit");
    plugin.close_input();
    plugin.end();
    stage.close();
}

#[test]
fn the_default_image_of_the_profiles_is_offered_after_a_reload() {
    let stage = Stage::new("");
    let mut plugin = stage.bootstrapped(&["--heartbeat-interval-seconds=0"]);
    let profiles = "[*]\ndefault-container-image=r-session:4.2\n";
    stage.installation.write("launcher.kubernetes.profiles.conf", profiles);
    plugin.send(r#"{"messageType":202,"requestId":3,"username":"*","requestUsername":"root"}"#);
    assert_eq!(plugin.receive()["errorType"], 0);
    plugin.send(CLUSTER_INFO);
    assert_eq!(plugin.receive_type(8)["defaultImage"], "r-session:4.2");
    plugin.close_input();
    plugin.end();
    stage.close();
}

#[test]
fn bootstrap_is_answered_soon() {
    let stage = Stage::new("");
    let started = Instant::now();
    let mut plugin = stage.bootstrapped(&[]);
    let took = started.elapsed();
    // The goal is 20 ms with a release build on an idle machine; a busy one with a debug build gets more.
    assert!(took < Duration::from_secs(5), "{took:?}");
    eprintln!("started and bootstrapped in {took:?}");
    plugin.close_input();
    plugin.end();
    stage.close();
}

#[test]
fn a_certificate_of_another_authority_is_told_to_the_launcher_and_in_the_log() {
    let stage = Stage::new("");
    let other =
        base64::Engine::encode(&base64::prelude::BASE64_STANDARD, include_str!("certificates/ca.pem"));
    let configuration = format!("certificate-authority={other}");
    let installation =
        Installation::new(&stage.cluster.url(), &stage.cluster.launcher_token(), &configuration);
    let mut plugin = installation.start(&["--heartbeat-interval-seconds=0"]);
    plugin.send(BOOTSTRAP);
    let answer = plugin.receive();
    assert_eq!((&answer["messageType"], &answer["errorCode"]), (&(-1).into(), &0.into()), "{answer}");
    let message = answer["errorMessage"].as_str().unwrap();
    assert!(message.contains("certificate-authority"), "{message}");
    plugin.await_stderr("ERROR certificate-authority: ");
    plugin.close_input();
    assert_eq!(plugin.end().status.code(), Some(0));
    stage.close();
}

#[test]
fn the_checks_of_the_cluster_are_told_in_the_log_after_bootstrap() {
    let stage = Stage::new("log-level=INFO");
    let mut plugin = stage.bootstrapped(&["--heartbeat-interval-seconds=0"]);
    let stderr = plugin.await_stderr("the service account has all rights");
    assert!(stderr.contains("INFO api-url https://127.0.0.1:"), "{stderr}");
    plugin.close_input();
    assert_eq!(plugin.end().status.code(), Some(0));
    stage.close();
}
