//! The small languages of flags: `NAME=VALUE`, `PORT/PROTOCOL`, `SECRET:KEY:VARIABLE`, JSON objects.

use launcher_api::job::{ConfigValueType, EnvVar, ExposedPort, JobConfig, PlacementConstraint};
use serde_json::{Map, Value};

/// `NAME=VALUE`, or `NAME` alone: the value that the variable has here.
pub(super) fn variable(text: &str) -> Result<EnvVar, String> {
    match text.split_once('=') {
        Some(("", _)) => Err("the name before '=' is missing".to_owned()),
        Some((name, value)) => Ok(EnvVar { name: name.to_owned(), value: value.to_owned() }),
        None => match std::env::var(text) {
            Ok(value) => Ok(EnvVar { name: text.to_owned(), value }),
            Err(std::env::VarError::NotPresent) => {
                Err(format!("the variable {text} is not set here; write {text}=VALUE"))
            }
            Err(std::env::VarError::NotUnicode(_)) => Err(format!("the variable {text} is not UTF-8")),
        },
    }
}

/// `NAME=VALUE`.
pub(super) fn constraint(text: &str) -> Result<PlacementConstraint, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            Ok(PlacementConstraint { name: name.to_owned(), value: Some(value.to_owned()) })
        }
        _ => Err("write NAME=VALUE, such as region=eu".to_owned()),
    }
}

/// `8787` or `53/udp`.
pub(super) fn port(text: &str) -> Result<ExposedPort, String> {
    let (number, protocol) = text.split_once('/').unwrap_or((text, "TCP"));
    let protocol = protocol.to_ascii_uppercase();
    match number.parse::<u16>() {
        Ok(target_port) if target_port > 0 && ["TCP", "UDP", "SCTP"].contains(&protocol.as_str()) => {
            Ok(ExposedPort { target_port, protocol, published_port: None })
        }
        _ => Err("write a port from 1 to 65535, such as 8787, 8787/tcp or 53/udp".to_owned()),
    }
}

/// `SECRET:KEY:VARIABLE`: a key of a secret of the cluster, put into a variable of the job.
pub(super) fn secret(text: &str) -> Result<JobConfig, String> {
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() != 3 || parts.iter().any(|part| part.is_empty()) {
        return Err("write SECRET:KEY:VARIABLE, such as db-login:password:DB_PASSWORD".to_owned());
    }
    Ok(JobConfig {
        name: "secret".to_owned(),
        value: Some(text.to_owned()),
        value_type: Some(ConfigValueType::String),
    })
}

/// A JSON object.
pub(super) fn object(text: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("write a JSON object, such as '{\"project\": \"fits\"}'".to_owned()),
        Err(error) => Err(format!("this is no JSON: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_has_a_name_and_any_value() {
        let read = |text| variable(text).map(|variable| (variable.name, variable.value));
        assert_eq!(read("A=b=c"), Ok(("A".to_owned(), "b=c".to_owned())));
        assert_eq!(read("A="), Ok(("A".to_owned(), String::new())));
        assert_eq!(read("CARGO_PKG_NAME"), Ok(("CARGO_PKG_NAME".to_owned(), "launchway".to_owned())));
        assert!(read("=b").is_err());
        assert!(read("LAUNCHWAY_TEST_NOT_SET").is_err());
    }

    #[test]
    fn a_port_has_a_protocol_that_is_tcp_unless_said() {
        let read = |text| port(text).map(|port| (port.target_port, port.protocol));
        assert_eq!(read("8787"), Ok((8787, "TCP".to_owned())));
        assert_eq!(read("53/udp"), Ok((53, "UDP".to_owned())));
        for wrong in ["", "0", "65536", "80/", "80/ftp", "http"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_secret_has_three_parts() {
        assert_eq!(secret("a:b:C").unwrap().value.as_deref(), Some("a:b:C"));
        for wrong in ["", "a:b", "a::C", "a:b:C:d"] {
            assert!(secret(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn metadata_is_a_json_object() {
        assert_eq!(object(r#"{"a": 1}"#).unwrap().len(), 1);
        assert!(object("[1]").is_err());
        assert!(object("{").is_err());
    }
}
