//! Whether the service account may do what the plugin does.

use futures::StreamExt;
use futures::stream;
use serde::Deserialize;

use super::{Finding, Severity};
use crate::client::{ApiClient, Call, FailureKind, Operation, Resource, Verb};

/// What does not work without a right.
#[derive(Clone, Copy)]
struct Need {
    verb: Verb,
    resource: Resource,
    lost: &'static str,
    severity: Severity,
}

const fn must(verb: Verb, resource: Resource, lost: &'static str) -> Need {
    Need { verb, resource, lost, severity: Severity::Problem }
}

const fn should(verb: Verb, resource: Resource, lost: &'static str) -> Need {
    Need { verb, resource, lost, severity: Severity::Warning }
}

/// The product's Role and ClusterRole, as far as they are used.
const NEEDS: [Need; 22] = [
    must(Verb::Create, Resource::Jobs, "no job can be submitted"),
    must(Verb::Get, Resource::Jobs, "no standard input can be delivered"),
    must(Verb::List, Resource::Jobs, "no job is seen"),
    must(Verb::Watch, Resource::Jobs, "no job is seen"),
    must(Verb::Patch, Resource::Jobs, "no job can be stopped, and ends are forgotten"),
    must(Verb::Delete, Resource::Jobs, "old jobs are never removed"),
    must(Verb::Get, Resource::Pods, "no output can be read to its end"),
    must(Verb::List, Resource::Pods, "no job is seen to run"),
    must(Verb::Watch, Resource::Pods, "no job is seen to run"),
    must(Verb::Delete, Resource::Pods, "jobs whose image has no shell cannot be stopped"),
    must(Verb::Get, Resource::PodLog, "no output can be read"),
    must(Verb::Get, Resource::PodExec, "no job can be stopped, killed, suspended"),
    must(
        Verb::Create,
        Resource::PodExec,
        "no job can be stopped, killed, suspended (from Kubernetes 1.35 on)",
    ),
    must(Verb::Get, Resource::PodAttach, "jobs with standard input never end"),
    must(Verb::Create, Resource::PodAttach, "jobs with standard input never end (from Kubernetes 1.35 on)"),
    must(Verb::Create, Resource::Services, "ports of jobs cannot be reached"),
    must(Verb::Get, Resource::Services, "ports of jobs cannot be reached after a restart"),
    must(Verb::List, Resource::Services, "ports of jobs cannot be reached after a restart"),
    must(Verb::Delete, Resource::Services, "old Services are never removed"),
    should(Verb::Watch, Resource::Events, "waiting jobs do not say what they wait for"),
    should(Verb::Get, Resource::PodMetrics, "no use of CPU and memory is told"),
    should(Verb::Get, Resource::Nodes, "only a node's internal address is told"),
];

/// How many reviews are asked for at once.
const AT_ONCE: usize = 6;

#[derive(Deserialize)]
struct Review {
    status: ReviewStatus,
}

#[derive(Deserialize)]
struct ReviewStatus {
    allowed: bool,
}

/// One finding for each right that is missing, or one that says that all are there.
pub(super) async fn check(client: &ApiClient) -> Vec<Finding> {
    let reviews: Vec<Option<Finding>> =
        stream::iter(NEEDS).map(|need| review(client, need)).buffered(AT_ONCE).collect().await;
    let mut findings: Vec<Finding> = reviews.into_iter().flatten().collect();
    // The same fault, as a token that is not accepted, is told once.
    findings.dedup();
    if findings.is_empty() {
        findings.push(Finding {
            severity: Severity::Fine,
            what: "the service account has all rights that the plugin needs".to_owned(),
            place: format!("namespace '{}'", client.namespace()),
            advice: String::new(),
        });
    }
    findings
}

async fn review(client: &ApiClient, need: Need) -> Option<Finding> {
    let operation: Operation = Call::new(need.verb, need.resource).operation(client.namespace_shared());
    match client.read::<Review>(&Call::access_review(&operation)).await {
        Ok(review) if review.status.allowed => None,
        Ok(_) => Some(missing(&need, operation)),
        Err(failure) => Some(Finding {
            severity: Severity::Problem,
            what: failure.kind.to_string(),
            place: match failure.kind {
                FailureKind::Unauthorized => "auth-token-path".to_owned(),
                _ => format!("namespace '{}'", client.namespace()),
            },
            advice: failure.advice(),
        }),
    }
}

fn missing(need: &Need, operation: Operation) -> Finding {
    let kind = FailureKind::Forbidden { message: String::new() };
    let what = format!("the service account may not {operation}: {}", need.lost);
    let failure = crate::client::ApiFailure { operation, kind };
    let place = if failure.operation.namespace.is_some() { "Role" } else { "ClusterRole" };
    Finding { severity: need.severity, what, place: place.to_owned(), advice: failure.advice() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_right_says_what_stops_working_and_which_rule_to_add() {
        let texts: Vec<String> = NEEDS
            .iter()
            .map(|need| {
                missing(need, Call::new(need.verb, need.resource).operation(&"rstudio".into())).to_string()
            })
            .collect();
        insta::assert_snapshot!(texts.join("\n"));
    }
}
