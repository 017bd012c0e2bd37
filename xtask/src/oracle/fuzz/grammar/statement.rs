//! Actions, and the text between them.

use super::super::words;
use super::Writer;
use super::literal;

impl Writer<'_> {
    /// A whole template with definitions.
    pub(super) fn program(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        for _ in 0..self.random.below(3) {
            if self.random.percent(35) {
                self.definition(&mut text);
            }
        }
        self.body(&mut text, 3);
        if self.random.percent(10) {
            self.definition(&mut text);
        }
        text
    }

    fn definition(&mut self, text: &mut Vec<u8>) {
        let name = self.new_template(&["t", "u", "v", "a b"]);
        let outside = std::mem::take(&mut self.variables);
        let literal_name = literal::text(&mut self.random, name.as_bytes());
        self.open(text, &format!("define {literal_name}"));
        self.body(text, 2);
        self.close(text);
        self.variables = outside;
        self.templates.push(name);
    }

    /// A template for `tpl`: little, and none inside it that runs others without end.
    pub(super) fn nested_template(&mut self) -> Vec<u8> {
        let (outside, loops) = (std::mem::take(&mut self.variables), std::mem::take(&mut self.loops));
        let mut text = Vec::new();
        self.body(&mut text, 0);
        (self.variables, self.loops) = (outside, loops);
        text
    }

    /// A name for a template, hardly ever one that is taken.
    fn new_template(&mut self, names: &[&str]) -> String {
        let name = self.random.word(names).to_owned();
        if self.templates.contains(&name) && self.random.percent(95) {
            return format!("{name}{}", self.templates.len());
        }
        name
    }

    fn body(&mut self, text: &mut Vec<u8>, depth: usize) {
        let scope = self.variables.len();
        for _ in 0..self.random.between(1, if depth == 0 { 2 } else { 4 }) {
            self.statement(text, depth);
        }
        self.variables.truncate(scope);
    }

    fn statement(&mut self, text: &mut Vec<u8>, depth: usize) {
        match self.random.below(if depth == 0 { 14 } else { 26 }) {
            0..4 => self.plain_text(text),
            4..9 => {
                let pipeline = self.pipeline(1);
                self.action(text, &pipeline);
            }
            9 | 10 => self.declaration(text),
            11 => self.assignment(text),
            12 => self.run_template(text),
            13 => self.jump_or_comment(text),
            14..18 => self.condition(text, depth),
            18..21 => self.with(text, depth),
            21..25 => self.range(text, depth),
            _ => self.block(text, depth),
        }
    }

    fn plain_text(&mut self, text: &mut Vec<u8>) {
        const TEXTS: &[&str] = &[
            "a",
            " b ",
            "\n",
            "\n  ",
            "key: ",
            "- ",
            "}}",
            "{ x",
            "é世",
            " \t\r\n ",
            "x",
            "",
            "{ { ",
            "\\",
            "\"",
            "<no value>",
        ];
        if self.random.percent(5) {
            text.extend(words::text(&mut self.random));
        } else {
            text.extend(self.random.word(TEXTS).as_bytes());
        }
    }

    /// An action of these words, with trims, line breaks and what else may stand there.
    fn action(&mut self, text: &mut Vec<u8>, words: &str) {
        const OPENINGS: &[&str] = &["{{ ", "{{ ", "{{", "{{- ", "{{-\n", "{{\n\t", "{{- "];
        const CLOSINGS: &[&str] = &[" }}", " }}", "}}", " -}}", "\n-}}", "\n}}", " -}}"];
        let usual = self.random.percent(90);
        let opening = if usual { "{{ " } else { *self.random.pick(OPENINGS) };
        let closing = if usual { " }}" } else { *self.random.pick(CLOSINGS) };
        text.extend(opening.as_bytes());
        text.extend(words.as_bytes());
        text.extend(closing.as_bytes());
    }

    fn open(&mut self, text: &mut Vec<u8>, words: &str) {
        self.action(text, words);
    }

    fn close(&mut self, text: &mut Vec<u8>) {
        self.action(text, "end");
    }

    fn new_variable(&mut self) -> String {
        format!("${}", self.random.pick(&["x", "y", "z", "v", "é", "x1", "_"]))
    }

    fn declaration(&mut self, text: &mut Vec<u8>) {
        let (variable, pipeline) = (self.new_variable(), self.pipeline(1));
        self.action(text, &format!("{variable} := {pipeline}"));
        self.variables.push(variable);
    }

    fn assignment(&mut self, text: &mut Vec<u8>) {
        if self.variables.is_empty() {
            return self.declaration(text);
        }
        let (variable, pipeline) = (self.random.pick(&self.variables).clone(), self.pipeline(1));
        self.action(text, &format!("{variable} = {pipeline}"));
    }

    fn run_template(&mut self, text: &mut Vec<u8>) {
        // Seldom a template that is not there, or itself without an end.
        let name = match self.random.below(25) {
            0 => "job.tpl".to_owned(),
            1 => "nope".to_owned(),
            _ if self.templates.is_empty() => return self.plain_text(text),
            _ => self.random.pick(&self.templates).clone(),
        };
        let name = literal::text(&mut self.random, name.as_bytes());
        let with = if self.random.percent(80) { self.pipeline(1) } else { String::new() };
        self.action(text, &format!("template {name} {with}"));
    }

    fn jump_or_comment(&mut self, text: &mut Vec<u8>) {
        if self.random.percent(50) {
            let comment = *self.random.pick(&[
                "{{/* c */}}",
                "{{- /* }} */ -}}",
                "{{/**/}}",
                "{{/* a\nb */ -}}",
                "{{- /*c*/}}",
            ]);
            text.extend(comment.as_bytes());
        } else if self.loops > 0 || self.random.percent(4) {
            let jump = *self.random.pick(&["break", "continue"]);
            self.action(text, jump);
        } else {
            self.plain_text(text);
        }
    }

    /// A pipeline, sometimes kept in a variable.
    fn header(&mut self) -> (String, Option<String>) {
        let pipeline = self.pipeline(1);
        if self.random.percent(25) {
            let variable = self.new_variable();
            return (format!("{variable} := {pipeline}"), Some(variable));
        }
        (pipeline, None)
    }

    fn condition(&mut self, text: &mut Vec<u8>, depth: usize) {
        let scope = self.variables.len();
        let (header, variable) = self.header();
        self.open(text, &format!("if {header}"));
        self.variables.extend(variable);
        self.body(text, depth - 1);
        while self.random.percent(20) {
            let (header, variable) = self.header();
            self.action(text, &format!("else if {header}"));
            self.variables.extend(variable);
            self.body(text, depth - 1);
        }
        self.alternative(text, depth);
        self.close(text);
        self.variables.truncate(scope);
    }

    fn alternative(&mut self, text: &mut Vec<u8>, depth: usize) {
        if self.random.percent(40) {
            self.action(text, "else");
            self.body(text, depth - 1);
        }
    }

    fn with(&mut self, text: &mut Vec<u8>, depth: usize) {
        let scope = self.variables.len();
        let (header, variable) = self.header();
        self.open(text, &format!("with {header}"));
        self.variables.extend(variable);
        let was_root = std::mem::replace(&mut self.is_root, false);
        self.body(text, depth - 1);
        if self.random.percent(15) {
            let (header, variable) = self.header();
            self.action(text, &format!("else with {header}"));
            self.variables.extend(variable);
            self.body(text, depth - 1);
        }
        self.is_root = was_root;
        self.alternative(text, depth);
        self.close(text);
        self.variables.truncate(scope);
    }

    fn range(&mut self, text: &mut Vec<u8>, depth: usize) {
        let scope = self.variables.len();
        let over = match self.random.below(8) {
            0 => literal::size(&mut self.random),
            1 => self.pipeline(1),
            _ => self.argument(
                "range",
                &helm_template::Param { name: "list", shape: helm_template::Shape::Any },
                1,
            ),
        };
        let header = match self.random.below(10) {
            0..4 => over,
            4 | 5 => {
                let variable = self.new_variable();
                self.variables.push(variable.clone());
                format!("{variable} := {over}")
            }
            6..9 => {
                let (key, value) = (self.new_variable(), self.new_variable());
                self.variables.extend([key.clone(), value.clone()]);
                format!("{key}, {value} := {over}")
            }
            _ => {
                let variables: Vec<String> = self.variables.iter().rev().take(2).cloned().collect();
                if variables.is_empty() { over } else { format!("{} = {over}", variables.join(", ")) }
            }
        };
        self.open(text, &format!("range {header}"));
        let was_root = std::mem::replace(&mut self.is_root, false);
        self.loops += 1;
        self.body(text, depth - 1);
        self.loops -= 1;
        self.is_root = was_root;
        self.alternative(text, depth);
        self.close(text);
        self.variables.truncate(scope);
    }

    fn block(&mut self, text: &mut Vec<u8>, depth: usize) {
        let name = self.new_template(&["b", "c", "d", "t"]);
        let with = self.pipeline(1);
        self.open(text, &format!("block \"{name}\" {with}"));
        let (outside, loops) = (std::mem::take(&mut self.variables), std::mem::take(&mut self.loops));
        self.body(text, depth - 1);
        (self.variables, self.loops) = (outside, loops);
        self.close(text);
        self.templates.push(name);
    }
}
