//! What sections amount to, and what pointers set.

use std::path::Path;

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Rows of a file.
fn rows(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn pointers_set_what_the_file_says() {
    for row in rows(include_str!("cases/pointers.json")) {
        let pointer: Pointer = row["pointer"].as_str().unwrap().parse().unwrap();
        let mut document = row["document"].clone();
        match (pointer.set(&mut document, row["value"].clone()), row.get("fails")) {
            (Ok(()), None) => assert_eq!(document, row["gives"], "{}", row["says"]),
            (Err(error), Some(text)) => assert_eq!(error.to_string(), *text, "{}", row["says"]),
            (result, _) => panic!("{}: {result:?} {document}", row["says"]),
        }
    }
}

#[test]
fn what_is_no_pointer_is_refused() {
    assert_eq!("spec".parse::<Pointer>(), Err(PointerError::NoSlash));
    for text in ["/a~", "/~2", "/a/~x/b"] {
        assert_eq!(text.parse::<Pointer>(), Err(PointerError::Tilde), "{text}");
    }
}

#[test]
fn a_change_that_takes_away_what_the_plugin_needs_is_noticed() {
    const LABEL: &str = "the label by which the plugin finds its jobs";
    const CONTAINER: &str = "the container that runs the job";
    const ANNOTATIONS: &str = "the annotations that the job is read from after a restart";
    let main = json!({ "name": "rs-launcher-container" });
    for (pointer, value, lost) in [
        ("/spec/template/spec/hostAliases", json!([]), vec![]),
        ("/metadata/labels", json!({ "a": "b" }), vec![LABEL]),
        ("/metadata/labels", json!({ "app.kubernetes.io/managed-by": "launcher" }), vec![]),
        ("/metadata/labels/a", json!("b"), vec![]),
        ("/metadata/labels/app.kubernetes.io~1managed-by", json!("me"), vec![LABEL]),
        ("/metadata/annotations/a", json!("b"), vec![]),
        ("/metadata/annotations/launchway.dev~1job", json!("b"), vec![ANNOTATIONS]),
        ("/spec/template/metadata/annotations/USER_TAG_0", json!("b"), vec![ANNOTATIONS]),
        ("/spec/template/metadata/annotations", json!({}), vec![ANNOTATIONS]),
        ("/spec/template/spec/containers", json!([{ "name": "mine" }]), vec![CONTAINER]),
        ("/spec/template/spec/containers", json!([{ "name": "side" }, main]), vec![]),
        ("/spec/template/spec/containers/-", json!({ "name": "side" }), vec![]),
        ("/spec/template/spec/containers/0", json!({ "name": "mine" }), vec![CONTAINER]),
        ("/spec/template/spec/containers/0/name", json!("mine"), vec![CONTAINER]),
        ("/spec/template/spec/containers/0/securityContext", json!({}), vec![]),
        ("/spec/template/spec/restartPolicy", json!("Always"), vec!["the rule that a job runs only once"]),
    ] {
        assert_eq!(lost_needs(&pointer.parse().unwrap(), &value), lost, "{pointer} {value}");
    }
    assert_eq!(lost_needs(&"".parse().unwrap(), &json!({})).len(), 5);
}

fn place(line: usize) -> FileLine {
    FileLine { path: Path::new("profiles").into(), line }
}

fn audience() -> impl Strategy<Value = Audience> {
    prop_oneof![Just(Audience::Everyone), "[ab]".prop_map(Audience::Group), "[uv]".prop_map(Audience::User),]
}

/// Whether a section sets CPUs, memory or images, each to the number of its line.
fn sections() -> impl Strategy<Value = Vec<Section>> {
    let one = (audience(), any::<[bool; 3]>());
    proptest::collection::vec(one, 0..8).prop_map(|sections| {
        let section = |(line, (audience, [cpus, memory, images])): (usize, (Audience, [bool; 3]))| {
            let mut profile = Profile::default();
            if cpus {
                profile.max_cpus = Given::at(place(line), line as f64);
            }
            if memory {
                profile.max_mem_mb = Given::at(place(line), line as f64);
            }
            if images {
                profile.container_images = Given::at(place(line), vec![line.to_string()]);
            }
            Section { audience, profile }
        };
        sections.into_iter().enumerate().map(|(at, one)| section((at + 1, one))).collect()
    })
}

proptest! {
    /// Said another way than it is done: of all lines that concern the user, the last one counts.
    #[test]
    fn the_last_line_that_concerns_a_user_is_the_one_that_counts(
        sections in sections(), name in "[uvw]", groups in proptest::collection::vec("[abc]", 0..3)
    ) {
        let effective = Profiles::new(sections.clone()).effective(Person::User { name: &name, groups: &groups });
        let last = |set: fn(&Profile) -> Option<&FileLine>| {
            let mine = sections.iter().rev().filter(|section| match &section.audience {
                Audience::Everyone => true,
                Audience::Group(group) => groups.contains(group),
                Audience::User(user) => *user == name,
            });
            mine.filter_map(|section| set(&section.profile)).next()
        };
        prop_assert_eq!(effective.max_cpus.place.as_ref(), last(|profile| profile.max_cpus.place.as_ref()));
        prop_assert_eq!(effective.max_mem_mb.place.as_ref(), last(|profile| profile.max_mem_mb.place.as_ref()));
        let images = last(|profile| profile.container_images.place.as_ref());
        prop_assert_eq!(effective.container_images.place.as_ref(), images);
        let line = effective.max_cpus.place.as_ref().map_or(0.0, |place| place.line as f64);
        prop_assert_eq!(effective.max_cpus.value, line);
    }

    #[test]
    fn nobody_in_particular_is_concerned_by_sections_for_everyone_alone(sections in sections()) {
        let everyone = sections.iter().filter(|section| section.audience == Audience::Everyone).cloned().collect();
        let anyone = |sections| Profiles::new(sections).effective(Person::Anyone);
        prop_assert_eq!(anyone(sections), anyone(everyone));
    }

    #[test]
    fn what_a_pointer_sets_is_found_there(names in proptest::collection::vec("[a-z/~-]{0,3}", 0..4), value in 0..9) {
        let escaped = names.iter().map(|name| format!("/{}", name.replace('~', "~0").replace('/', "~1")));
        let text: String = escaped.collect();
        prop_assume!(!names.iter().any(|name| name == "-"));
        let mut document = Value::Null;
        text.parse::<Pointer>().unwrap().set(&mut document, json!(value)).unwrap();
        prop_assert_eq!(document.pointer(&text), Some(&json!(value)));
    }
}
