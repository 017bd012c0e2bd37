//! What a container runs, and with which environment.

use launcher_api::Job;
use launcher_api::job::EnvVar;
use serde_json::{Value, json};

use super::BuildError;
use super::expansion::escape;

/// What a container runs: text for a shell, a program, or what its image says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Program<'a> {
    pub(super) command: &'a str,
    pub(super) exe: &'a str,
    pub(super) args: &'a [String],
}

impl Program<'_> {
    /// Sets `command` and `args` of a container.
    pub(super) fn put_into(self, container: &mut Value) {
        if !self.command.is_empty() {
            container["command"] = json!(["/bin/sh"]);
            container["args"] = json!(["-c", escape(&shell_text(self.command, self.args))]);
            return;
        }
        if !self.exe.is_empty() {
            container["command"] = json!([escape(self.exe)]);
        }
        if !self.args.is_empty() {
            container["args"] = self.args.iter().map(|arg| Value::from(escape(arg))).collect();
        }
    }
}

/// The text for the shell: the command and its arguments, joined by single spaces and not quoted.
fn shell_text(command: &str, args: &[String]) -> String {
    let mut text = command.to_owned();
    for arg in args {
        text.push(' ');
        text.push_str(arg);
    }
    text
}

/// `env` of a container: the variables in order.
pub(super) fn environment(variables: &[EnvVar]) -> Vec<Value> {
    variables.iter().map(|v| json!({ "name": v.name, "value": escape(&v.value) })).collect()
}

/// The variables that come from Secrets: settings named `secret`, of the form `secretName:key:ENV_NAME`.
pub(super) fn secrets(job: &Job) -> Result<Vec<Value>, BuildError> {
    job.config
        .iter()
        .filter(|config| config.name == "secret")
        .filter_map(|config| config.value.as_deref().filter(|value| !value.is_empty()))
        .map(|value| {
            let mut parts = value.splitn(3, ':').map(str::trim);
            match (parts.next(), parts.next(), parts.next()) {
                (Some(secret), Some(key), Some(variable))
                    if ![secret, key, variable].iter().any(|part| part.is_empty()) =>
                {
                    Ok(json!({
                        "name": variable,
                        "valueFrom": { "secretKeyRef": { "name": secret, "key": key } },
                    }))
                }
                _ => Err(BuildError::Secret),
            }
        })
        .collect()
}
