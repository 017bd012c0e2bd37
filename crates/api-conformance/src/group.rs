//! The table, group by group.

use crate::{ConformanceError, Place, Row, written};

/// Rows that are asked in order: later ones speak of what earlier ones made.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name: a word.
    pub name: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row that does not hold.
#[derive(Clone, Debug)]
pub struct Unheld {
    /// The row's sentence.
    pub does: String,
    /// What is wrong with the answer.
    pub faults: Vec<String>,
    /// The beginning of the answer.
    pub answer: String,
}

macro_rules! table {
    ($($name:literal: $title:literal,)*) => {
        const TABLE: &[(&str, &str, &str)] =
            &[$(($name, $title, include_str!(concat!("../rows/", $name, ".yaml"))),)*];
    };
}

table! {
    "rights": "Rights are asked before anything is looked up",
    "discovery": "Discovery tells what is served",
    "decoding": "Objects are decoded strictly or with warnings",
    "validation": "Invalid objects are refused with their causes",
    "defaults": "New objects are completed",
    "lists": "Lists have pages, selectors and versions",
    "watches": "Watches tell what changes",
    "changes": "Objects are changed by four kinds of patches",
    "deletions": "Deletions go as far as they are told",
    "lives": "Jobs and pods live and end step by step",
    "logs": "Logs are read in part, whole and to the end",
    "sockets": "Websockets carry commands and streams",
    "nodes": "Nodes tell what they are",
    "metrics": "Resource use is measured",
    "pods": "Pods are reached or say why not",
    "reviews": "Reviews and tokens are answered",
    "tables": "Tables are made for people",
    "older": "Releases before 1.31 answer otherwise",
}

/// All groups.
///
/// # Errors
/// [`ConformanceError::Rows`]: a file of rows is not what it should be.
pub fn groups() -> Result<Vec<Group>, ConformanceError> {
    let read = |(name, title, yaml): &(&'static str, &'static str, &str)| {
        let rows = written::read(yaml).map_err(|what| ConformanceError::Rows { group: name, what })?;
        Ok(Group { name, title, rows })
    };
    TABLE.iter().map(read).collect()
}

/// Asks the rows of a group at one cluster and returns those that do not hold.
///
/// # Errors
/// A request had no answer at all.
pub async fn check(group: &Group, place: &mut Place) -> Result<Vec<Unheld>, ConformanceError> {
    let mut unheld = Vec::new();
    let version = place.version();
    for row in group.rows.iter().filter(|row| row.holds_in(version)) {
        let (answer, faults) = row.ask(&place.cluster, &mut place.names).await?;
        if !faults.is_empty() {
            unheld.push(Unheld { does: row.does.clone(), faults, answer: answer.content.excerpt() });
        }
    }
    Ok(unheld)
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn every_group_has_rows_and_every_row_of_a_group_its_own_sentence() {
        for group in groups().unwrap() {
            assert!(!group.rows.is_empty(), "{}", group.name);
            let mut sentences: Vec<&str> = group.rows.iter().map(|row| row.does.as_str()).collect();
            sentences.sort_unstable();
            let doubled: Vec<_> = sentences.windows(2).filter(|pair| pair[0] == pair[1]).collect();
            assert!(doubled.is_empty(), "{}: {doubled:?}", group.name);
        }
    }
}
