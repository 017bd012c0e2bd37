//! `--cluster`: the API server itself is asked, by a dry run of every object that was rendered.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use super::found::Found;
use super::problem::Gravity;
use super::rules::Finding;
use super::{Question, Rendered, TestCase, Validation};
use crate::FieldPath;
use crate::client::{ApiClient, ApiFailure, Call, Cause, FailureKind, Patience, Resource, Verb, warnings};
use crate::settings::{KubernetesSettings, SetupError};
use crate::templates::ObjectKind;

/// Who was asked, and about how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The server's release, as `v1.37.2`.
    pub release: String,
    /// How many objects it was asked about.
    pub objects: usize,
    /// In which namespace.
    pub namespace: String,
}

/// Why a cluster can't be asked.
#[derive(Debug, thiserror::Error)]
pub enum CannotAsk {
    /// There can be no connection.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// It does not answer, or may not be asked.
    #[error("{}", .0.with_advice())]
    Api(ApiFailure),
}

impl From<ApiFailure> for CannotAsk {
    fn from(failure: ApiFailure) -> Self {
        Self::Api(failure)
    }
}

/// What a cluster said of a validation's objects.
#[derive(Debug)]
pub struct Answers {
    asked: Asked,
    /// By the place of the object among what was rendered.
    said: Vec<(usize, Said)>,
}

/// Asks the cluster about every object of a validation. Nothing is made there.
///
/// # Errors
/// It can't be asked.
pub async fn ask(validation: &Validation, settings: &KubernetesSettings) -> Result<Answers, CannotAsk> {
    let client = ApiClient::new(settings, Patience::default())?;
    let version: Version = client.read(&Call::new(Verb::Get, Resource::Version)).await?;
    let mut said = Vec::new();
    for (at, rendered) in validation.rendered.iter().enumerate() {
        if let Some(object) = &rendered.object {
            said.push((at, answer(&client, rendered.kind, object).await?));
        }
    }
    let namespace = client.namespace().to_owned();
    Ok(Answers { asked: Asked { release: version.git_version, objects: said.len(), namespace }, said })
}

impl Validation {
    /// With what the cluster says. What it takes is right: fields that are unknown to the release that is carried along are no
    /// problem then.
    #[must_use]
    pub fn with(self, answers: Answers) -> (Self, Asked) {
        (with_answers(self, &answers.said), answers.asked)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    git_version: String,
}

/// What the server says of an object.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Taken,
    /// By field, where one is named.
    Refused(Vec<(Option<FieldPath>, String)>),
}

#[derive(Debug)]
struct Said {
    verdict: Verdict,
    warnings: Vec<String>,
}

async fn answer(client: &ApiClient, kind: ObjectKind, object: &Value) -> Result<Said, ApiFailure> {
    let resource = match kind {
        ObjectKind::Job => Resource::Jobs,
        ObjectKind::Service => Resource::Services,
    };
    let call = Call::create(resource, object.clone()).with("dryRun", "All").with("fieldValidation", "Strict");
    let failure = match client.call(&call).await {
        Ok(answer) => return Ok(Said { verdict: Verdict::Taken, warnings: warnings(&answer.headers) }),
        Err(failure) => failure,
    };
    let refusals = match &failure.kind {
        FailureKind::Invalid { message, causes } => refusals(message, causes),
        // Whoever has the right was refused by a rule about the object, as that of Pod Security.
        FailureKind::Forbidden { message } if is_allowed(client, &failure).await? => {
            vec![(None, message.clone())]
        }
        FailureKind::Quota { .. } | FailureKind::TooLarge => vec![(None, failure.kind.to_string())],
        _ => return Err(failure),
    };
    Ok(Said { verdict: Verdict::Refused(refusals), warnings: Vec::new() })
}

async fn is_allowed(client: &ApiClient, failure: &ApiFailure) -> Result<bool, ApiFailure> {
    let review: Value = client.read(&Call::access_review(&failure.operation)).await?;
    Ok(review["status"]["allowed"] == true)
}

/// What a refusal says of each field.
fn refusals(message: &str, causes: &[Cause]) -> Vec<(Option<FieldPath>, String)> {
    if !causes.is_empty() {
        let told = |cause: &Cause| {
            let path = FieldPath::of_kubernetes(&cause.field);
            (Some(path), format!("the API server refuses '{}': {}", cause.field, cause.message))
        };
        return causes.iter().map(told).collect();
    }
    let unknown = fields_after(message, "unknown field \"").map(|field| {
        let text = format!("'{field}' is unknown to the API server");
        (Some(FieldPath::of_kubernetes(field)), text)
    });
    let doubled = fields_after(message, "duplicate field \"").map(|field| {
        let text = format!("'{field}' is there twice");
        (Some(FieldPath::of_kubernetes(field)), text)
    });
    let found: Vec<_> = unknown.chain(doubled).collect();
    if !found.is_empty() {
        return found;
    }
    // Go's words for a wrong type: `json: cannot unmarshal number into Go struct field JobSpec.spec.x of type string`.
    let path = message
        .split_once("Go struct field ")
        .and_then(|(_, rest)| rest.split_once(" of type"))
        .and_then(|(field, _)| field.split_once('.'))
        .map(|(_, path)| FieldPath::of_kubernetes(path));
    vec![(path, format!("the API server refuses the object: {message}"))]
}

/// The quoted words that follow a text, wherever it stands.
fn fields_after<'m>(message: &'m str, before: &'m str) -> impl Iterator<Item = &'m str> {
    message.split(before).skip(1).filter_map(|rest| rest.split_once('"').map(|(field, _)| field))
}

fn with_answers(mut validation: Validation, answers: &[(usize, Said)]) -> Validation {
    let taken: BTreeSet<(&str, TestCase)> = answers
        .iter()
        .filter(|(_, said)| said.verdict == Verdict::Taken)
        .filter_map(|(at, _)| validation.rendered.get(*at))
        .flat_map(|Rendered { cases, kind, .. }| cases.iter().map(|case| (kind.file(), case.clone())))
        .collect();
    for problem in &mut validation.problems {
        if problem.question == Question::Fields {
            let file = problem.of_kind.file();
            problem.cases.retain(|case| !taken.contains(&(file, case.clone())));
        }
    }
    validation.problems.retain(|problem| problem.question != Question::Fields || !problem.cases.is_empty());
    let known: BTreeSet<FieldPath> = validation
        .problems
        .iter()
        .filter(|problem| problem.question == Question::Fields)
        .filter_map(|problem| problem.field.as_ref().map(FieldPath::without_indices))
        .collect();
    let mut found = Found::new(validation);
    for (at, Said { verdict, warnings }) in answers {
        if let Verdict::Refused(refusals) = verdict {
            let new = refusals.iter().filter(|(field, _)| {
                field.as_ref().is_none_or(|field| !known.contains(&field.without_indices()))
            });
            let new = new.map(|(field, text)| finding(field.clone(), text, Gravity::Problem));
            found.findings_of_all(*at, new.collect());
        }
        let warned = warnings.iter().map(|text| {
            let field = text.split_once(": ").map(|(path, _)| path).filter(|path| !path.contains(' '));
            let field = field.map(FieldPath::of_kubernetes);
            finding(field, &format!("the API server warns: {text}"), Gravity::Warning)
        });
        found.findings_of_all(*at, warned.collect());
    }
    found.into_validation()
}

fn finding(field: Option<FieldPath>, message: &str, gravity: Gravity) -> Finding {
    Finding {
        question: Question::Cluster,
        gravity,
        subject: field
            .as_ref()
            .map_or_else(|| message.to_owned(), |field| field.without_indices().to_string()),
        at: field.unwrap_or_default(),
        message: message.to_owned(),
        why: None,
        fix: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_field_by_field() {
        let fields = |message: &str, causes: &[Cause]| -> Vec<String> {
            let told = refusals(message, causes).into_iter();
            told.map(|(field, text)| format!("{} | {text}", field.unwrap_or_default())).collect()
        };
        let strict = "Job in version \"v1\" cannot be handled as a Job: strict decoding error: unknown field \
                      \"spec.template.spec.containers[0].imagePullPolcy\", duplicate field \"spec.suspend\"";
        assert_eq!(
            fields(strict, &[]),
            [
                "spec.template.spec.containers[0].imagePullPolcy | 'spec.template.spec.containers[0].imagePullPolcy' is unknown to the API server",
                "spec.suspend | 'spec.suspend' is there twice",
            ]
        );
        let typed =
            "json: cannot unmarshal string into Go struct field JobSpec.spec.backoffLimit of type int32";
        assert_eq!(
            fields(typed, &[]),
            [format!("spec.backoffLimit | the API server refuses the object: {typed}")]
        );
        let cause = Cause {
            field: "spec.template.spec.restartPolicy".to_owned(),
            message: "Required value".to_owned(),
            ..Cause::default()
        };
        assert_eq!(
            fields("x", &[cause]),
            [
                "spec.template.spec.restartPolicy | the API server refuses 'spec.template.spec.restartPolicy': Required value"
            ]
        );
        assert_eq!(fields("no such thing", &[]), [" | the API server refuses the object: no such thing"]);
    }
}
