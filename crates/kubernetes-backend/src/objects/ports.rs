//! A job's ports: those with a published port are taken on the node, the others get a Service.

use launcher_api::Job;
use launcher_api::job::ExposedPort;
use serde_json::{Value, json};

use super::BuildError;

/// Checks what the API would refuse, some of it only when the Job has been made already.
pub(super) fn check(job: &Job) -> Result<(), BuildError> {
    let mut seen = Vec::new();
    for port in &job.exposed_ports {
        let protocol = protocol(port);
        if !matches!(protocol.as_str(), "TCP" | "UDP" | "SCTP") {
            return Err(BuildError::Protocol { port: port.target_port, protocol: port.protocol.clone() });
        }
        if seen.contains(&(port.target_port, protocol.clone())) {
            return Err(BuildError::RepeatedPort { port: port.target_port, protocol });
        }
        seen.push((port.target_port, protocol));
    }
    Ok(())
}

/// The protocol as Kubernetes writes it.
pub(crate) fn protocol(port: &ExposedPort) -> String {
    if port.protocol.is_empty() { "TCP".to_owned() } else { port.protocol.to_ascii_uppercase() }
}

/// The ports that a Service has to make reachable, in order.
pub fn service_ports(job: &Job) -> impl Iterator<Item = &ExposedPort> {
    job.exposed_ports.iter().filter(|port| port.published_port.is_none())
}

/// The annotation `service_ports`: a JSON list, `[]` if there are none.
pub fn service_ports_json(job: &Job) -> String {
    let ports: Vec<Value> = service_ports(job)
        .map(|port| json!({ "targetPort": port.target_port, "protocol": port.protocol }))
        .collect();
    Value::Array(ports).to_string()
}
