//! Errors of writing: bytes changed, left out, put in, and the end missing.

use super::super::random::Random;

#[rustfmt::skip]
const TOKENS: &[&str] = &[
    "{{", "}}", "{{-", "-}}", "{{- ", " -}}", "(", ")", "|", ":=", "=", ",", ".", "..", "$", "$x", "$x.y",
    "\"", "`", "'", "/*", "*/", "{{/*", "*/}}", "end", "{{end}}", "{{ end }}", "{{else}}", "{{ else if }}",
    "if", "range", "with", "define", "template", "block", "break", "continue", "{{ break }}", "else", "nil",
    "true", " ", "\n", "\t", "\r\n", "-", "+", "0", "1", "1.5", "\\", "#", "@", "é", "\u{a0}", "\u{feff}",
    "\0", "%", "!", "{{ define \"x\" }}", "{{ template \"x\" }}", "{{ block \"b\" . }}", "{{ if 1 }}",
    "{{ range .l }}", "{{ $x := 1 }}", "{{ else with .m }}", ".x", "nope", "$nope", "(1)", "\"a\"", "'a'",
    "1i", "_", ":", "==", "&&",
];

pub(super) fn damaged(random: &mut Random, mut template: Vec<u8>) -> Vec<u8> {
    for _ in 0..random.between(1, 3) {
        let at = random.between(0, template.len());
        match random.below(7) {
            0 => template.truncate(at),
            1 => {
                let end = (at + random.between(1, 6)).min(template.len());
                template.drain(at..end);
            }
            2 if at < template.len() => template[at] = random.byte(),
            3 => {
                let end = (at + random.between(1, 12)).min(template.len());
                let copy = template[at..end].to_vec();
                let to = random.between(0, template.len());
                template.splice(to..to, copy);
            }
            4 if at + 1 < template.len() => template.swap(at, at + 1),
            _ => {
                let token = random.word(TOKENS).as_bytes().to_vec();
                template.splice(at..at, token);
            }
        }
    }
    template
}
