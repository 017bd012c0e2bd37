//! The functions, a family in a file.

pub(crate) mod encoding;
pub(crate) mod rendering;
pub(crate) mod semver;

mod case;
mod copying;
mod crypto;
mod dates;
mod decimal;
mod dicts;

mod equality;
mod failing;
mod flow;
mod json;
mod lists;
mod math;
mod merge;
mod paths;
mod printing;
mod random;
mod reflection;
mod regex;
mod strings;
mod system;
mod toml;
mod url;
mod walk;
mod wrap;
mod yaml;

use std::sync::{Arc, LazyLock};

use go_text_template::Functions;

use crate::declare::Declaration;

/// A group of functions for the reference page.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// Its heading.
    pub title: &'static str,
    /// Its functions.
    pub functions: &'static [Declaration],
}

/// What Sprig and Helm have in common.
const COMMON: &[Family] = &[
    Family { title: "Strings", functions: strings::FUNCTIONS },
    Family { title: "Upper and lower case", functions: case::FUNCTIONS },
    Family { title: "Line breaks", functions: wrap::FUNCTIONS },
    Family { title: "Integers and rounding", functions: math::FUNCTIONS },
    Family { title: "Decimal fractions", functions: decimal::FUNCTIONS },
    Family { title: "Regular expressions", functions: regex::FUNCTIONS },
    Family { title: "Lists", functions: lists::FUNCTIONS },
    Family { title: "Maps", functions: dicts::FUNCTIONS },
    Family { title: "Merging maps", functions: merge::FUNCTIONS },
    Family { title: "Copies", functions: copying::FUNCTIONS },
    Family { title: "Equality", functions: equality::FUNCTIONS },
    Family { title: "Defaults and conditions", functions: flow::FUNCTIONS },
    Family { title: "Types", functions: reflection::FUNCTIONS },
    Family { title: "Dates and durations", functions: dates::FUNCTIONS },
    Family { title: "JSON", functions: json::FUNCTIONS },
    Family { title: "Encoding and sums", functions: encoding::FUNCTIONS },
    Family { title: "Paths", functions: paths::FUNCTIONS },
    Family { title: "URLs", functions: url::FUNCTIONS },
    Family { title: "Keys, certificates and passwords", functions: crypto::FUNCTIONS },
    Family { title: "Versions", functions: semver::FUNCTIONS },
    Family { title: "Chance", functions: random::FUNCTIONS },
];

/// What Helm has besides, or in place of Sprig's.
const HELM: &[Family] = &[
    Family { title: "JSON that tells what is wrong", functions: json::helm::FUNCTIONS },
    Family { title: "YAML", functions: yaml::FUNCTIONS },
    Family { title: "TOML", functions: toml::FUNCTIONS },
    Family { title: "Other templates", functions: rendering::FUNCTIONS },
    Family { title: "Ends", functions: failing::FUNCTIONS },
    Family { title: "The system and the cluster", functions: system::FUNCTIONS },
    Family { title: "The network", functions: system::without_dns::FUNCTIONS },
];

/// What Sprig has and Helm does not.
const SPRIG: &[Family] = &[
    Family { title: "JSON, Sprig's own", functions: json::sprig::FUNCTIONS },
    Family { title: "Ends, Sprig's own", functions: failing::sprig::FUNCTIONS },
    Family { title: "Environment and network, Sprig's own", functions: system::sprig::FUNCTIONS },
];

/// All families of [`Mode::Helm`](crate::Mode::Helm).
pub fn helm_families() -> impl Iterator<Item = Family> {
    COMMON.iter().chain(HELM).copied()
}

/// All families of [`Mode::Sprig`](crate::Mode::Sprig).
pub fn sprig_families() -> impl Iterator<Item = Family> {
    COMMON.iter().chain(SPRIG).copied()
}

/// The functions that Helm has. They are made once.
pub(crate) fn helm() -> Arc<Functions> {
    static TABLE: LazyLock<Arc<Functions>> = LazyLock::new(|| table(helm_families()));
    TABLE.clone()
}

/// The functions that Sprig has. They are made once.
pub(crate) fn sprig() -> Arc<Functions> {
    static TABLE: LazyLock<Arc<Functions>> = LazyLock::new(|| table(sprig_families()));
    TABLE.clone()
}

fn table(families: impl Iterator<Item = Family>) -> Arc<Functions> {
    Arc::new(families.flat_map(|family| family.functions).flat_map(Declaration::functions).collect())
}
