//! Everything that the product's document promises has a test that exists: `docs/product.yaml` names them, and
//! `docs/product.md` is written from it (`UPDATE_DOCS=1 cargo test -p xtask --test product_promises`).

mod shown;

use std::collections::BTreeSet;

use shown::{Page, root};

const PAGE: Page = Page {
    name: "product",
    test: "product_promises",
    introduction: "# What the product's document promises, and what shows it\n\n\
         The sections are those of the product's document on its Kubernetes plugin; the promises are in our words. Each\n\
         names the tests that show it: behaviours of the end-to-end suite (`xtask/e2e`) run on the embedded cluster and on\n\
         real ones, the others with `cargo test`. Written from `product.yaml` beside this page.\n",
};

/// The document's sections, in its order.
const SECTIONS: [&str; 12] = [
    "3 Kubernetes Plugin",
    "3.1 Configuration",
    "3.1.1 Kubernetes Container Auto Configuration",
    "3.1.2 User and Group Profiles",
    "3.1.3 Modifying Jobs",
    "3.1.4 Kubernetes Object Templating",
    "3.1.4.1 Generating Templates",
    "3.1.4.2 Modifying Templates",
    "3.1.4.3 Examples",
    "3.1.4.4 Validating Templates",
    "3.2 Kubernetes Cluster Requirements",
    BEYOND,
];

/// What this plugin has besides.
const BEYOND: &str = "Beyond the document";

#[test]
fn every_promise_names_a_test_that_exists() {
    PAGE.check_tests();
}

#[test]
fn the_page_of_promises_is_what_the_data_says() {
    PAGE.check_text();
}

#[test]
fn the_sections_are_those_of_the_document_in_its_order() {
    let titles: Vec<String> = PAGE.sections().into_iter().map(|section| section.title).collect();
    assert_eq!(titles, SECTIONS);
}

/// The reference is made from the definitions of options and keys: what is defined is promised.
#[test]
fn every_option_and_every_key_of_a_profile_has_a_promise() {
    let reference = std::fs::read_to_string(root("docs/configuration.md")).expect("the reference");
    let defined: BTreeSet<&str> = reference
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name)
        .collect();
    assert!(defined.contains("api-url") && defined.contains("max-cpus"), "{defined:?}");
    let sections = PAGE.sections();
    let promised: BTreeSet<&str> = sections
        .iter()
        .flat_map(|section| &section.statements)
        .filter_map(|promise| promise.of.as_deref())
        .collect();
    let silent: Vec<&&str> = defined.difference(&promised).collect();
    assert!(silent.is_empty(), "no promise tells what these do: {silent:?}");
}
