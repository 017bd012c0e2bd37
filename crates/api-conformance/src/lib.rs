#![doc = include_str!("../README.md")]

mod accepted;
mod answer;
mod client;
mod comparison;
mod difference;
mod error;
mod expectation;
mod group;
mod names;
mod normal;
mod perform;
mod place;
mod row;
mod version;
mod written;

pub use self::{
    accepted::{Accepted, AcceptedDifference, AcceptedError},
    answer::{Answer, Content},
    client::{Administrator, Cluster},
    comparison::{Compared, Judgement, compare},
    difference::Difference,
    error::ConformanceError,
    group::{Group, Unheld, check, groups},
    normal::Rule,
    place::Place,
    row::{Row, Who},
    version::Version,
};
