//! The fields of an object against those that Kubernetes has.

use serde_json::Value;

use super::Question;
use super::problem::Gravity;
use super::rules::Finding;
use crate::schema::{self, FaultKind};
use crate::templates::ObjectKind;

/// What is wrong with an object's fields.
pub(super) fn of(kind: ObjectKind, object: &Value) -> Vec<Finding> {
    let (_, name) = kind.identity();
    schema::check(name, object).into_iter().map(finding).collect()
}

fn finding(fault: schema::Fault) -> Finding {
    let refused = "the API server would refuse the object";
    let (why, fix) = match &fault.kind {
        FaultKind::Unknown { nearest } => (
            "the API server drops such a field, or refuses the object; --cluster asks the server itself",
            nearest.map(did_you_mean),
        ),
        FaultKind::Value { nearest, .. } => (refused, nearest.map(did_you_mean)),
        FaultKind::Type { .. } | FaultKind::Missing => (refused, None),
    };
    Finding {
        question: Question::Fields,
        gravity: Gravity::Problem,
        // Items that a loop made have one and the same mistake.
        subject: format!("{:?} {}", std::mem::discriminant(&fault.kind), fault.path.without_indices()),
        message: fault.to_string(),
        why: Some(why.to_owned()),
        fix,
        at: fault.path,
    }
}

fn did_you_mean(word: &str) -> String {
    format!("did you mean `{word}`?")
}
