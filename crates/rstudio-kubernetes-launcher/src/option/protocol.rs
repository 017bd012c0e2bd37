//! Options on the talk with the Launcher (plugin API 1.3).

use std::time::Duration;

use super::{
    AnyOption, Definition, Group, Setting,
    kind::{CLUSTER_NAME, Kind, seconds, whole},
};

/// The group's options, in the order of the documents.
pub static OPTIONS: &[&dyn AnyOption] =
    &[&PLUGIN_NAME, &HEARTBEAT_INTERVAL, &METRICS_INTERVAL, &MAX_MESSAGE_SIZE];

const fn protocol(name: &'static str, summary: &'static str, example: &'static str) -> Definition {
    Definition::new(name, Group::Protocol, summary, example)
}

/// `plugin-name`.
pub static PLUGIN_NAME: Setting<String> = Setting {
    definition: protocol(
        "plugin-name",
        "name of the cluster, as in launcher.conf; it also names the scratch directory and the log file",
        "Kubernetes",
    ),
    kind: CLUSTER_NAME,
    default: || "Kubernetes".to_owned(),
};

/// `heartbeat-interval-seconds`; 0 for none.
pub static HEARTBEAT_INTERVAL: Setting<Duration> = Setting {
    definition: protocol(
        "heartbeat-interval-seconds",
        "seconds between the heartbeats sent to the Launcher, 0 for none",
        "5",
    ),
    kind: seconds::<0, { u32::MAX }>(),
    default: || Duration::from_secs(5),
};

/// `plugin-metrics-interval-seconds`; 0 for none.
pub static METRICS_INTERVAL: Setting<Duration> = Setting {
    definition: protocol(
        "plugin-metrics-interval-seconds",
        "seconds between the metrics sent to the Launcher, 0 for none",
        "60",
    ),
    kind: seconds::<0, { u32::MAX }>(),
    default: || Duration::from_secs(60),
};

const MESSAGE_BYTES: Kind<u32> = whole::<65_536, { u32::MAX }>("BYTES");

/// `max-message-size`.
pub static MAX_MESSAGE_SIZE: Setting<u32> = Setting {
    definition: protocol("max-message-size", "largest message in bytes, in either direction", "5242880"),
    kind: MESSAGE_BYTES,
    default: || 5_242_880,
};
