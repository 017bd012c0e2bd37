//! What functions are declared to be: their examples hold, and each was put to Go.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use helm_template::{Declaration, Family, Mode, System, Templates, Value, helm_families, sprig_families};

fn render(mode: Mode, template: &str) -> String {
    let mut templates = Templates::with_world(mode, Arc::new(System));
    let added = templates.add("example", template);
    added.and_then(|()| templates.render("example", &Value::Nil)).unwrap_or_else(|error| error.to_string())
}

fn check_examples(mode: Mode, families: impl Iterator<Item = Family>) {
    let mut wrong = Vec::new();
    for function in families.flat_map(|family| family.functions) {
        for example in function.examples {
            let output = render(mode, example.template);
            if output != example.output {
                wrong.push(format!("{}\n  {output:?}\n  not {:?}", example.template, example.output));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_print_what_they_say() {
    check_examples(Mode::Helm, helm_families());
    check_examples(Mode::Sprig, sprig_families());
}

/// How many golden cases use each word.
fn uses() -> BTreeMap<String, usize> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut uses = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the cases are there").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("a file of cases is UTF-8");
        for line in text.lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect("a case is a JSON object");
            let template = case.get("template").and_then(serde_json::Value::as_str).unwrap_or_default();
            let mut words: Vec<&str> = template.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
            words.sort_unstable();
            words.dedup();
            for word in words {
                *uses.entry(word.to_owned()).or_default() += 1;
            }
        }
    }
    uses
}

fn row(function: &Declaration, uses: &BTreeMap<String, usize>) -> String {
    let names: Vec<String> = function.names.iter().map(|name| format!("`{name}`")).collect();
    let types: Vec<&str> =
        function.params.iter().chain(&function.rest).map(|p| p.shape.plain_name()).collect();
    let params: Vec<String> = function.params.iter().map(|param| param.name.to_owned()).collect();
    let rest = function.rest.iter().map(|rest| format!("{}…", rest.name));
    let params: Vec<String> = params.into_iter().chain(rest).collect();
    let mut described: Vec<String> =
        params.iter().zip(&types).map(|(name, of)| format!("*{name}* {of}")).collect();
    if described.is_empty() {
        described.push("–".to_owned());
    }
    let fails = if function.failures.is_empty() {
        String::new()
    } else {
        format!(" Fails when {}.", function.failures.join("; "))
    };
    let example = function.examples.first().map_or_else(String::new, |example| {
        let code =
            |text: &str| format!("`{}`", text.replace('|', "\\|").replace('\n', "⏎").replace('`', "´"));
        let output = if example.output.is_empty() { "nothing".to_owned() } else { code(example.output) };
        format!("{} gives {output}", code(example.template))
    });
    let cases: usize = function.names.iter().map(|name| uses.get(*name).copied().unwrap_or(0)).sum();
    format!(
        "| {} | {} | {} | {}{fails} | {example} | {cases} |\n",
        names.join(" "),
        described.join(", "),
        function.result.plain_name(),
        function.summary
    )
}

fn page() -> String {
    let uses = uses();
    let mut page = String::from(
        "# Functions\n\nMade from the declarations in `src/functions` by `UPDATE_REFERENCE=1 cargo test -p helm-template \
         --test declarations`; a test\nchecks that it is up to date. The last column counts the golden cases, answered by \
         Go, in which a function is used.\n`⏎` is a line break.\n",
    );
    let mut add = |family: &Family| {
        page.push_str(&format!(
            "\n## {}\n\n| names | arguments | result | what it does | example | cases |\n|---|---|---|---|---|---|\n",
            family.title
        ));
        for function in family.functions {
            page.push_str(&row(function, &uses));
        }
    };
    let helm: Vec<Family> = helm_families().collect();
    helm.iter().for_each(&mut add);
    // What Sprig has otherwise, or alone.
    let is_new = |family: &Family| !helm.iter().any(|known| known.title == family.title);
    sprig_families().filter(is_new).for_each(|family| add(&family));
    page
}

#[test]
fn the_reference_page_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("FUNCTIONS.md");
    let page = page();
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(&file, &page).expect("the page can be written");
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page, "run `UPDATE_REFERENCE=1 cargo test -p helm-template --test declarations`");
}

#[test]
fn every_function_was_put_to_go() {
    let uses = uses();
    let names =
        helm_families().chain(sprig_families()).flat_map(|family| family.functions).flat_map(|f| f.names);
    let untested: Vec<&&str> = names.filter(|name| !uses.contains_key(**name)).collect();
    assert!(untested.is_empty(), "no golden case uses {untested:?}");
}

#[test]
fn no_name_means_two_things_in_one_mode() {
    for families in [helm_families().collect::<Vec<_>>(), sprig_families().collect()] {
        let mut names: Vec<&str> = families
            .iter()
            .flat_map(|family| family.functions)
            .flat_map(|function| function.names)
            .copied()
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        assert!(all >= 211, "only {all} names");
    }
}
