//! Makes questions: templates by a grammar of the whole language, with data.

mod argument;
mod damage;
mod expression;
mod literal;
mod single;
mod statement;

use std::collections::BTreeMap;

use clap::ValueEnum;
use helm_template::Mode;
use helm_template::data::WholeNumbers;

use super::callables::Callables;
use super::data::Data;
use super::question::Question;
use super::random::Random;

/// What the questions are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Family {
    /// One call of a function with arguments that more or less fit.
    Calls,
    /// Whole templates: actions, scopes, other templates.
    Programs,
    /// Templates with an error of writing.
    Broken,
    /// `printf` and printing.
    Formats,
    /// Fields of data that may or may not be there.
    Fields,
}

/// How often each family comes up, in percent.
const SHARES: [(Family, usize); 5] = [
    (Family::Calls, 45),
    (Family::Programs, 27),
    (Family::Broken, 10),
    (Family::Formats, 8),
    (Family::Fields, 10),
];

/// A question, and the functions that its template calls.
pub(crate) struct Made {
    pub(crate) question: Question,
    pub(crate) functions: Vec<&'static str>,
}

/// The functions of all modes.
pub(crate) struct Grammar(Vec<(Mode, Callables)>);

impl Grammar {
    pub(crate) fn new() -> Self {
        Self(Mode::ALL.into_iter().map(|mode| (mode, Callables::of(mode))).collect())
    }

    /// The functions that no question calls, and why.
    pub(crate) fn left_out(&self) -> BTreeMap<&'static str, &'static str> {
        self.0.iter().flat_map(|(_, callables)| callables.left_out()).collect()
    }

    /// The question that chance gives, of a family or of any.
    pub(crate) fn question(&self, mut random: Random, family: Option<Family>) -> Made {
        let family = family.unwrap_or_else(|| any_family(&mut random));
        let mode = if random.percent(70) { Mode::Helm } else { *random.pick(&Mode::ALL) };
        let numbers =
            *random.pick(&[WholeNumbers::Int, WholeNumbers::Int, WholeNumbers::Int64, WholeNumbers::Float]);
        let needs_data = family != Family::Calls || random.percent(60);
        let data = if needs_data { Data::root(&mut random) } else { Data::Null };
        let (mode, callables) = &self.0[mode as usize];
        let mut writer = Writer::new(random, callables, *mode, &data);
        let (template, files) = writer.template(family);
        let Writer { functions, .. } = writer;
        Made { question: Question { template, files, data, mode: *mode, numbers }, functions }
    }
}

fn any_family(random: &mut Random) -> Family {
    let mut at = random.below(100);
    for (family, share) in SHARES {
        if at < share {
            return family;
        }
        at -= share;
    }
    Family::Calls
}

/// What is known while a template is written.
struct Writer<'q> {
    random: Random,
    callables: &'q Callables,
    mode: Mode,
    /// Chains of fields that lead somewhere in the data, and to what.
    chains: Vec<(String, Sort)>,
    /// Variables that can be read here, innermost last.
    variables: Vec<String>,
    /// Templates that can be run by name.
    templates: Vec<String>,
    /// Loops around here in this template.
    loops: usize,
    /// Whether arguments are to fit, so that most of a template is run.
    is_careful: bool,
    /// Whether the dot is the root of the data here.
    is_root: bool,
    /// The functions called so far.
    functions: Vec<&'static str>,
}

/// What a value of the data is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Nothing,
    Bool,
    Number,
    Text,
    List,
    Map,
}

impl Sort {
    fn of(data: &Data) -> Self {
        match data {
            Data::Null => Self::Nothing,
            Data::Bool(_) => Self::Bool,
            Data::Number(_) => Self::Number,
            Data::Text(_) => Self::Text,
            Data::List(_) => Self::List,
            Data::Map(_) => Self::Map,
        }
    }
}

/// A file that stands beside some templates.
const HELPERS: &str = "{{ define \"inc\" }}<{{ .a }}>{{ end }}{{ define \"lines\" }}x: 1\ny:\n  - 2{{ end }}\
    {{ define \"loop\" }}{{ include \"loop\" . }}{{ end }}{{ define \"bad\" }}{{ .s.x.y }}{{ end }}{{ define \"dot\" }}{{ . }}{{ $ }}{{ end }}";

impl<'q> Writer<'q> {
    fn new(random: Random, callables: &'q Callables, mode: Mode, data: &Data) -> Self {
        let chains = data.chains().into_iter().map(|(chain, value)| (chain, Sort::of(value))).collect();
        Self {
            random,
            callables,
            mode,
            chains,
            variables: Vec::new(),
            templates: Vec::new(),
            loops: 0,
            is_careful: false,
            is_root: true,
            functions: Vec::new(),
        }
    }

    fn template(&mut self, family: Family) -> (Vec<u8>, BTreeMap<String, String>) {
        let mut files = BTreeMap::new();
        let has_helpers = family == Family::Programs && self.random.percent(30);
        // `include` is a function that not all modes have: the file would be refused.
        if has_helpers && matches!(self.mode, Mode::Helm | Mode::Strict | Mode::Go) {
            files.insert("_h.tpl".to_owned(), HELPERS.to_owned());
            self.templates.extend(["inc", "lines", "loop", "bad", "dot"].map(str::to_owned));
        }
        let template = match family {
            Family::Calls => self.one_call(),
            Family::Programs => {
                self.is_careful = self.random.percent(70);
                self.program()
            }
            Family::Formats => self.one_format(),
            Family::Fields => self.some_fields(),
            Family::Broken => {
                let whole = if self.random.percent(50) { self.program() } else { self.one_call() };
                damage::damaged(&mut self.random, whole)
            }
        };
        (template, files)
    }

    fn is_bare(&self) -> bool {
        matches!(self.mode, Mode::Bare | Mode::BareStrict)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use helm_template::batch::Request;
    use helm_template::{helm_families, sprig_families};

    use super::*;

    fn questions(seed: u64, count: u64) -> impl Iterator<Item = Made> {
        let grammar = Grammar::new();
        (0..count).map(move |number| grammar.question(Random::of(seed, number), None))
    }

    #[test]
    fn a_seed_gives_the_same_requests_each_time() {
        let lines = || questions(3, 300).map(|made| made.question.line()).collect::<Vec<_>>();
        assert_eq!(lines(), lines());
        for line in lines() {
            assert!(Request::from_json(line.as_bytes()).is_ok(), "{line}");
        }
    }

    #[test]
    fn every_declared_function_is_asked_about_or_left_out_for_a_reason() {
        let families = helm_families().chain(sprig_families());
        let mut missing: BTreeSet<&str> = families
            .flat_map(|family| family.functions)
            .flat_map(|function| function.names)
            .copied()
            .collect();
        for name in Grammar::new().left_out().keys() {
            missing.remove(name);
        }
        for made in questions(1, 60_000) {
            for name in made.functions {
                missing.remove(name);
            }
            if missing.is_empty() {
                return;
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }
}
