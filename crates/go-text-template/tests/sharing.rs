//! Parsing once and running often: from many threads, with clones that grow apart, with functions that run templates.

use std::sync::atomic::{AtomicUsize, Ordering};

use go_text_template::{
    CallError, Cause, Error, ExecError, Function, Map, MissingKey, Render, TemplateSet, Type, Value,
};

fn assert_shareable<T: Send + Sync>() {}

#[test]
fn sets_values_and_errors_go_between_threads() {
    assert_shareable::<TemplateSet>();
    assert_shareable::<Value>();
    assert_shareable::<Error>();
}

#[test]
fn one_set_runs_in_many_threads_at_once_over_the_same_data() {
    let mut set = TemplateSet::new();
    set.parse("t", "{{ range $i, $x := .items }}{{ $i }}:{{ $x.name }};{{ end }}").unwrap();
    let items = (0..50).map(|i| Value::map([("name", format!("n{i}"))]));
    let data = Value::map([("items", Value::list(items))]);
    let expected = set.render("t", &data).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..200 {
                    assert_eq!(set.render("t", &data).unwrap(), expected);
                }
            });
        }
    });
}

#[test]
fn a_map_changed_by_one_thread_is_whole_for_all_others() {
    let map = Map::new((0..100).map(|i| (format!("k{i:02}"), Value::from(i))));
    let mut set = TemplateSet::new();
    set.parse("t", "{{ range $k, $v := . }}{{ $v }},{{ end }}").unwrap();
    let data = Value::Map(map.clone());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for i in 0..500 {
                map.insert(format!("k{:02}", i % 100), Value::from(i % 100)).expect("no nil map");
            }
        });
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(set.render("t", &data).expect("it runs").matches(',').count(), 100);
                }
            });
        }
    });
}

#[test]
fn a_clone_grows_without_the_original() {
    let mut set = TemplateSet::new();
    set.parse("t", "{{ template \"part\" }}").unwrap();
    let mut other = set.clone();
    other.parse("part", "added").unwrap();
    assert_eq!(other.render("t", &Value::Nil).unwrap(), "added");
    assert!(set.render("t", &Value::Nil).is_err());
    assert_eq!((set.names(), other.names()), (vec!["t".to_owned()], vec!["part".to_owned(), "t".to_owned()]));
}

/// Parses a text in a clone of the set and runs it there, as Helm's `tpl` does.
fn tpl() -> Function {
    Function::new("tpl").param(Type::String).param(Type::Any).returns(Type::String).body(|call| {
        let mut set = call.templates().clone();
        let text = call.str(0)?;
        set.parse("inner", text)
            .map_err(|error| CallError::within(format!("cannot parse template {text:?}: "), error))?;
        Ok(Render::new(set, "inner", call.argument(1).clone()))
    })
}

#[test]
fn a_function_may_parse_and_run_texts_that_see_the_sets_templates() {
    let mut set = TemplateSet::new().with_functions([tpl()]);
    set.parse(
        "t",
        "{{ define \"d\" }}<{{ . }}>{{ end }}{{ tpl .text . }}|{{ tpl `{{ $x := 1 }}{{ $x }}` 1 }}",
    )
    .unwrap();
    let data = Value::map([("text", "{{ template \"d\" 5 }}{{ tpl `{{ .text | len }}` . }}")]);
    assert_eq!(set.render("t", &data).unwrap(), "<5>51|1");
    assert!(!set.contains("inner"));
}

#[test]
fn errors_of_templates_run_by_functions_tell_every_place() {
    let mut set = TemplateSet::new().with_functions([tpl()]);
    set.parse("t", "\n{{ tpl `{{ len 3 }}` 1 }}").unwrap();
    let error = set.render("t", &Value::Nil).unwrap_err();
    assert_eq!(
        error.to_string(),
        "template: t:2:3: executing \"t\" at <tpl `{{ len 3 }}` 1>: error calling tpl: \
         template: inner:1:3: executing \"inner\" at <len 3>: error calling len: len of type int"
    );
    assert_eq!(error.places().map(|place| place.file.as_str()).collect::<Vec<_>>(), ["t", "inner"]);
    assert_eq!((error.place().line, error.origin().line), (2, 1));

    set.parse("bad", "{{ tpl `{{ nope }}` 1 }}").unwrap();
    assert_eq!(
        set.render("bad", &Value::Nil).unwrap_err().to_string(),
        "template: bad:1:3: executing \"bad\" at <tpl `{{ nope }}` 1>: error calling tpl: \
         cannot parse template \"{{ nope }}\": template: inner:1: function \"nope\" not defined"
    );
}

#[test]
fn a_function_may_hold_an_error_up_and_go_on() {
    let attempt = Function::new("try").param(Type::String).returns(Type::String).body(|call| {
        let render = Render::new(call.templates().clone(), call.str(0)?, Value::Nil);
        Ok(render.then(|result| {
            Ok(match result {
                Ok(text) => Value::String(text.into()),
                Err(error) => Value::from(format!("({})", error.cause())),
            })
        }))
    });
    let mut set = TemplateSet::new().with_functions([attempt]);
    set.parse("fails", "half{{ range 2 }}{{ with 1 }}{{ index 1 2 }}{{ end }}{{ end }}").unwrap();
    set.parse("t", "{{ range $i := 2 }}{{ $i }}{{ try \"fails\" }}{{ end }}{{ try \"none\" }}").unwrap();
    let held = "(error calling index: can't index item of type int)";
    let missing = "(\"none\" is an incomplete or empty template)";
    assert_eq!(set.render("t", &Value::Nil).unwrap(), format!("0{held}1{held}{missing}"));
}

#[test]
fn functions_find_what_the_host_hands_to_a_rendering() {
    let count = Function::new("count").returns(Type::Int).body(|call| {
        let counter = call.context::<AtomicUsize>().ok_or_else(|| CallError::new("no counter"))?;
        Ok(counter.fetch_add(1, Ordering::Relaxed))
    });
    let mut set = TemplateSet::new().with_functions([count]);
    set.parse("t", "{{ count }}{{ count }}").unwrap();
    let counter = AtomicUsize::new(5);
    assert_eq!(set.execution().context(&counter).render("t", &Value::Nil).unwrap(), "56");
    assert!(
        set.render("t", &Value::Nil).unwrap_err().to_string().ends_with("error calling count: no counter")
    );
}

#[test]
fn a_hosts_function_takes_the_place_of_a_built_in_one() {
    let len = Function::new("len").param(Type::Any).returns(Type::String).body(|_| Ok("mine"));
    let stop = Function::new("break").returns(Type::String).body(|_| Ok("a function now"));
    let mut set = TemplateSet::new().with_functions([len, stop]);
    set.parse("t", "{{ len 1 }} {{ break }}").unwrap();
    assert_eq!(set.render("t", &Value::Nil).unwrap(), "mine a function now");
}

#[test]
fn hints_name_what_is_near() {
    let hint = |template: &str| {
        let mut set = TemplateSet::new().with_missing_key(MissingKey::Error);
        let data = Value::map([("metadata", Value::map([("name", "x")]))]);
        let error = match set.parse("t", template) {
            Err(error) => error,
            Ok(()) => set.render("t", &data).unwrap_err(),
        };
        error.hint()
    };
    assert_eq!(hint("{{ pritnf 1 }}").as_deref(), Some("did you mean `printf`?"));
    assert_eq!(hint("{{ $value := 1 }}{{ $vlaue }}").as_deref(), Some("did you mean `$value`?"));
    assert_eq!(hint("{{ .metadta }}").as_deref(), Some("did you mean `metadata`?"));
    assert_eq!(
        hint("{{ define \"row\" }}{{ end }}{{ template \"rwo\" }}").as_deref(),
        Some("did you mean `row`?")
    );
    assert!(hint("{{ .a-b }}").is_some_and(|hint| hint.contains("index")));
}

#[test]
fn a_field_of_nil_names_the_key_that_is_not_there() {
    let hint = |template: &str| {
        let mut set = TemplateSet::new().with_missing_key(MissingKey::Zero);
        let data = Value::map([("metadata", Value::map([("name", Value::from("x")), ("null", Value::Nil)]))]);
        set.parse("t", template).unwrap();
        set.render("t", &data).unwrap_err().hint().unwrap()
    };
    assert_eq!(hint("{{ .metadta.name }}"), "there is no `metadta`: did you mean `metadata`?");
    assert_eq!(hint("{{ $m := .metadata }}{{ $m.nmae.first }}"), "there is no `nmae`: did you mean `name`?");
    assert_eq!(hint("{{ .metadata.owner.name }}"), "there is no `owner`: guard it with `if` or `with`");
    assert!(hint("{{ .metadata.null.first }}").starts_with("what `.first` is read from may be missing"));
}

#[test]
fn output_written_before_an_error_stays() {
    let mut set = TemplateSet::new();
    set.parse("t", "before{{ index 1 2 }}after").unwrap();
    let mut out = b"kept ".to_vec();
    let error = set.execution().render_into("t", &Value::Nil, &mut out).unwrap_err();
    assert!(matches!(error.cause(), Cause::Exec(ExecError::Call { .. })));
    assert_eq!(out, b"kept before");
}
