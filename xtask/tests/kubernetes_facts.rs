//! Every fact about Kubernetes that the plugin relies on has a test that exists: `docs/kubernetes.yaml` names them, and
//! `docs/kubernetes.md` is written from it (`UPDATE_DOCS=1 cargo test -p xtask --test kubernetes_facts`).

mod shown;

use shown::{Page, root};

const PAGE: Page = Page {
    name: "kubernetes",
    test: "kubernetes_facts",
    introduction: "# What Kubernetes does, and how the plugin deals with it\n\n\
         Seen on real clusters (1.37 and 1.30) with the rights of the product's guide. Each fact names the file that deals\n\
         with it and the tests that show it: behaviours of the end-to-end suite (`xtask/e2e`) run on the embedded cluster and\n\
         on real ones. Written from `kubernetes.yaml` beside this page.\n",
};

#[test]
fn every_fact_names_a_test_that_exists() {
    PAGE.check_tests();
}

#[test]
fn every_fact_names_a_file_that_handles_it() {
    let sections = PAGE.sections();
    let unhandled: Vec<&str> = sections
        .iter()
        .flat_map(|section| &section.statements)
        .filter(|fact| !fact.handled.as_deref().is_some_and(|file| root(file).exists()))
        .map(|fact| fact.text.as_str())
        .collect();
    assert!(unhandled.is_empty(), "{unhandled:#?}");
}

#[test]
fn the_page_of_facts_is_what_the_data_says() {
    PAGE.check_text();
}
