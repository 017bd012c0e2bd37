//! Whether the plugin can do its work with this cluster: what is wrong, where, and what to do about it.

mod rights;

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde::Deserialize;

use crate::client::{ApiClient, ApiFailure, Call, FailureKind, Resource, Verb};

/// One result of the checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What was found, in a sentence.
    pub what: String,
    /// Where: the setting, the rule, the machine.
    pub place: String,
    /// What to do; empty if nothing.
    pub advice: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// As it should be.
    Fine,
    /// Something works less well.
    Warning,
    /// The plugin can't work.
    Problem,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)?;
        if self.advice.is_empty() { Ok(()) } else { write!(f, "; {}", self.advice) }
    }
}

/// A clock that differs by this much confuses times of jobs and the life of tokens.
const SKEW: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
struct Version {
    #[serde(rename = "gitVersion")]
    git_version: String,
}

/// Checks what the plugin needs, in the order in which it needs it. Ends with the first thing that all others need.
pub async fn diagnose(client: &ApiClient, api_url: &str) -> Vec<Finding> {
    let answer = match client.call(&Call::new(Verb::Get, Resource::Version)).await {
        Ok(answer) => answer,
        Err(failure) => return vec![unreachable(&failure, api_url)],
    };
    let version = serde_json::from_slice::<Version>(&answer.body).map(|v| v.git_version);
    let mut findings = vec![Finding {
        severity: Severity::Fine,
        what: format!("the API server answers, version {}", version.as_deref().unwrap_or("unknown")),
        place: format!("api-url {api_url}"),
        advice: String::new(),
    }];
    let date = answer.headers.get(http::header::DATE).and_then(|date| date.to_str().ok());
    findings.extend(date.and_then(|date| clock(date, Timestamp::now())));
    findings.extend(rights::check(client).await);
    findings
}

fn unreachable(failure: &ApiFailure, api_url: &str) -> Finding {
    let place = match failure.kind {
        FailureKind::Certificate { .. } => "certificate-authority".to_owned(),
        FailureKind::Unauthorized | FailureKind::Token { .. } => "auth-token-path".to_owned(),
        _ => format!("api-url {api_url}"),
    };
    Finding { severity: Severity::Problem, what: failure.kind.to_string(), place, advice: failure.advice() }
}

/// A finding if the server's `Date` is far from `now`.
fn clock(date: &str, now: Timestamp) -> Option<Finding> {
    // RFC 9110 dates are RFC 2822 dates with the zone spelled GMT.
    let server = rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
    let skew = now.duration_since(server);
    (skew.unsigned_abs() > SKEW).then(|| Finding {
        severity: Severity::Warning,
        what: format!(
            "this machine's clock is {} seconds {} the API server's",
            skew.unsigned_abs().as_secs(),
            if skew.is_negative() { "behind" } else { "ahead of" }
        ),
        place: "clock".to_owned(),
        advice: "synchronize both clocks, for example by NTP".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Operation;

    #[test]
    fn a_clock_that_is_off_is_told_with_its_direction() {
        let now: Timestamp = "2026-11-24T11:10:00Z".parse().expect("a time");
        assert_eq!(clock("Tue, 24 Nov 2026 11:10:20 GMT", now), None);
        let behind = clock("Tue, 24 Nov 2026 11:15:00 GMT", now).expect("a finding");
        assert_eq!(
            behind.to_string(),
            "clock: this machine's clock is 300 seconds behind the API server's; synchronize both clocks, for example by NTP"
        );
        let ahead = clock("Tue, 24 Nov 2026 11:00:00 GMT", now).expect("a finding");
        assert!(ahead.what.contains("ahead of"), "{}", ahead.what);
        assert_eq!(clock("yesterday", now), None);
    }

    #[test]
    fn what_keeps_the_plugin_from_the_cluster_names_the_setting() {
        let finding = |kind| {
            let operation = Operation { verb: Verb::Get, resource: Resource::Version, namespace: None };
            unreachable(&ApiFailure { operation, kind }, "https://10.0.0.1:6443").to_string()
        };
        let texts = [
            finding(FailureKind::Unreachable { reason: "connection refused".to_owned() }),
            finding(FailureKind::Certificate { reason: "UnknownIssuer".to_owned() }),
            finding(FailureKind::Unauthorized),
            finding(FailureKind::Token {
                path: "/etc/token".to_owned(),
                reason: "permission denied".to_owned(),
            }),
            finding(FailureKind::NoSuchApi),
        ];
        insta::assert_snapshot!(texts.join("\n"));
    }
}
