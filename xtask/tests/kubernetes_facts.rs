//! Every fact about Kubernetes that the plugin relies on has a test that exists: `docs/kubernetes.yaml` names them, and
//! `docs/kubernetes.md` is written from it (`UPDATE_DOCS=1 cargo test -p xtask --test kubernetes_facts`).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    section: String,
    facts: Vec<Fact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    /// What Kubernetes does.
    fact: String,
    /// The file in which the plugin deals with it.
    handled: String,
    shown: Vec<Shown>,
}

/// Where a fact is shown: the file of a test, and a text of it: the name of a test, of a case, or a behaviour's sentence.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    file: String,
    test: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sections() -> Vec<Section> {
    let text = std::fs::read_to_string(root().join("docs/kubernetes.yaml")).expect("docs/kubernetes.yaml");
    serde_saphyr::from_str(&text).expect("a list of sections")
}

#[test]
fn every_fact_names_a_file_that_handles_it_and_a_test_that_exists() {
    let mut wrong = Vec::new();
    for fact in sections().iter().flat_map(|section| &section.facts) {
        if !root().join(&fact.handled).exists() {
            wrong.push(format!("{}: there is no {}", fact.fact, fact.handled));
        }
        if fact.shown.is_empty() {
            wrong.push(format!("{}: nothing shows it", fact.fact));
        }
        for shown in &fact.shown {
            let text = std::fs::read_to_string(root().join(&shown.file)).unwrap_or_default();
            if !text.contains(&shown.test) {
                wrong.push(format!("{}: {} has no '{}'", fact.fact, shown.file, shown.test));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_page_of_facts_is_what_the_data_says() {
    let mut page = String::from(
        "# What Kubernetes does, and how the plugin deals with it\n\n\
         Seen on real clusters (1.37 and 1.30) with the rights of the product's guide. Each fact names the file that deals\n\
         with it and the tests that show it: behaviours of the end-to-end suite (`xtask/e2e`) run on the embedded cluster and\n\
         on real ones. Written from `kubernetes.yaml` beside this page.\n",
    );
    for section in sections() {
        let _ = write!(page, "\n## {}\n", section.section);
        for fact in section.facts {
            let _ = write!(page, "\n- {}\n  Handled in `{}`.\n", fact.fact, fact.handled);
            for shown in fact.shown {
                let _ = writeln!(page, "  - `{}`: {}", shown.file, shown.test.replace('_', " "));
            }
        }
    }
    let file = root().join("docs/kubernetes.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, &page).expect("the page is written");
    }
    let found = std::fs::read_to_string(&file).expect("docs/kubernetes.md");
    assert!(found == page, "docs/kubernetes.md is old: UPDATE_DOCS=1 cargo test -p xtask writes it anew");
}
