//! Why a pod cannot go to a node.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::requests::Requests;
use crate::node::quantity::Quantity;
use crate::store::{Object, ObjectKey};

/// One reason; its text is what `FailedScheduling` shows after the number of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    Unschedulable,
    Taint,
    Selector,
    Ports,
    TooManyPods,
    Insufficient {
        resource: String,
        /// The node would do if other pods left it.
        others_use: bool,
    },
}

impl Obstacle {
    /// Whether only other pods are in the way.
    pub(super) fn is_others_use(&self) -> bool {
        matches!(self, Self::Ports | Self::TooManyPods | Self::Insufficient { others_use: true, .. })
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unschedulable => f.write_str("node(s) were unschedulable"),
            Self::Taint => f.write_str("node(s) had untolerated taint(s)"),
            Self::Selector => f.write_str("node(s) didn't match Pod's node affinity/selector"),
            Self::Ports => f.write_str("node(s) didn't have free ports for the requested pod ports"),
            Self::TooManyPods => f.write_str("Too many pods"),
            Self::Insufficient { resource, .. } => write!(f, "Insufficient {resource}"),
        }
    }
}

/// What keeps `pod` from `node`, on which other pods use `used`. As in Kubernetes, the first kind of check that fails
/// is the only one told.
pub(super) fn obstacles(
    pod: &Object,
    requests: &Requests,
    node: &Object,
    used: Option<&BTreeMap<ObjectKey, Requests>>,
) -> Vec<Obstacle> {
    let (spec, node_spec) = (&pod.value()["spec"], &node.value()["spec"]);
    if node_spec["unschedulable"] == true {
        return vec![Obstacle::Unschedulable];
    }
    if !tolerates(&spec["tolerations"], &node_spec["taints"]) {
        return vec![Obstacle::Taint];
    }
    if !selects(spec, node) {
        return vec![Obstacle::Selector];
    }
    let others = || used.into_iter().flat_map(BTreeMap::values);
    if requests.host_ports.iter().any(|port| others().any(|other| other.host_ports.contains(port))) {
        return vec![Obstacle::Ports];
    }
    let allocatable = &node.value()["status"]["allocatable"];
    let mut found = Vec::new();
    if Quantity::of(&allocatable["pods"]).round_up() <= others().count() as i128 {
        found.push(Obstacle::TooManyPods);
    }
    for (resource, wanted) in requests.amounts.iter().filter(|(_, wanted)| !wanted.is_zero()) {
        let in_all = Quantity::of(&allocatable[resource.as_str()]);
        let taken = others()
            .filter_map(|other| other.amounts.get(resource).copied())
            .fold(Quantity::default(), |sum, amount| sum + amount);
        if *wanted > in_all - taken {
            found.push(Obstacle::Insufficient { resource: resource.clone(), others_use: *wanted <= in_all });
        }
    }
    found
}

fn tolerates(tolerations: &Value, taints: &Value) -> bool {
    let tolerations = tolerations.as_array().map_or(&[][..], Vec::as_slice);
    let taints = taints.as_array().map_or(&[][..], Vec::as_slice);
    taints.iter().filter(|taint| taint["effect"] != "PreferNoSchedule").all(|taint| {
        tolerations.iter().any(|toleration| {
            let effect = toleration["effect"].as_str().unwrap_or_default();
            let key = toleration["key"].as_str().unwrap_or_default();
            let exists = toleration["operator"] == "Exists";
            (effect.is_empty() || taint["effect"] == effect)
                && (key.is_empty() && exists || taint["key"] == key)
                && (exists || text(&toleration["value"]) == text(&taint["value"]))
        })
    })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn selects(spec: &Value, node: &Object) -> bool {
    let label = |name: &str| node.labels().and_then(|labels| labels.get(name)?.as_str());
    let selector = spec["nodeSelector"].as_object();
    let selected = selector.into_iter().flatten().all(|(name, value)| label(name) == value.as_str());
    let affinity = &spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"];
    let terms = affinity["nodeSelectorTerms"].as_array();
    selected
        && terms.is_none_or(|terms| {
            terms.iter().any(|term| {
                let expressions = term["matchExpressions"].as_array().map_or(&[][..], Vec::as_slice);
                let fields = term["matchFields"].as_array().map_or(&[][..], Vec::as_slice);
                (!expressions.is_empty() || !fields.is_empty())
                    && expressions.iter().all(|one| holds(one, label(text(&one["key"]))))
                    && fields
                        .iter()
                        .all(|one| holds(one, Some(node.name()).filter(|_| one["key"] == "metadata.name")))
            })
        })
}

/// Whether one requirement of a selector term holds for a label's value.
fn holds(requirement: &Value, value: Option<&str>) -> bool {
    let values = requirement["values"].as_array().map_or(&[][..], Vec::as_slice);
    let among = value.is_some_and(|value| values.iter().any(|wanted| wanted == value));
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<i64>().ok());
    let bound = number(values.first().and_then(Value::as_str));
    match text(&requirement["operator"]) {
        "In" => among,
        "NotIn" => !among,
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "Gt" => number(value).zip(bound).is_some_and(|(value, bound)| value > bound),
        "Lt" => number(value).zip(bound).is_some_and(|(value, bound)| value < bound),
        _ => false,
    }
}
