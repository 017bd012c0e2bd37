#![doc = include_str!("../README.md")]

mod fields;
mod places;
mod rendering;
mod values;
mod world;

pub mod dates;
pub mod parse;
pub mod printf;
pub mod regex;
pub mod run;
pub mod semver;
pub mod yaml_read;
pub mod yaml_round_trip;

/// A law by the name of its fuzz target, and what checks it.
#[derive(Clone, Copy, Debug)]
pub struct Law {
    /// The name of the fuzz target, and of its folder of seeds.
    pub name: &'static str,
    /// Panics if the law does not hold for an input.
    pub check: fn(&[u8]),
}

/// All laws, in the order of their names.
pub const LAWS: [Law; 8] = [
    Law { name: "dates", check: dates::check },
    Law { name: "parse", check: parse::check },
    Law { name: "printf", check: printf::check },
    Law { name: "regex", check: regex::check },
    Law { name: "run", check: run::check },
    Law { name: "semver", check: semver::check },
    Law { name: "yaml_read", check: yaml_read::check },
    Law { name: "yaml_round_trip", check: yaml_round_trip::check },
];
