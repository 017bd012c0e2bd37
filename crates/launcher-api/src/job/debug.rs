//! The form of a job for developers and logs, without what may be secret.

use std::fmt;

use super::Job;

/// What stands in place of a text that may be secret.
pub(super) const HIDDEN: &str = "•••";

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("id", &self.id)
            .field("cluster", &self.cluster)
            .field("name", &self.name)
            .field("user", &self.user)
            .field("group", &self.group)
            .field("queues", &self.queues)
            .field("working_directory", &self.working_directory)
            .field("container", &self.container)
            .field("init_containers", &self.init_containers)
            .field("host", &self.host)
            .field("status", &self.status)
            .field("status_message", &self.status_message)
            .field("status_code", &self.status_code)
            .field("pid", &self.pid)
            .field("exit_code", &self.exit_code)
            .field("command", &self.command)
            .field("exe", &self.exe)
            .field("args", &self.args)
            .field("stdin", &if self.stdin.is_empty() { "" } else { HIDDEN })
            .field("stdout_file", &self.stdout_file)
            .field("stderr_file", &self.stderr_file)
            .field("environment", &self.environment)
            .field("placement_constraints", &self.placement_constraints)
            .field("submission_time", &self.submission_time)
            .field("last_update_time", &self.last_update_time)
            .field("exposed_ports", &self.exposed_ports)
            .field("mounts", &self.mounts)
            .field("config", &self.config)
            .field("resource_limits", &self.resource_limits)
            .field("tags", &self.tags)
            .field("metadata", &self.metadata)
            .field("resource_profile", &self.resource_profile)
            .field("instance_id", &self.instance_id)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::{EnvVar, JobConfig};

    #[test]
    fn the_form_for_developers_hides_input_and_values() {
        let job = Job {
            stdin: "secret-a".into(),
            environment: vec![EnvVar { name: "TOKEN".into(), value: "secret-b".into() }],
            config: vec![JobConfig { name: "key".into(), value: Some("secret-c".into()), value_type: None }],
            ..Job::default()
        };
        let printed = format!("{job:?}");
        assert!(!printed.contains("secret"), "{printed}");
        assert!(printed.contains("TOKEN"), "{printed}");
    }
}
