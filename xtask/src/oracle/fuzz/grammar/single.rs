//! Templates of one call, one format or a few fields.

use helm_template::Mode;

use super::super::callables::Manner;
use super::super::words;
use super::Writer;
use super::literal;

/// How results are shown: what their text hides, their type or a format brings out.
const SHOWS: &[(&str, &str)] = &[
    ("{{ ", " }}"),
    ("{{ ", " }}"),
    ("{{ $r := ", " }}{{ $r }} {{ printf \"%T\" $r }}"),
    ("{{ printf \"%q %v\" (", ") 1 }}"),
    ("{{ printf \"%#v\" (", ") }}"),
    ("{{ with ", " }}{{ . }}{{ else }}empty{{ end }}"),
    ("{{ if ", " }}T{{ else }}F{{ end }}"),
    ("{{ range ", " }}[{{ . }}]{{ else }}none{{ end }}"),
    ("{{ (", ").a }}"),
    ("{{ len (", ") }}"),
    ("{{ index (", ") 0 }}"),
    ("{{ println (", ") }}"),
];

/// Those that take functions of Sprig.
const SPRIG_SHOWS: &[(&str, &str)] = &[
    ("{{ $r := ", " }}{{ $r }} {{ typeOf $r }}"),
    ("{{ $r := ", " }}{{ $r }} {{ typeOf $r }}"),
    ("{{ toJson (", ") }}"),
    ("{{ ", " | default \"d\" | quote }}"),
    ("{{ range toStrings (", ") }}[{{ . }}]{{ else }}none{{ end }}"),
    ("{{ deepCopy (", ") | toPrettyJson }}"),
    ("{{ kindOf (", ") }}"),
    ("{{ list (", ") | first }}"),
    ("{{ dict \"a\" (", ") }}"),
    ("{{ cat (", ") 1 }}"),
    ("{{ int (", ") }}"),
    ("{{ empty (", ") }}"),
    ("{{ ", " | toString | printf \"%q\" }}"),
];

const HELM_SHOWS: &[(&str, &str)] = &[
    ("{{ toYaml (", ") }}"),
    ("{{ dict \"a\" (", ") | toYaml }}"),
    ("{{ dict \"a\" (", ") | toToml }}"),
    ("{{ list (", ") | toYamlPretty }}"),
    ("{{ required \"need\" (", ") }}"),
];

impl Writer<'_> {
    pub(super) fn one_call(&mut self) -> Vec<u8> {
        let callable = *self.random.pick(self.callables.all());
        let depth = *self.random.pick(&[0, 0, 1, 1, 2]);
        let call = match callable.manner {
            Manner::Free => self.call(&callable, depth),
            _ => self.parenthesised(&callable, depth),
        };
        let (before, after) = self.show();
        [before, &call, after].concat().into_bytes()
    }

    fn show(&mut self) -> (&'static str, &'static str) {
        match self.mode {
            Mode::Helm | Mode::Strict | Mode::Go if self.random.percent(20) => *self.random.pick(HELM_SHOWS),
            Mode::Bare | Mode::BareStrict => *self.random.pick(SHOWS),
            _ if self.random.percent(55) => *self.random.pick(SPRIG_SHOWS),
            _ => *self.random.pick(SHOWS),
        }
    }

    pub(super) fn one_format(&mut self) -> Vec<u8> {
        let format = words::format(&mut self.random);
        let mut template = format!("{{{{ printf {}", literal::text(&mut self.random, &format));
        for _ in 0..self.random.below(4) {
            let argument = self.any(1);
            template.push(' ');
            template.push_str(&argument);
        }
        self.functions.push("printf");
        template.push_str(" }}");
        template.into_bytes()
    }

    pub(super) fn some_fields(&mut self) -> Vec<u8> {
        let mut template = String::new();
        for _ in 0..self.random.between(1, 3) {
            let field = self.field(None);
            let more = *self.random.pick(&["", "", "", "", "", "", "", ".a", ".missing", ".é", ".b.c"]);
            let field = if field == "." || field == "$" { field } else { format!("{field}{more}") };
            let action = match self.random.below(24) {
                0 => format!("{{{{ ({field}).a }}}}"),
                1 => format!("{{{{ $x := {field} }}}}{{{{ $x }}}}{{{{ $x.y }}}}"),
                2 => format!("{{{{ with {field} }}}}{{{{ . }}}}{{{{ .a }}}}{{{{ else }}}}-{{{{ end }}}}"),
                3 | 11 | 12 => format!(
                    "{{{{ range $k, $v := {field} }}}}{{{{ $k }}}}={{{{ $v }}}};{{{{ else }}}}-{{{{ end }}}}"
                ),
                4 | 8 | 9 | 10 => format!("{{{{ if {field} }}}}T{{{{ else }}}}F{{{{ end }}}}"),
                5 => format!("{{{{ {field} {} }}}}", self.any(0)),
                6 => format!("{{{{ {} | {field} }}}}", self.any(0)),
                7 | 13 | 14 | 15 => format!("{{{{ print {field} {field} }}}}"),
                _ => format!("{{{{ {field} }}}}"),
            };
            template.push_str(&action);
        }
        template.into_bytes()
    }
}
