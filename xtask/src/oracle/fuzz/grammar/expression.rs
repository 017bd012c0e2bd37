//! Operands, calls and pipelines.

use helm_template::{Param, Shape};

use super::super::callables::{Callable, Manner};
use super::super::words;
use super::literal;
use super::{Sort, Writer};

/// Fields and methods of times, durations, versions and results of programs, and some that nothing has.
#[rustfmt::skip]
const MEMBERS: &[&str] = &[
    "Year", "Month", "Day", "Hour", "Minute", "Second", "Nanosecond", "YearDay", "Weekday", "Unix",
    "UnixMilli", "UnixNano", "UTC", "Local", "IsZero", "String", "IsDST", "Location", "AddDate 1 2 3",
    "AddDate 0 -1 31", "Format \"Mon Jan 2\"", "Truncate 3600000000000", "Major", "Minor", "Patch",
    "Prerelease", "Metadata", "Original", "IncMajor", "IncMinor", "IncPatch", "Hours", "Seconds", "Nope",
    "a", "x.y", "Format", "Year 1", "host", "scheme", "_0", "_1", "Sub", "Before", "Compare", "GoString",
    "ExitCode", "Stdout", "Err", "k.a",
];

impl Writer<'_> {
    /// A value of any kind, as an operand.
    pub(super) fn any(&mut self, depth: usize) -> String {
        if self.is_careful && self.random.percent(50) {
            return self.mild_value();
        }
        match self.random.below(20) {
            0..3 => literal::integer(&mut self.random),
            3..5 => literal::float(&mut self.random),
            5..8 => self.text_literal(),
            8 => self.random.word(&["true", "false"]).to_owned(),
            9 => "nil".to_owned(),
            10..14 => self.field(None),
            14 => self.variable(),
            15 if !self.is_bare() => self.special_value(),
            _ if depth > 0 => {
                let callable = self.callable();
                self.parenthesised(&callable, depth - 1)
            }
            _ => self.text_literal(),
        }
    }

    /// A function of those that suit.
    fn callable(&mut self) -> Callable {
        let from = if self.is_careful && self.random.percent(80) {
            self.callables.mild()
        } else {
            self.callables.all()
        };
        *self.random.pick(from)
    }

    /// A value that hardly any function minds.
    fn mild_value(&mut self) -> String {
        match self.random.below(6) {
            0 => self.random.word(&["1", "7", "2.5", "true"]).to_owned(),
            1 if !self.variables.is_empty() => self.random.pick(&self.variables).clone(),
            2 | 3 => self.field(None),
            _ => self.text_literal(),
        }
    }

    pub(super) fn text_literal(&mut self) -> String {
        let text = words::text(&mut self.random);
        literal::text(&mut self.random, &text)
    }

    /// A value of a kind that no literal and no data has.
    fn special_value(&mut self) -> String {
        const VALUES: &[&str] = &[
            r#"(float64 "NaN")"#,
            r#"(float64 "inf")"#,
            r#"(float64 "-inf")"#,
            "(int64 5)",
            r#"(index "ab" 0)"#,
            "(until 3)",
            r#"(splitList "," "b,a,c")"#,
            "(chunk 2 (until 3))",
            "(rest (list))",
            r#"(split "," "x,y")"#,
            r#"(toDate "2006-01-02" "2024-02-29")"#,
            r#"(semver "1.2.3-x+y")"#,
            "(list)",
            "(dict)",
            r#"(list 1 "a" nil 2.5)"#,
            "(list (list 1) (dict \"k\" \"v\"))",
            r#"(dict "b" 1 "a" (list nil))"#,
            r#"((toDate "2006" "2024").Sub (toDate "2006" "2023"))"#,
            r#"(toDate "2006" "2024").Month"#,
            "(dict \"a\" (dict \"b\" nil))",
        ];
        self.random.word(VALUES).to_owned()
    }

    /// A chain of fields: one that leads to something of a sort, if there is any, or nowhere.
    pub(super) fn field(&mut self, sort: Option<Sort>) -> String {
        let fitting: Vec<&String> = self
            .chains
            .iter()
            .filter(|(_, of)| sort.is_none_or(|sort| sort == *of))
            .map(|(chain, _)| chain)
            .collect();
        let mut chain = if fitting.is_empty() || self.random.percent(4) {
            self.random.word(&[".missing", ".n", ".x.y", ".", ".m", ".l", ".s", "."]).to_owned()
        } else {
            (*self.random.pick(&fitting)).clone()
        };
        if !self.is_careful && self.random.percent(5) && chain != "." {
            chain.push_str(self.random.word(&[".a", ".x", ".missing", ".b.c", ".if", ".é"]));
        }
        if self.is_root || self.random.percent(20) {
            if self.random.percent(8) {
                format!("${}", if chain == "." { "" } else { &chain })
            } else {
                chain
            }
        } else if self.random.percent(60) && chain != "." {
            format!("${chain}")
        } else {
            ".".to_owned()
        }
    }

    /// A variable that is there, with or without a field, or, seldom, one that is not.
    pub(super) fn variable(&mut self) -> String {
        if self.random.percent(2) {
            return "$nope".to_owned();
        }
        let mut variable = if self.variables.is_empty() {
            "$".to_owned()
        } else {
            self.random.pick(&self.variables).clone()
        };
        if self.random.percent(15) {
            variable.push_str(self.random.word(&[".a", ".x.y", ".k"]));
        }
        variable
    }

    /// A call in parentheses, sometimes with a field of its result.
    pub(super) fn parenthesised(&mut self, callable: &Callable, depth: usize) -> String {
        let call = match callable.manner {
            Manner::Fixed(calls) => {
                self.functions.push(callable.name);
                return self.random.word(calls).to_owned();
            }
            Manner::Through(function) => {
                let call = self.call(callable, depth);
                self.functions.push(function);
                return format!("({function} ({call}))");
            }
            Manner::Free | Manner::Never(_) => self.call(callable, depth),
        };
        let is_structure =
            matches!(callable.result, Shape::Time | Shape::Version | Shape::TextMap | Shape::Map);
        if self.random.percent(if is_structure { 25 } else { 2 }) {
            let member = *self.random.pick(MEMBERS);
            return if member.contains(' ') {
                format!("(({call}).{member})")
            } else {
                format!("({call}).{member}")
            };
        }
        format!("({call})")
    }

    /// A call with arguments that more or less fit, without parentheses.
    pub(super) fn call(&mut self, callable: &Callable, depth: usize) -> String {
        let arguments = self.arguments(callable, depth);
        self.functions.push(callable.name);
        [callable.name.to_owned()].into_iter().chain(arguments).collect::<Vec<_>>().join(" ")
    }

    fn arguments(&mut self, callable: &Callable, depth: usize) -> Vec<String> {
        let mut arguments: Vec<String> =
            callable.params.iter().map(|param| self.argument(callable.name, param, depth)).collect();
        if let Some(rest) = &callable.rest {
            self.repeated(callable.name, rest, depth, &mut arguments);
        }
        if self.random.percent(2) {
            arguments.pop();
        } else if self.random.percent(1) {
            arguments.push(self.any(0));
        }
        arguments
    }

    fn repeated(&mut self, function: &'static str, rest: &Param, depth: usize, arguments: &mut Vec<String>) {
        match function {
            "dict" => {
                for _ in 0..self.random.below(4) {
                    arguments.push(self.key());
                    arguments.push(self.any(depth));
                }
            }
            "dig" => {
                for _ in 0..self.random.between(1, 3) {
                    arguments.push(self.key());
                }
                arguments.push(self.any(0));
                arguments.push(self.argument(function, &Param { name: "map", shape: Shape::Map }, depth));
            }
            "index" => {
                for _ in 0..self.random.below(3) {
                    let index =
                        if self.random.percent(50) { self.key() } else { literal::size(&mut self.random) };
                    arguments.push(index);
                }
            }
            _ => {
                for _ in 0..self.random.below(4) {
                    arguments.push(self.argument(function, rest, depth));
                }
            }
        }
    }

    /// A pipeline: a command and what it is put through.
    pub(super) fn pipeline(&mut self, depth: usize) -> String {
        let mut pipeline = if self.random.percent(55) {
            let callable = self.callable();
            match callable.manner {
                Manner::Free => self.call(&callable, depth),
                _ => self.parenthesised(&callable, depth),
            }
        } else {
            self.any(depth)
        };
        while self.random.percent(30) {
            let callable = self.callable();
            if callable.manner != Manner::Free {
                continue;
            }
            let mut arguments = self.arguments(&callable, depth.min(1));
            arguments.pop();
            self.functions.push(callable.name);
            let space = if self.random.percent(95) { " " } else { "" };
            pipeline = format!("{pipeline}{space}|{space}{}", callable.name);
            for argument in arguments {
                pipeline.push(' ');
                pipeline.push_str(&argument);
            }
        }
        pipeline
    }
}
