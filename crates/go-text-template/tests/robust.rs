//! No template and no data can exhaust the thread's stack, hang or panic, however deep or odd they are.

use std::time::{Duration, Instant};

use go_text_template::{
    CallError, Cause, ExecError, Function, Limits, List, Map, Render, TemplateSet, Type, Value, format,
};

/// Runs on a thread with a stack of 256 KiB, where any recursion over thousands of levels would abort.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(test);
    thread.expect("a small thread starts").join().expect("the test passes on the small stack");
}

fn render(template: &str, data: &Value) -> Result<String, String> {
    let mut set = TemplateSet::new().with_functions(functions());
    set.parse("t", template).map_err(|error| error.to_string())?;
    set.render("t", data).map_err(|error| error.to_string())
}

fn functions() -> Vec<Function> {
    vec![
        Function::new("list")
            .variadic(Type::Any)
            .returns(Type::slice(Type::Any))
            .body(|call| Ok(call.arguments().iter().map(|&item| item.clone()).collect::<List>())),
        Function::new("dict").returns(Type::map(Type::Any)).body(|_| Ok(Map::new::<&str>([]))),
        Function::new("set")
            .param(Type::map(Type::Any))
            .param(Type::String)
            .param(Type::Any)
            .returns(Type::String)
            .body(|call| {
                call.map(0)?.insert(call.str(1)?, call.argument(2).clone())?;
                Ok("")
            }),
        Function::new("include")
            .param(Type::String)
            .param(Type::Any)
            .returns(Type::String)
            .body(|call| Ok(Render::new(call.templates().clone(), call.str(0)?, call.argument(1).clone()))),
        Function::new("explode")
            .returns(Type::String)
            .body(|_| -> Result<Value, CallError> { std::panic::resume_unwind(Box::new("boom")) }),
    ]
}

#[test]
fn deeply_nested_structures_of_every_sort_parse_and_run() {
    on_a_small_stack(|| {
        let n = 20_000;
        for (open, close) in [
            ("{{ if true }}", "{{ end }}"),
            ("{{ with 1 }}", "{{ end }}"),
            ("{{ range 1 }}", "{{ end }}"),
            ("{{ if false }}{{ else }}", "{{ end }}"),
        ] {
            let template = format!("{}x{}", open.repeat(n), close.repeat(n));
            assert_eq!(render(&template, &Value::Nil).as_deref(), Ok("x"), "{open}");
        }
        let chain =
            format!("{{{{ if false }}}}{}{{{{ else }}}}x{{{{ end }}}}", "{{ else if false }}".repeat(n));
        assert_eq!(render(&chain, &Value::Nil).as_deref(), Ok("x"));
        let blocks = format!("{}x{}", "{{ block \"b\" 1 }}".repeat(n), "{{ end }}".repeat(n));
        assert!(render(&blocks, &Value::Nil).unwrap_err().contains("multiple definition of template \"b\""));
    });
}

#[test]
fn parentheses_nest_as_deep_as_in_go_and_no_deeper() {
    on_a_small_stack(|| {
        let nested = |n: usize| format!("{{{{ {}1{} }}}}", "(".repeat(n), ")".repeat(n));
        assert_eq!(render(&nested(10_000), &Value::Nil).as_deref(), Ok("1"));
        assert_eq!(
            render(&nested(10_001), &Value::Nil),
            Err("template: t:1: max expression depth exceeded".to_owned())
        );
        let failing = format!("{{{{ print {}nope .x{} }}}}", "(len ".repeat(9_000), ")".repeat(9_000));
        assert!(render(&failing, &Value::Nil).unwrap_err().contains("function \"nope\" not defined"));
        let error = format!("{{{{ {}.x.y{} }}}}", "(print ".repeat(9_000), ")".repeat(9_000));
        let data = Value::map([("x", 1)]);
        assert!(render(&error, &data).unwrap_err().ends_with("can't evaluate field y in type interface {}"));
    });
}

#[test]
fn templates_nest_as_deep_as_in_go_and_no_deeper() {
    on_a_small_stack(|| {
        let error = render("{{ template \"t\" . }}", &Value::from(1)).unwrap_err();
        assert!(error.ends_with("exceeded maximum template depth (100000)"), "{error}");
    });
}

#[test]
fn templates_run_by_functions_nest_without_the_threads_stack() {
    on_a_small_stack(|| {
        let mut set = TemplateSet::new().with_functions(functions());
        set.parse("t", "{{ include \"t\" . }}").unwrap();
        let limits = Limits { render_depth: 20_000, ..Limits::default() };
        let error = set.execution().limits(limits).render("t", &Value::Nil).unwrap_err();
        assert!(matches!(error.cause(), Cause::Exec(ExecError::RenderDepth { limit: 20_000 })));
        assert_eq!(error.places().count(), 20_001);
        assert!(error.to_string().starts_with(
            "template: t:1:3: executing \"t\" at <include \"t\" .>: error calling include: template: t:1:3:"
        ));
    });
}

#[test]
fn values_of_any_depth_print_up_to_the_limit_and_are_freed() {
    on_a_small_stack(|| {
        let deepen = "{{ $x := 1 }}{{ range 90000 }}{{ $x = list $x }}{{ end }}";
        let printed = render(&format!("{deepen}{{{{ print $x | len }}}}"), &Value::Nil);
        assert_eq!(printed.as_deref(), Ok("180001"));
        let deeper = "{{ $x := 1 }}{{ range 300000 }}{{ $x = list $x }}{{ end }}";
        assert_eq!(render(deeper, &Value::Nil).as_deref(), Ok(""), "freeing it takes no stack");
        let error = render(&format!("{deeper}{{{{ $x }}}}"), &Value::Nil).unwrap_err();
        assert!(
            error.ends_with("value is nested more than 100000 levels deep, or contains itself"),
            "{error}"
        );
        let mut map = Value::Nil;
        for _ in 0..300_000 {
            map = Value::map([("k", map)]);
        }
        drop(map);
    });
}

#[test]
fn a_map_that_contains_itself_ends_printing_with_an_error() {
    on_a_small_stack(|| {
        let cyclic = "{{ $m := dict }}{{ set $m \"self\" $m }}{{ len $m }}{{ $m.self.self.self | len }}";
        assert_eq!(render(cyclic, &Value::Nil).as_deref(), Ok("11"));
        let error = render(&format!("{cyclic}{{{{ $m }}}}"), &Value::Nil).unwrap_err();
        assert!(error.contains("contains itself"), "{error}");
        assert!(render(&format!("{cyclic}{{{{ printf \"%v\" $m }}}}"), &Value::Nil).is_err());
        assert!(render(&format!("{cyclic}{{{{ html $m }}}}"), &Value::Nil).is_err());
        assert!(render(&format!("{cyclic}{{{{ eq $m $m }}}}"), &Value::Nil).is_err());
    });
}

fn limited(template: &str, limits: Limits) -> ExecError {
    let mut set = TemplateSet::new().with_functions(functions());
    set.parse("t", template).expect("the template parses");
    let begun = Instant::now();
    let error = set.execution().limits(limits).render("t", &Value::Nil).expect_err("it is stopped");
    assert!(begun.elapsed() < Duration::from_secs(20), "stopped in time");
    match error.cause() {
        Cause::Exec(cause) => cause.clone(),
        Cause::Parse(cause) => panic!("{cause}"),
    }
}

#[test]
fn endless_templates_are_stopped() {
    let steps = Limits { steps: 100_000, ..Limits::default() };
    assert!(matches!(
        limited("{{ range 9223372036854775807 }}{{ end }}", steps),
        ExecError::Steps { limit: 100_000 }
    ));
    let doubling = "{{ define \"d\" }}{{ template \"d\" }}{{ template \"d\" }}{{ end }}{{ template \"d\" }}";
    assert!(matches!(limited(doubling, steps), ExecError::TemplateDepth { .. } | ExecError::Steps { .. }));
    let deadline = Limits { deadline: Some(Instant::now() + Duration::from_millis(50)), ..Limits::default() };
    assert!(matches!(limited("{{ range 9223372036854775807 }}{{ end }}", deadline), ExecError::Deadline));
}

#[test]
fn output_is_bounded_wherever_it_arises() {
    let limits = Limits { output: 10_000, ..Limits::default() };
    let doubled = "{{ $x := list 1 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}";
    for template in [
        "{{ range 100000 }}text{{ end }}".to_owned(),
        "{{ range 100000 }}{{ 1 }}{{ end }}".to_owned(),
        "{{ printf \"%99999d\" 1 }}".to_owned(),
        format!("{doubled}{{{{ $x }}}}"),
        format!("{doubled}{{{{ print $x }}}}"),
        format!("{doubled}{{{{ html $x }}}}"),
        "{{ define \"i\" }}{{ range 3000 }}x{{ end }}{{ end }}{{ range 9 }}{{ include \"i\" 1 }}{{ end }}"
            .to_owned(),
    ] {
        let error = limited(&template, limits);
        let text = error.to_string();
        assert!(text.ends_with("output exceeds the limit of 10000 bytes"), "{template}: {text}");
    }
}

#[test]
fn what_was_written_before_the_limit_is_no_longer_than_the_limit() {
    let long = "x".repeat(70);
    let data =
        Value::map([("text", Value::from(long.as_str())), ("list", Value::list([long.as_str(), "y"]))]);
    for template in
        [long.as_str(), "{{ .text }}", "{{ .list }}", "{{ printf `%99d` 1 }}", "{{ .text | print }}"]
    {
        let mut set = TemplateSet::new();
        set.parse("t", template).expect("the template parses");
        let mut out = b"before".to_vec();
        let limits = Limits { output: 50, ..Limits::default() };
        let rendered = set.execution().limits(limits).render_into("t", &data, &mut out);
        assert!(rendered.is_err() && out.len() <= 6 + 50, "{template}: {}", out.len());
    }
}

#[test]
fn a_recursion_with_many_variables_stops_before_it_takes_all_memory() {
    let variables: String = (0..1000).map(|i| format!("{{{{ $v{i} := 1 }}}}")).collect();
    let limits = Limits { stack: 1_000_000, ..Limits::default() };
    let error = limited(&format!("{variables}{{{{ template \"t\" }}}}"), limits);
    assert!(matches!(error, ExecError::Stack { limit: 1_000_000 }), "{error}");
}

#[test]
fn a_panicking_function_is_an_error_of_the_template() {
    assert_eq!(
        render("a{{ explode }}", &Value::Nil),
        Err("template: t:1:4: executing \"t\" at <explode>: error calling explode: boom".to_owned())
    );
}

#[test]
fn formats_may_ask_for_more_than_rust_would_give() {
    let print = |format: &str, value: Value| format::sprintf(format, &[&value]).unwrap().len();
    assert_eq!(print("%.100000f", Value::from(0.1)), 100_002);
    assert_eq!(print("%.100000e", Value::from(0.1)), 100_006);
    assert_eq!(print("%.100000g", Value::from(0.5)), 3);
    assert_eq!(print("%.100000x", Value::from(0.5)), 100_008);
    assert_eq!(print("%.100000U", Value::from(65)), 100_002);
    assert_eq!(print("%100000d", Value::from(1)), 100_000);
    assert_eq!(print("%.100000d", Value::from(1)), 100_000);
}

#[test]
fn what_functions_make_is_bounded_though_it_is_never_written() {
    let limits = Limits { made: 1 << 20, ..Limits::default() };
    for template in [
        "{{ $x := `0123456789abcdef` }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}",
        "{{ range 100000 }}{{ $x := printf `%1000d` . }}{{ end }}",
        "{{ range 100000 }}{{ $x := print `twenty-three bytes or more: ` . }}{{ end }}",
    ] {
        let error = limited(template, limits);
        assert!(matches!(error, ExecError::Made { limit: 1_048_576 }), "{template}: {error}");
    }
}
