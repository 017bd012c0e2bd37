//! The same question to two clusters.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    Accepted, ConformanceError, Difference, Group, Place, Version, difference, normal::Normaliser, row::Row,
};

/// The release whose whole answers are compared.
const IMITATED: Version = Version::of_minor(37);

/// A row, asked of both.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The row's sentence.
    pub does: String,
    /// What came of it.
    pub judgement: Judgement,
}

/// How two answers to the same question stand to each other.
#[derive(Clone, Debug)]
pub enum Judgement {
    /// The same, in all that can be the same.
    Same,
    /// Different only where that is meant to be: the reasons.
    Accepted(BTreeSet<String>),
    /// Different, or not what the row wants.
    Differs {
        /// Where, and what each has.
        differences: Vec<Difference>,
        /// What is not as the row wants it, on the left cluster and on the right one.
        faults: [Vec<String>; 2],
    },
    /// Not asked: the row is about other versions than one of the clusters has.
    OtherVersion,
}

/// Asks the rows of a group at both places and compares whole answers. When the right one is older than 1.37, only
/// what the rows want is looked at, of both.
///
/// # Errors
/// A request had no answer at all.
pub async fn compare(
    group: &Group,
    left: &mut Place,
    right: &mut Place,
    accepted: &Accepted,
) -> Result<Vec<Compared>, ConformanceError> {
    let mut sides = [Normaliser::default(), Normaliser::default()];
    let mut compared = Vec::new();
    for row in &group.rows {
        let judgement = if row.holds_in(left.version()) && row.holds_in(right.version()) {
            judge(group.name, row, left, right, &mut sides, accepted).await?
        } else {
            Judgement::OtherVersion
        };
        compared.push(Compared { does: row.does.clone(), judgement });
    }
    Ok(compared)
}

async fn judge(
    group: &str,
    row: &Row,
    left: &mut Place,
    right: &mut Place,
    sides: &mut [Normaliser; 2],
    accepted: &Accepted,
) -> Result<Judgement, ConformanceError> {
    let (first, second) = futures::future::join(
        row.ask(&left.cluster, &mut left.names),
        row.ask(&right.cluster, &mut right.names),
    )
    .await;
    let ((first, first_faults), (second, second_faults)) = (first?, second?);
    let [one, other] = sides;
    let first = row.compared(one.normal(&first, &left.names));
    let second = row.compared(other.normal(&second, &right.names));
    // Of an older release only what the rows want is imitated.
    let whole = right.version() >= IMITATED;
    let found = if whole { difference::between(&first, &second) } else { Vec::new() };
    let mut reasons = BTreeSet::new();
    let mut differences = Vec::new();
    for difference in found {
        match accepted.entry(group, &row.does, &difference) {
            Some(entry) => {
                reasons.insert(entry.reason.clone());
            }
            None => differences.push(difference),
        }
    }
    let faults = [first_faults, second_faults];
    Ok(if !differences.is_empty() || faults.iter().any(|faults| !faults.is_empty()) {
        Judgement::Differs { differences, faults }
    } else if reasons.is_empty() {
        Judgement::Same
    } else {
        Judgement::Accepted(reasons)
    })
}

impl Row {
    /// The parts of an answer that count.
    fn compared(&self, mut normal: Value) -> Value {
        if !self.compares.is_empty() {
            let body = &normal["body"];
            let part = |pointer: &String| Some((pointer.clone(), body.pointer(pointer)?.clone()));
            normal["body"] = Value::Object(self.compares.iter().filter_map(part).collect());
        }
        normal
    }
}
