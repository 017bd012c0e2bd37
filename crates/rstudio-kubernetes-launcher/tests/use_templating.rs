//! Templates of the scratch path while the program runs: the signal HUP, and what validation finds fault with.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test program uses a part of it")]
mod program;

use std::fs;

use embedded_cluster::EmbeddedCluster;
use nix::sys::signal::Signal;
use program::stage::{Stage, submit};
use program::{Plugin, await_condition};
use serde_json::{Value, json};

const JOB_TEMPLATE: &str = "scratch/job.tpl";
/// Where the labels of a pod begin.
const LABELS: &str = "    metadata:\n      labels:\n";

fn stage() -> Stage {
    Stage::behind_the_door(EmbeddedCluster::builder(), "use-templating=1\nlog-level=INFO")
}

fn change(stage: &Stage, from: &str, to: &str) {
    let text = fs::read_to_string(stage.installation.path(JOB_TEMPLATE)).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from:?}");
    stage.installation.write(JOB_TEMPLATE, &text.replace(from, to));
}

/// The label `site` of the pod of a job that is submitted now.
fn site(stage: &Stage, plugin: &mut Plugin) -> Value {
    let id = submit(plugin, &json!({ "command": "true" }));
    stage.object(&id).1.pointer("/spec/template/metadata/labels/site").cloned().unwrap_or_default()
}

#[test]
fn the_signal_hup_puts_changed_templates_in_use_and_broken_ones_not() {
    let stage = stage();
    let mut plugin = stage.bootstrapped(&[]);
    assert_eq!(site(&stage, &mut plugin), Value::Null);
    change(&stage, LABELS, &format!("{LABELS}        site: north\n"));
    assert_eq!(site(&stage, &mut plugin), Value::Null, "nobody asked for it yet");
    plugin.signal(Signal::SIGHUP);
    plugin.await_stderr("templates were read again");
    assert_eq!(site(&stage, &mut plugin), "north");

    change(&stage, "site: north\n", "site: {{ if }}\n");
    plugin.signal(Signal::SIGHUP);
    plugin.await_stderr("templates stay as they were");
    assert_eq!(site(&stage, &mut plugin), "north");

    change(&stage, "site: {{ if }}\n", "site: south\n");
    plugin.signal(Signal::SIGHUP);
    await_condition("the mended template", || site(&stage, &mut plugin) == "south");
    plugin.close_input();
    plugin.end();
    stage.close();
}

#[test]
fn templates_that_validation_finds_fault_with_are_used_all_the_same() {
    let stage = stage();
    drop(stage.bootstrapped(&[]));
    change(&stage, LABELS, &format!("{LABELS}        site: north   \n"));
    let mut validate = stage.installation.command();
    let validation = validate.args(["--validate-templates", "--unprivileged=1"]).output().unwrap();
    assert_eq!(validation.status.code(), Some(1), "{validation:?}");
    let mut plugin = stage.bootstrapped(&[]);
    assert_eq!(site(&stage, &mut plugin), "north");
    plugin.close_input();
    plugin.end();
    stage.close();
}
