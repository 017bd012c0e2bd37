//! Arguments that a parameter can make something of, and, now and then, others.

use helm_template::{Param, Shape};

use super::super::callables::Manner;
use super::super::random::Random;
use super::super::words;
use super::literal;
use super::{Sort, Writer};

impl Writer<'_> {
    pub(super) fn argument(&mut self, function: &'static str, param: &Param, depth: usize) -> String {
        if matches!(param.shape, Shape::Int) && function.starts_with("rand") {
            // Making much by chance takes long on both sides, and shows no more than making a little.
            return self.random.between(0, 40).to_string();
        }
        if !self.is_careful && self.random.percent(8) {
            return self.any(depth);
        }
        match param.shape {
            Shape::Text => self.text_argument(function, param.name, depth),
            Shape::Int | Shape::Int64 | Shape::Uint32 => {
                self.of_shape(param.shape, Sort::Number, depth, literal::size)
            }
            Shape::Float => self.of_shape(Shape::Float, Sort::Number, depth, literal::float),
            Shape::Bool => self.of_shape(Shape::Bool, Sort::Bool, depth, |random| {
                random.word(&["true", "false"]).to_owned()
            }),
            Shape::List | Shape::Texts | Shape::Ints | Shape::Lists => self.list(depth),
            Shape::Map | Shape::TextMap => self.map(depth),
            Shape::Time => self.time(depth),
            Shape::Version => format!("(semver {})", self.words(words::version)),
            Shape::Any => self.any_argument(function, param.name, depth),
            Shape::Certificate | Shape::Program => self.any(depth),
        }
    }

    /// A literal, a field, or a call that gives something of a shape.
    fn of_shape(
        &mut self,
        shape: Shape,
        sort: Sort,
        depth: usize,
        make: fn(&mut Random) -> String,
    ) -> String {
        match self.random.below(10) {
            0 => self.field(Some(sort)),
            1 | 2 if depth > 0 => self.giving(shape, depth).unwrap_or_else(|| make(&mut self.random)),
            3 if sort == Sort::Number => literal::integer(&mut self.random),
            _ => make(&mut self.random),
        }
    }

    fn giving(&mut self, shape: Shape, depth: usize) -> Option<String> {
        let fitting = self.callables.giving(shape);
        if fitting.is_empty() {
            return None;
        }
        let callable = *self.random.pick(fitting);
        (callable.manner == Manner::Free).then(|| self.parenthesised(&callable, depth - 1))
    }

    fn words(&mut self, make: fn(&mut Random) -> Vec<u8>) -> String {
        let text = make(&mut self.random);
        literal::text(&mut self.random, &text)
    }

    fn text_argument(&mut self, function: &'static str, param: &'static str, depth: usize) -> String {
        match self.random.below(10) {
            0 => return self.field(Some(Sort::Text)),
            1 if depth > 0 => {
                if let Some(call) = self.giving(Shape::Text, depth) {
                    return call;
                }
            }
            _ => {}
        }
        if function == "tpl" && param == "text" {
            let template = self.nested_template();
            return literal::text(&mut self.random, &template);
        }
        if function == "include" && param == "name" && !self.templates.is_empty() {
            let name = self.random.pick(&self.templates).clone();
            return literal::text(&mut self.random, name.as_bytes());
        }
        match words_of(function, param) {
            Some(make) => self.words(make),
            None if param == "key" || param == "keys" => self.key(),
            None => self.text_literal(),
        }
    }

    pub(super) fn key(&mut self) -> String {
        const KEYS: &[&str] = &["a", "b", "k", "x", "m", "l", "s", "i", "é", "", "missing", "a-b", "_0", "c"];
        let key = *self.random.pick(KEYS);
        literal::text(&mut self.random, key.as_bytes())
    }

    fn list(&mut self, depth: usize) -> String {
        if self.is_bare() {
            return self.field(Some(Sort::List));
        }
        match self.random.below(10) {
            0..3 => self.field(Some(Sort::List)),
            3..6 if depth > 0 => {
                let shape = *self.random.pick(&[Shape::List, Shape::Texts, Shape::Ints, Shape::Lists]);
                self.giving(shape, depth).unwrap_or_else(|| "(list)".to_owned())
            }
            6 => {
                const LISTS: &[&str] = &[
                    "(list 3 1 2 1)",
                    r#"(list "b" "a")"#,
                    "(list)",
                    r#"(list 1 "a" nil 2.5 true)"#,
                    "(list nil)",
                    r#"(list 1 1.0 (int64 1) "1" 1 1.0)"#,
                    r#"(list 0 "" false (list) (dict) "x")"#,
                    "(list (list 1 2) (list 1 2) (dict \"a\" 1) (dict \"a\" 1))",
                    r#"(splitList "," "b,a,c,a")"#,
                    "(until 5)",
                    "(chunk 2 (until 5))",
                    "(rest (list))",
                    r#"(list (float64 "NaN"))"#,
                    r#"(list "é" "z" "Z" "a10" "a9" "")"#,
                    r#"(list 1 "" nil)"#,
                ];
                self.random.word(LISTS).to_owned()
            }
            _ => {
                let items: Vec<String> =
                    (0..self.random.below(4)).map(|_| self.any(depth.saturating_sub(1))).collect();
                self.functions.push("list");
                format!("(list{}{})", if items.is_empty() { "" } else { " " }, items.join(" "))
            }
        }
    }

    fn map(&mut self, depth: usize) -> String {
        if self.is_bare() {
            return self.field(Some(Sort::Map));
        }
        match self.random.below(10) {
            0..3 => self.field(Some(Sort::Map)),
            3 if depth > 0 => self.giving(Shape::Map, depth).unwrap_or_else(|| "(dict)".to_owned()),
            4 => (*self.random.pick(&[
                "(dict)",
                r#"(split "," "x,y")"#,
                r#"(dict "a" nil "é" 2 "" 3)"#,
                r#"(dict "a" (dict "b" (dict "c" 1)))"#,
            ]))
            .to_owned(),
            _ => {
                let mut entries = String::from("(dict");
                for _ in 0..self.random.below(4) {
                    let (key, value) = (self.key(), self.any(depth.saturating_sub(1)));
                    entries.push_str(&format!(" {key} {value}"));
                }
                self.functions.push("dict");
                entries.push(')');
                entries
            }
        }
    }

    fn time(&mut self, depth: usize) -> String {
        const TIMES: &[&str] = &[
            r#"(toDate "2006-01-02" "2024-02-29")"#,
            r#"(toDate "2006-01-02T15:04:05Z07:00" "2026-03-04T05:06:07.25+02:00")"#,
            r#"(toDate "2006" "bad")"#,
            r#"(toDate "2006-01-02 15:04:05 MST" "1999-12-31 23:59:59 EST")"#,
            r#"(toDate "2006-01-02 15:04:05.999999999" "0001-01-01 00:00:00.000000001")"#,
            r#"(toDate "2006-01-02T15:04:05Z07:00" "9999-12-31T23:59:59Z")"#,
            r#"(toDate "2006-01-02" "0000-01-01")"#,
            r#"(toDate "2006-01-02 15:04" "2026-10-25 00:59")"#,
        ];
        match self.random.below(10) {
            0..6 => self.random.word(TIMES).to_owned(),
            6 if depth > 0 => self.giving(Shape::Time, depth).unwrap_or_else(|| TIMES[0].to_owned()),
            _ => format!("(toDate {} {})", self.words(words::layout), self.words(words::time)),
        }
    }

    fn any_argument(&mut self, function: &'static str, param: &'static str, depth: usize) -> String {
        if self.random.percent(20) {
            return self.any(depth);
        }
        match (function, param) {
            ("eq" | "ne" | "lt" | "le" | "gt" | "ge", _) if self.random.percent(60) => self.number(depth),
            (_, "numbers" | "number" | "first" | "left" | "right" | "bounds") => self.number(depth),
            ("int" | "int64" | "float64" | "toDecimal", _) => self.number(depth),
            (_, "list" | "lists") => self.list(depth),
            ("join" | "toStrings" | "sortAlpha" | "range", _) => self.list(depth),
            (_, "time") if self.random.percent(70) => self.time(depth),
            (_, "time") => literal::integer(&mut self.random),
            ("duration" | "durationRound", _) if self.random.percent(70) => self.words(words::duration),
            ("include" | "tpl", "data") => self.random.word(&[".", "$", ".m", ".l", "."]).to_owned(),
            (
                "toYaml" | "toJson" | "toToml" | "toYamlPretty" | "toPrettyJson" | "toRawJson" | "deepCopy",
                _,
            ) => {
                if self.random.percent(60) {
                    self.map(depth + 1)
                } else {
                    self.list(depth + 1)
                }
            }
            ("len" | "index" | "slice", _) => match self.random.below(3) {
                0 => self.list(depth),
                1 => self.map(depth),
                _ => self.text_literal(),
            },
            _ => self.any(depth),
        }
    }

    fn number(&mut self, depth: usize) -> String {
        match self.random.below(10) {
            0..3 => literal::integer(&mut self.random),
            3..6 => literal::float(&mut self.random),
            6 => self.field(Some(Sort::Number)),
            7 if depth > 0 => {
                let shape = *self.random.pick(&[Shape::Int, Shape::Int64, Shape::Float]);
                self.giving(shape, depth).unwrap_or_else(|| "1".to_owned())
            }
            8 => self.text_literal(),
            _ => literal::size(&mut self.random),
        }
    }
}

/// The texts that mean something to a function.
fn words_of(function: &str, param: &str) -> Option<fn(&mut Random) -> Vec<u8>> {
    Some(match (function, param) {
        ("fromJson" | "mustFromJson" | "fromJsonArray", _) => words::json,
        ("fromYaml" | "fromYamlArray", _) => words::yaml,
        ("fromToml", _) => words::toml,
        ("b64dec" | "b32dec", _) => words::encoded,
        ("urlParse", _) => words::url,
        ("semver", _) | (_, "version") => words::version,
        ("toDate" | "mustToDate", "text") => words::time,
        ("printf", "format") => words::format,
        (_, "pattern") => words::pattern,
        (_, "replacement") => words::replacement,
        (_, "constraint") => words::constraint,
        (_, "layout") => words::layout,
        (_, "zone") => words::zone,
        (_, "duration") => words::duration,
        (_, "path") => words::path,
        (_, "separator" | "old" | "part" | "prefix" | "suffix" | "characters") => words::separator,
        (_, "type_name" | "kind") => words::type_name,
        (name, "text") if name.starts_with("regex") || name.starts_with("mustRegex") => words::subject,
        _ => return None,
    })
}
