//! The keys under which objects carry what their specification cannot tell, and who writes them.

/// Everything that this plugin adds of its own begins with this.
pub const PREFIX: &str = "launchway.dev/";

/// On the pod template: the owner, as the Launcher wrote it.
pub const USER: &str = "user";
/// On the pod template: the job's name, as the Launcher wrote it.
pub const NAME: &str = "name";
/// On the pod template: the text for standard input.
pub const STDIN: &str = "stdin";
/// On the pod template: the ports that a Service makes reachable, as a JSON list.
pub const SERVICE_PORTS: &str = "service_ports";
/// On the pod template: the job's metadata, as JSON.
pub const USER_METADATA: &str = "user_metadata";
/// On the pod template: one key for each tag, with its number after this.
pub const USER_TAG: &str = "USER_TAG_";

/// On the pod template: the mark of a standard input that is kept in the scratch path, and its key there.
pub const STDIN_FILE: &str = "launchway.dev/stdin-file";

/// On the Job: the fields of the Launcher's job that the object's specification tells differently or not at all.
pub const RECORD: &str = "launchway.dev/job";
/// On the Job: what a user asked for (`stop`, `kill`, `cancel`, `suspend`), written before the deed.
pub const INTENT: &str = "launchway.dev/intent";
/// On the Job: how it ended, written when the end is seen, so that it outlives the pod.
pub const END: &str = "launchway.dev/end";
/// On the Job: the ports with the node ports that they were given.
pub const PORTS: &str = "launchway.dev/ports";
/// On the Job: who delivers standard input, and whether that is done.
pub const STDIN_DELIVERY: &str = "launchway.dev/stdin-delivery";

/// Whether an annotation is the launcher's, and not for users or administrators to set.
pub fn is_ours(key: &str) -> bool {
    key.starts_with(PREFIX)
        || key.starts_with(USER_TAG)
        || [USER, NAME, STDIN, SERVICE_PORTS, USER_METADATA].contains(&key)
}

/// Whether this crate reads an annotation: of the others nothing is kept.
pub fn is_read(key: &str) -> bool {
    is_ours(key) || key == INITIAL_EVENTS_END
}

/// Whether this crate reads a label: of the others nothing is kept.
pub fn is_read_label(key: &str) -> bool {
    [INSTANCE_ID, SUBMISSION, JOB_NAME, BATCH_JOB_NAME].contains(&key)
}

/// On a bookmark: what there was has been told.
pub const INITIAL_EVENTS_END: &str = "k8s.io/initial-events-end";

/// All annotations of one object together may hold this many bytes, keys and values counted
/// (`ValidateAnnotations` of the API server).
pub const TOTAL_MAX: usize = 262_144;
/// Kept free on the Job for what is written to it during its life.
pub const RESERVED_ON_JOB: usize = 16_384;

/// The label by which everything is listed and watched.
pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// Its value.
pub const MANAGED_BY_LAUNCHER: &str = "launcher";
/// The label with the id of the Launcher that submitted the job.
pub const INSTANCE_ID: &str = "launcher-instance-id";
/// The label of the Job that tells submissions apart: one that was not answered is found by it.
pub const SUBMISSION: &str = "launchway.dev/submission";
/// The label that the Job controller puts on pods; a Service selects by it.
pub const JOB_NAME: &str = "job-name";
/// The same by its newer name.
pub const BATCH_JOB_NAME: &str = "batch.kubernetes.io/job-name";
/// The selector for everything that is the Launcher's.
pub const SELECTOR: &str = "app.kubernetes.io/managed-by=launcher";
/// The container that is the job.
pub const MAIN_CONTAINER: &str = "rs-launcher-container";
