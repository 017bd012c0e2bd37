//! What a user reads about a job: what happened or what is waited for, and where possible what to do.

use super::Cause;
use crate::stdin::Cut;

pub(super) const DEADLINE: &str =
    "it ran longer than its time limit (activeDeadlineSeconds) allows, and was ended";
pub(super) const OUT_OF_MEMORY: &str =
    "it needed more memory than its limit allows, and was ended: ask for more memory";
pub(super) const CHILD_OUT_OF_MEMORY: &str = "one of its processes needed more memory than the limit allows and was \
     ended, though the job itself went on to its end: its result may be incomplete, ask for more memory";
pub(super) const POD_DELETED: &str = "its pod is being deleted by someone other than the Launcher";
pub(super) const POD_WAS_DELETED: &str = "its pod was deleted by someone other than the Launcher";
pub(super) const END_UNKNOWN: &str = "its node lost track of its container, as when the container runtime is restarted: \
     the exit code is not the job's own, and its output may be incomplete";
pub(super) const POD_FAILED: &str =
    "its pod failed before the job could start, and the cluster does not say why";
pub(super) const LOST: &str = "it is over, but its pod is gone, and the exit code with it";
pub(super) const SUSPENDED: &str = "suspended: its processes are stopped";
pub(super) const HELD: &str = "held: the Job is suspended in the cluster (spec.suspend), by an administrator or a queue, \
     and starts when it is resumed";

/// What an exit code says beyond itself.
pub(super) fn exit(code: i32) -> &'static str {
    match code {
        126 => {
            "exit code 126: the command was found but could not be run, often for want of execute permission"
        }
        127 => "exit code 127: the command was not found in the container's image",
        137 => "exit code 137: a process was ended by SIGKILL, not by the Launcher",
        _ => "",
    }
}

pub(super) fn cannot_start(message: &str) -> String {
    let message = quoted(message);
    format!(
        "its container could not be started: {message}. Check the command, the working directory and the image"
    )
}

pub(super) fn init_failed(name: &str, exit_code: i32, reason: &str, message: &str) -> String {
    let why = match reason {
        "OOMKilled" => " (it needed more memory than its limit allows)".to_owned(),
        _ if message.is_empty() => String::new(),
        _ => format!(" ({})", quoted(message)),
    };
    format!("the init container '{name}' ended with exit code {exit_code}{why}, so the job was not started")
}

pub(super) fn disrupted(cause: &Cause, node: &str) -> String {
    let node = on_node(node);
    let detail =
        if cause.message.is_empty() { String::new() } else { format!(": {}", quoted(&cause.message)) };
    match cause.reason.as_str() {
        "PreemptionByScheduler" | "Preempting" => {
            format!("it had to make room{node} for a job of higher priority{detail}")
        }
        "DeletionByTaintManager" | "NodeLost" | "DeletionByPodGC" => {
            format!("lost{node}, which is gone or no longer answers{detail}")
        }
        "TerminationByKubelet" | "Terminated" | "NodeShutdown" | "Evicted" => {
            format!(
                "ended{node} by the cluster, for the node is short of memory or disk, or shuts down{detail}"
            )
        }
        "EvictionByEvictionAPI" => {
            format!("it was evicted{node}, as when a node is drained for maintenance{detail}")
        }
        reason => format!("the cluster ended it{node} ({reason}){detail}"),
    }
}

pub(super) fn not_admitted(cause: &Cause, node: &str) -> String {
    let node = on_node(node);
    format!("its pod failed before the job could run{node} ({}): {}", cause.reason, quoted(&cause.message))
}

pub(super) fn node_silent(node: &str) -> String {
    format!(
        "the node '{node}' does not answer: the job may still run there, and is lost if the node does not come back in time"
    )
}

/// What there is to say, and that the job did not get all of its standard input.
pub(super) fn with_input_cut(message: &str, cut: &Cut) -> String {
    const CONSEQUENCE: &str = "what it did with that may be incomplete: submit it again";
    let text = match cut {
        Cut::Restart { bytes } => format!(
            "the plugin was restarted while it wrote the job's standard input, of whose {bytes} bytes the job may have \
             got only a part; {CONSEQUENCE}"
        ),
        Cut::Connection { sent, bytes } => format!(
            "the connection broke while the job's standard input was written, of whose {bytes} bytes the job got {sent} \
             at most; {CONSEQUENCE}"
        ),
        Cut::Lost => {
            "the job got none of its standard input, for the file that kept it in the scratch path is not \
             there; submit it again"
                .to_owned()
        }
    };
    if message.is_empty() { text } else { format!("{message}; {text}") }
}

pub(super) fn no_pod(message: &str) -> String {
    format!("the cluster does not admit its pod, and tries again now and then: {}", quoted(message))
}

pub(super) fn unschedulable(cause: &Cause) -> String {
    if cause.reason == "SchedulingGated" {
        return "held by a scheduling gate: an administrator or a queue decides when it starts".to_owned();
    }
    format!(
        "no node can take it yet: {}. It starts when one can; fewer CPUs, less memory or other placement constraints \
         may find one sooner",
        quoted(&cause.message)
    )
}

/// Why a container can't be made, for the reasons that do not end by themselves; nothing for those that do.
pub(super) fn cannot_be_made(init: Option<&str>, reason: &str, message: &str) -> Option<String> {
    let whose = init.map(|name| format!(" of the init container '{name}'")).unwrap_or_default();
    let message = quoted(message);
    Some(match reason {
        "ErrImagePull" | "ImagePullBackOff" => {
            format!(
                "the image{whose} cannot be pulled: {message}. Check its name and tag; it is tried again now and then"
            )
        }
        "ErrImageNeverPull" => {
            format!("the image{whose} is not on the node, and may not be pulled: {message}")
        }
        "InvalidImageName" => format!("the name of the image{whose} is not valid: {message}"),
        "ImageInspectError" | "RegistryUnavailable" | "SignatureValidationFailed" => {
            format!("the image{whose} cannot be used ({reason}): {message}")
        }
        "CreateContainerConfigError" => {
            format!(
                "the container{whose} cannot be made from its settings: {message}. Often a Secret or a ConfigMap is missing"
            )
        }
        "CreateContainerError"
        | "RunContainerError"
        | "PreCreateHookError"
        | "PreStartHookError"
        | "PostStartHookError" => {
            format!("the container{whose} cannot be made ({reason}): {message}")
        }
        _ => return None,
    })
}

pub(super) fn given_up(text: &str) -> String {
    format!("not started: {}", text.trim_end_matches("; it is tried again now and then"))
}

/// What an event says about a container that is being made, if it holds it up.
pub(super) fn held_up(cause: &Cause) -> Option<String> {
    let message = quoted(&cause.message);
    Some(match cause.reason.as_str() {
        "FailedMount" | "FailedAttachVolume" | "FailedBinding" | "ProvisioningFailed" => {
            format!(
                "waits for a volume that cannot be mounted: {message}. Check the job's mounts; it is tried again now and then"
            )
        }
        "FailedCreatePodSandBox" => format!(
            "the node cannot set up the job's network or sandbox: {message}. It is tried again now and then"
        ),
        _ => return None,
    })
}

pub(super) fn init_running(name: &str) -> String {
    format!("its init container '{name}' runs first")
}

pub(super) fn preparing(node: &str) -> String {
    format!("being prepared on node '{node}': image and volumes")
}

fn on_node(node: &str) -> String {
    if node.is_empty() { String::new() } else { format!(" on node '{node}'") }
}

/// The cluster's words, on one line, not too long, without the final stop.
fn quoted(message: &str) -> String {
    const LONGEST: usize = 500;
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches('.');
    match line.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None if line.is_empty() => "no reason is given".to_owned(),
        None => line.to_owned(),
    }
}
